/**
 * Shapley values by sampling, where there are too many players to enumerate: antithetic pairs of random orders (each order
 * and its reverse), every background row in turn, with the standard error of each value. Sums are exact: each order's
 * gains add up to the answer less the background's.
 */
import { randomNumbers } from '../../prediction/randomNumbers.ts';
import type { Game } from './enumeration.ts';

export interface SampledGame extends Game {
  /** Standard error of each value, from the pairs of orders. */
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

/** One row's game, sampled. */
export function sampleGame(sampling: Sampling): SampledGame {
  const { players, row, background, score, pairs, seed } = sampling;
  const random = randomNumbers(seed);
  const order = players.map((_, player) => player);
  const sum = new Float64Array(players.length);
  const squares = new Float64Array(players.length);
  let base = 0;
  for (const b of background) {
    const start = score(b);
    base += start;
    for (let pair = 0; pair < pairs; pair += 1) {
      shuffle(order, random);
      const gains = new Float64Array(players.length);
      addOrder(sampling, order, b, start, gains);
      addOrder(sampling, [...order].reverse(), b, start, gains);
      for (const [player, gain] of gains.entries()) {
        sum[player] = (sum[player] as number) + gain / 2;
        squares[player] = (squares[player] as number) + (gain / 2) ** 2;
      }
    }
  }
  const count = background.length * pairs;
  const values = sum.map((total) => total / count);
  const variance = (player: number) => Math.max(0, (squares[player] as number) / count - (values[player] as number) ** 2);
  const standardErrors = values.map((_, player) => Math.sqrt(variance(player) / Math.max(1, count - 1)));
  return { base: base / background.length, full: score(row), values, interactions: null, standardErrors };
}
