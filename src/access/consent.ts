/** What a patient agreed to, as it stands at a time. */
import type { Consent, ConsentPurpose } from '../patients/record.ts';

type Category = Consent['category'];

const isInForce = ({ from, until }: Consent, at: string) => from <= at && (until === null || until > at);

/** The consent that stands for exactly this purpose and category: of those in force the one that was said last, whenever it began; null for none. */
function standing(consents: readonly Consent[], purpose: ConsentPurpose, category: Category, at: string): Consent | null {
  let last: Consent | null = null;
  for (const one of consents) {
    if (one.openedBy !== null || one.purpose !== purpose || one.category !== category || !isInForce(one, at)) continue;
    const isLater = last === null || one.recordedAt > last.recordedAt || (one.recordedAt === last.recordedAt && one.from >= last.from);
    if (isLater) last = one;
  }
  return last;
}

/**
 * Whether data may be used for a purpose. Care is agreed to unless it was refused; research only where it was granted. What is said
 * of all data holds for a category unless something stands for that category; what is refused for all is refused for each.
 */
export function agrees(consents: readonly Consent[], purpose: ConsentPurpose, category: Category, at: string): boolean {
  const all = standing(consents, purpose, 'ALL', at)?.granted ?? purpose !== 'RESEARCH';
  if (!all || category === 'ALL') return all;
  return standing(consents, purpose, category, at)?.granted ?? all;
}

/** The refusal of exactly this purpose and category that stands now, or will at some time to come; null for none. */
export function refusalAhead(consents: readonly Consent[], purpose: ConsentPurpose, category: Category, now: string): Consent | null {
  const times = consents.flatMap(({ from, until }) => [from, until ?? '']).filter((time) => time > now);
  for (const time of [now, ...times]) {
    const stands = standing(consents, purpose, category, time);
    if (stands && !stands.granted) return stands;
  }
  return null;
}

/** Whether somebody has opened the record in an emergency that lasts. */
export function hasOpened(consents: readonly Consent[], actor: string, at: string): boolean {
  return consents.some((one) => one.openedBy === actor && isInForce(one, at));
}

/** When what is agreed to may next be otherwise, by the clock alone; null for never. */
export function nextChange(consents: readonly Consent[], at: string): string | null {
  const times = consents.flatMap(({ from, until }) => [from, until ?? '']).filter((time) => time > at);
  return times.sort()[0] ?? null;
}
