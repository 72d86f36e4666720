/** The patient's own parameters from the levels: the mode of the posterior, and its covariance there. */
import { inverse, Matrix, solve } from 'ml-matrix';
import { THOMSON } from '../equations/thomson2009.ts';
import { courseOf, type DosingRecord, errorVariance } from './dosing.ts';

const PRECISION = inverse(new Matrix(THOMSON.omega.map((row) => [...row])));
const COUNT = THOMSON.omega.length;

export interface MapEstimate {
  readonly etas: readonly number[];
  /** Covariance of the etas at the mode, from the curvature of the posterior. */
  readonly covariance: readonly (readonly number[])[];
  /** Another mode of which the levels say nearly as much; null where there is none. */
  readonly rival: readonly number[] | null;
}

/**
 * -2 log posterior without its constants, as NONMEM's conditional estimation with interaction takes it: the error's variance
 * is that of the patient's own prediction.
 */
function objective(records: readonly DosingRecord[], etas: readonly number[]): number {
  const { concentrations } = courseOf(records, etas);
  let total = 0;
  for (const [index, { kind, level }] of records.entries()) {
    if (kind !== 'level') continue;
    const predicted = concentrations[index] as number;
    const variance = errorVariance(predicted);
    total += (level - predicted) ** 2 / variance + Math.log(variance);
  }
  for (const [row, eta] of etas.entries()) for (const [column, other] of etas.entries()) total += eta * PRECISION.get(row, column) * other;
  return total;
}

const STEP = 1e-4;

const moved = (etas: readonly number[], ...steps: readonly (readonly [index: number, by: number])[]) => {
  const next = [...etas];
  for (const [index, by] of steps) next[index] = (next[index] as number) + by;
  return next;
};

function slopes(of: (etas: readonly number[]) => number, at: readonly number[]): number[] {
  return at.map((_, index) => (of(moved(at, [index, STEP])) - of(moved(at, [index, -STEP]))) / (2 * STEP));
}

function curvature(of: (etas: readonly number[]) => number, at: readonly number[]): number[][] {
  const here = of(at);
  return at.map((_, i) =>
    at.map((__, j) => {
      if (i === j) return (of(moved(at, [i, STEP])) - 2 * here + of(moved(at, [i, -STEP]))) / STEP ** 2;
      const same = of(moved(at, [i, STEP], [j, STEP])) + of(moved(at, [i, -STEP], [j, -STEP]));
      const opposite = of(moved(at, [i, STEP], [j, -STEP])) + of(moved(at, [i, -STEP], [j, STEP]));
      return (same - opposite) / (4 * STEP ** 2);
    }),
  );
}

const MAX_ITERATIONS = 100;
const CONVERGED = 1e-9;
const MAX_DAMPING = 1e9;

/** Newton's method, damped until the objective falls (Levenberg and Marquardt). */
function modeFrom(start: readonly number[], of: (etas: readonly number[]) => number): number[] {
  let at = [...start];
  let here = of(at);
  let damping = 1e-3;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const slope = Matrix.columnVector(slopes(of, at));
    const bend = new Matrix(curvature(of, at));
    let next = at;
    let there = Number.POSITIVE_INFINITY;
    for (; !(there < here) && damping < MAX_DAMPING; damping *= 10) {
      const step = solve(Matrix.add(bend, Matrix.mul(Matrix.eye(COUNT), damping)), slope).to1DArray();
      next = at.map((eta, index) => eta - (step[index] as number));
      there = of(next);
    }
    if (!(there < here)) return at;
    const gained = here - there;
    [at, here] = [next, there];
    damping /= 1000;
    if (gained < CONVERGED) return at;
  }
  return at;
}

/** The typical patient: what is taken where no level tells otherwise. */
const NOTHING_KNOWN = [0, 0, 0, 0];

/**
 * Where the search starts: the typical patient, and such with a small and a large peripheral volume, which levels tell least
 * of, so that the posterior may have a mode for each.
 */
const STARTS: readonly (readonly number[])[] = [NOTHING_KNOWN, [0, 0, -0.5, 1], [0, 0, 0.5, -1.5]];

/** Difference of -2 log posterior up to which another mode is told: about a third as probable. */
const NEARLY = 2;
const APART = 0.05;

/** The mode for all levels among the records; without any, the typical patient and the spread between people. */
export function mapEstimate(records: readonly DosingRecord[]): MapEstimate {
  if (!records.some(({ kind }) => kind === 'level')) return { etas: NOTHING_KNOWN, covariance: THOMSON.omega, rival: null };
  const of = (etas: readonly number[]) => objective(records, etas);
  const modes = STARTS.map((start) => modeFrom(start, of)).sort((a, b) => of(a) - of(b));
  const [etas = NOTHING_KNOWN] = modes;
  const covariance = Matrix.mul(inverse(new Matrix(curvature(of, etas))), 2).to2DArray();
  const rival = modes.find((one) => of(one) - of(etas) < NEARLY && one.some((eta, index) => Math.abs(eta - (etas[index] ?? 0)) > APART));
  return { etas, covariance, rival: rival ?? null };
}
