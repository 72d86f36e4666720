/** Where a patient is, as it was recorded move by move (observation `patient-unit`), and the stay in intensive care that follows from it. */
import type { Observation } from './record.ts';

/** Units as they are recorded; `not in hospital` ends a stay in hospital. */
export const UNITS = [
  'medical intensive care',
  'surgical intensive care',
  'other intensive care',
  'other hospital unit',
  'not in hospital',
] as const;
export type Unit = (typeof UNITS)[number];

const INTENSIVE: ReadonlySet<string> = new Set(UNITS.slice(0, 3));
const NOT_IN_HOSPITAL: Unit = 'not in hospital';

export interface StayPlace {
  /** The unit that the patient is in now. */
  readonly unit: Unit;
  /** Since when in intensive care, of whichever kind, without a break. */
  readonly since: string;
  /** Since when in hospital, as far as it was recorded. */
  readonly hospitalSince: string;
}

/** A stay in intensive care with what was measured during it, the oldest first; flagged values left out. */
export interface IntensiveStay extends StayPlace {
  readonly observations: readonly Observation[];
}

export const isIntensive = (unit: string | null): boolean => unit !== null && INTENSIVE.has(unit);

/** The first of the last moves in a row of which all fit. */
function since(moves: readonly Observation[], fits: (unit: string) => boolean): string | null {
  const other = moves.findLastIndex(({ text }) => text === null || !fits(text));
  return moves[other + 1]?.observedAt ?? null;
}

/** The stay that the last of the moves, which are given oldest first, is part of; null where it is none. */
export function stayAfter(moves: readonly Observation[]): StayPlace | null {
  const [start, hospitalSince] = [since(moves, isIntensive), since(moves, (unit) => unit !== NOT_IN_HOSPITAL)];
  if (start === null || hospitalSince === null) return null;
  return { unit: moves.at(-1)?.text as Unit, since: start, hospitalSince };
}
