/** What a model's card says to the questions of a reporting standard. What it does not say is NOT_AVAILABLE, never filled in. */
import type { ModelCard } from './card.ts';

export type Availability = 'PROVIDED' | 'NOT_AVAILABLE' | 'NOT_APPLICABLE';

/** What cannot exist for a model. */
export const NONE = Symbol('not applicable');

/** Text of an answer; none where the card does not say it. */
export type CardAnswer = string | null | undefined | typeof NONE;

export interface CardStatement {
  readonly availability: Availability;
  readonly text: string;
}

export const isEquation = ({ artifact }: ModelCard) => 'equation' in artifact;
/** Texts one after the other; null where there are none. */
export const listed = (texts: readonly string[], between = '; ') => texts.map((text) => text.replace(/\.$/, '')).join(between) || null;

export function groupsInWords({ subgroups }: ModelCard): string | null {
  return listed(
    subgroups.map(
      ({ by, level, n, verdict }) => `${by} ${level}: ${n === null ? 'not shown' : `n = ${n}`}${verdict ? `, ${verdict}` : ''}`,
    ),
  );
}

export const approachToFairness = ({ subgroups }: ModelCard) =>
  subgroups.length === 0 ? null : 'Figures by group with a verdict on each gap; groups under 11 people are not shown';

export function shown(answer: CardAnswer): CardStatement {
  if (answer === NONE) return { availability: 'NOT_APPLICABLE', text: 'A published equation is not fitted here.' };
  if (answer == null) return { availability: 'NOT_AVAILABLE', text: 'The card does not say it.' };
  return { availability: 'PROVIDED', text: answer };
}
