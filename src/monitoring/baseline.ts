/**
 * What is usual for one patient: the median of the last weeks and the spread around it, by the median absolute deviation, which a
 * few outliers do not move (Leys et al., J Exp Soc Psychol 2013, 49, 764: three of them is the conservative bound).
 */
import { groupBy } from '../groupBy.ts';
import { median } from '../median.ts';
import type { Observation } from '../patients/record.ts';

export const BASELINE_VERDICTS = ['USUAL', 'ABOVE', 'BELOW', 'CANNOT_TELL'] as const;
export type BaselineVerdict = (typeof BASELINE_VERDICTS)[number];

export interface Baseline {
  readonly code: string;
  readonly label: string;
  /** UCUM. */
  readonly unit: string | null;
  /** The measurement that is held against the others: the last one. */
  readonly latest: Observation;
  /** How many earlier measurements there are, and on how many days (UTC). */
  readonly count: number;
  readonly days: number;
  /** Of the earlier ones; null where they are too few. */
  readonly median: number | null;
  /** Median less and plus three deviations. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many deviations the last one lies from the median. */
  readonly deviations: number | null;
  readonly verdict: BaselineVerdict;
  /** What would settle it; null where it is settled. */
  readonly needs: string | null;
}

/** Fewer than this say nothing of what is usual. */
const LEAST = 10;
const LEAST_DAYS = 3;
const BOUND = 3;
/** The deviation of a normal distribution is so many median absolute deviations. */
const TO_DEVIATION = 1.4826;
const DAY_LENGTH = 10;

/** What the earlier ones lack to say what is usual; null where they are enough. */
function lacking(count: number, days: number): string | null {
  if (count >= LEAST && days >= LEAST_DAYS) return null;
  return `${LEAST} earlier measurements on ${LEAST_DAYS} days; there are ${count} on ${days}`;
}

/** @param series measurements of one code with a value, the oldest first */
function baselineOf(series: readonly Observation[]): Baseline | null {
  const latest = series.at(-1);
  if (latest?.value == null) return null;
  const earlier = series.slice(0, -1);
  const [count, days] = [earlier.length, new Set(earlier.map(({ observedAt }) => observedAt.slice(0, DAY_LENGTH))).size];
  const about = { code: latest.code, label: latest.label, unit: latest.unit, latest, count, days };
  const untold = { median: null, low: null, high: null, deviations: null, verdict: 'CANNOT_TELL' } as const;
  const needs = lacking(count, days);
  if (needs !== null) return { ...about, ...untold, needs };
  const values = earlier.map(({ value }) => value as number);
  const middle = median(values);
  const deviation = TO_DEVIATION * median(values.map((value) => Math.abs(value - middle)));
  if (deviation === 0) return { ...about, ...untold, median: middle, needs: 'measurements that differ: most are the same' };
  const [low, high] = [middle - BOUND * deviation, middle + BOUND * deviation];
  const verdict = latest.value > high ? 'ABOVE' : latest.value < low ? 'BELOW' : 'USUAL';
  return { ...about, median: middle, low, high, deviations: (latest.value - middle) / deviation, verdict, needs: null };
}

/**
 * One for each code and unit that was measured with a number, by code.
 * @param observations in the order of measurement; flagged ones left out
 */
export function baselinesOf(observations: readonly Observation[], codes: readonly string[] | null = null): Baseline[] {
  const measured = observations.filter(({ value, code }) => value !== null && (!codes || codes.includes(code)));
  const bySeries = groupBy(measured, ({ code, unit }) => `${code} ${unit}`);
  return [...bySeries.keys()].sort().flatMap((series) => baselineOf(bySeries.get(series) ?? []) ?? []);
}
