/**
 * Shapley values by sampling, where there are too many players to enumerate: antithetic pairs of random orders (each order
 * and its reverse), every background row in turn, with the standard error of each value. Sums are exact: each order's
 * gains add up to the answer less the background's.
 */
import { randomNumbers } from '../../prediction/randomNumbers.ts';
import type { Game } from './enumeration.ts';

export interface SampledGame extends Game {
  /** Standard error of each value, from how the pairs of orders of each background row differ. */
  readonly standardErrors: Float64Array;
}

export interface Sampling {
  readonly players: readonly (readonly number[])[];
  readonly row: Float64Array;
  readonly background: readonly Float64Array[];
  readonly score: (row: Float64Array) => number;
  /** Pairs of orders for each background row. */
  readonly pairs: number;
  readonly seed: number;
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
}

/** What each player of one order adds when it joins, from the background row to the row. */
function addOrder({ players, row, score }: Sampling, order: Iterable<number>, b: Float64Array, start: number, into: Float64Array): void {
  const mixed = b.slice();
  let before = start;
  for (const player of order) {
    let changed = false;
    for (const column of players[player] ?? []) {
      changed ||= !Object.is(mixed[column], row[column]);
      mixed[column] = row[column] as number;
    }
    if (!changed) continue;
    const after = score(mixed);
    into[player] = (into[player] as number) + after - before;
    before = after;
  }
}

/** Mean and squared deviations of what pairs of orders give, one after another (Welford). */
class Spread {
  #count = 0;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;

  constructor(players: number) {
    this.#mean = new Float64Array(players);
    this.#squares = new Float64Array(players);
  }

  add(values: Float64Array): void {
    this.#count += 1;
    for (const [player, value] of values.entries()) {
      const before = value - (this.#mean[player] as number);
      this.#mean[player] = (this.#mean[player] as number) + before / this.#count;
      this.#squares[player] = (this.#squares[player] as number) + before * (value - (this.#mean[player] as number));
    }
  }

  /** Of one pair nothing is known: it counts as no variance. */
  variances(): Float64Array {
    return this.#squares.map((total) => total / Math.max(1, this.#count - 1));
  }
}

/** One row's game, sampled. */
export function sampleGame(sampling: Sampling): SampledGame {
  const { players, row, background, score, pairs, seed } = sampling;
  const random = randomNumbers(seed);
  const order = players.map((_, player) => player);
  const sum = new Float64Array(players.length);
  /** Sum over the background rows of the variance of the pairs of each: the rows themselves are all asked, none is sampled. */
  const spread = new Float64Array(players.length);
  let base = 0;
  for (const b of background) {
    const start = score(b);
    base += start;
    const own = new Spread(players.length);
    for (let pair = 0; pair < pairs; pair += 1) {
      shuffle(order, random);
      const gains = new Float64Array(players.length);
      addOrder(sampling, order, b, start, gains);
      addOrder(sampling, [...order].reverse(), b, start, gains);
      const halves = gains.map((gain) => gain / 2);
      own.add(halves);
      for (const [player, half] of halves.entries()) sum[player] = (sum[player] as number) + half;
    }
    for (const [player, variance] of own.variances().entries()) spread[player] = (spread[player] as number) + variance;
  }
  const values = sum.map((total) => total / (background.length * pairs));
  const standardErrors = spread.map((total) => Math.sqrt(total / pairs) / background.length);
  return { base: base / background.length, full: score(row), values, interactions: null, standardErrors };
}
