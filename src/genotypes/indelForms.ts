/**
 * The ways in which callers write one insertion or deletion. A change within a repeat can be written at any place of the
 * repeat; our tables have it leftmost, as VCF wants it, and its HGVS name has it rightmost (HGVS 3' rule). The two
 * together tell the reference bases between, so that every form between them is recognised.
 */
import type { Position } from './definitions.ts';

export interface VariantForm {
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
}

/** Without the bases that ref and alt share, at the end first; one base stays before an insertion or deletion. */
export function trimmed({ position, ref, alt }: VariantForm): VariantForm {
  let end = 0;
  while (end < Math.min(ref.length, alt.length) - 1 && ref[ref.length - 1 - end] === alt[alt.length - 1 - end]) end += 1;
  const [a, b] = [ref.slice(0, ref.length - end), alt.slice(0, alt.length - end)];
  let start = 0;
  while (start < Math.min(a.length, b.length) - 1 && a[start] === b[start]) start += 1;
  return { position: position + start, ref: a.slice(start), alt: b.slice(start) };
}

/** Last base that the change may come after, from its HGVS name; null where the name has no place to read. */
function rightmostAnchor(hgvs: string, deleted: number, inserted: number): number | null {
  const repeat = /^g\.(\d+)([ACGT]+)\[(\d+)\]$/.exec(hgvs);
  if (repeat) {
    const [, start = '', unit = '', count = ''] = repeat;
    const end = Number(start) + unit.length * Number(count) + deleted - inserted - 1;
    return end - deleted;
  }
  const place = /^g\.(\d+)(?:_(\d+))?(del|dup|ins)/.exec(hgvs);
  if (!place) return null;
  const [, first = '', last = first, kind] = place;
  if (kind === 'del') return Number(first) - 1;
  return kind === 'dup' ? Number(last) : Number(first);
}

/** A reference base that the tables tell; undefined where they do not. */
export type KnownBase = (position: number) => string | undefined;

/** Every form of the change from `ref` to one of its alternatives, the form of the table among them. */
export function formsOf({ position, ref, alts, hgvs }: Position, alternative: number, known: KnownBase = () => undefined): VariantForm[] {
  const alt = alts[alternative] ?? ref;
  const own = trimmed({ position, ref, alt });
  const deleted = own.ref.length - 1;
  const inserted = own.alt.length - 1;
  const simple = own.ref[0] === own.alt[0] && deleted + inserted > 0 && (deleted === 0 || inserted === 0);
  if (!simple) return [own];
  // Within the repeat every base is the one a period before it; the first period is the changed sequence itself.
  const changed = (deleted > 0 ? own.ref : own.alt).slice(1);
  const base = (at: number) =>
    at === own.position ? (own.ref[0] as string) : (changed[(at - own.position - 1) % changed.length] as string);
  let last = Math.max(own.position, rightmostAnchor(hgvs[alternative] ?? '', deleted, inserted) ?? 0);
  // Not every HGVS name in use is rightmost: bases that other positions tell carry on.
  while (known(last + 1 + deleted) === base(last + 1 + deleted)) last += 1;
  if (last === own.position) return [own];
  const between = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => base(from + index)).join('');
  return Array.from({ length: last - own.position + 1 }, (_, shift) => {
    const at = own.position + shift;
    const long = between(at, at + changed.length);
    return deleted > 0 ? { position: at, ref: long, alt: base(at) } : { position: at, ref: base(at), alt: long };
  });
}
