/**
 * Exact Shapley values by enumeration of all coalitions of the players that differ, for any scorer. The game is
 * interventional: v(S) = mean over background rows b of f(x on S, b off S). A player whose encoded columns are equal
 * in x and b changes nothing in that row's game and is left out of it, so its share there is exactly 0.
 */
import type { ModelCard } from '../prediction/card.ts';
import type { RawRow } from '../prediction/inputs.ts';
import { encodeRows } from '../prediction/registry.ts';
import type { Scorer } from '../prediction/scorer.ts';

export interface Game {
  /** v of nobody: the mean answer over the background. */
  readonly base: number;
  /** The answer for x. */
  readonly full: number;
  /** One value per player of the card, in its order; base + sum = full. */
  readonly values: Float64Array;
}

export interface Games {
  readonly margin: Game;
  readonly value: Game;
}

/** Composite rows scored in one call: bounds memory and the time that the event loop is held. */
const ROWS_PER_CALL = 16_384;

/** Column indices of each player. */
function playerColumns(card: ModelCard): number[][] {
  return card.players.map((player) => card.columns.flatMap((column, index) => (player.inputs.includes(column.input) ? [index] : [])));
}

function differing(players: readonly number[][], x: Float32Array, b: Float32Array): number[] {
  return players.flatMap((columns, player) => (columns.some((column) => x[column] !== b[column]) ? [player] : []));
}

/** The 2^k composite rows of one background row; bit i of the row's number set: player `active[i]` is taken from x. */
function fillComposites(
  players: readonly number[][],
  active: readonly number[],
  x: Float32Array,
  b: Float32Array,
  into: Float32Array,
  from: number,
): void {
  const width = x.length;
  for (let coalition = 0; coalition < 2 ** active.length; coalition += 1) {
    const offset = (from + coalition) * width;
    into.set(b, offset);
    for (const [bit, player] of active.entries()) {
      if (((coalition >> bit) & 1) === 0) continue;
      for (const column of players[player] ?? []) into[offset + column] = x[column] ?? 0;
    }
  }
}

/** |S|! (k-|S|-1)! / k! for every size of S. */
function weights(k: number): number[] {
  const weight: number[] = [1 / Math.max(k, 1)];
  for (let size = 1; size < k; size += 1) weight.push(((weight[size - 1] ?? 0) * size) / (k - size));
  return weight;
}

function popcount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

/** Adds one background row's Shapley values, from its 2^k scores starting at `from`. */
function addShapley(active: readonly number[], scores: Float64Array, from: number, into: Float64Array): void {
  const k = active.length;
  const weight = weights(k);
  for (let coalition = 0; coalition < 2 ** k; coalition += 1) {
    const size = popcount(coalition);
    for (const [bit, player] of active.entries()) {
      if ((coalition >> bit) & 1) continue;
      const gain = (scores[from + (coalition | (1 << bit))] ?? 0) - (scores[from + coalition] ?? 0);
      into[player] = (into[player] ?? 0) + (weight[size] ?? 0) * gain;
    }
  }
}

interface Sums {
  base: number;
  full: number;
  readonly values: Float64Array;
}

const empty = (players: number): Sums => ({ base: 0, full: 0, values: new Float64Array(players) });

function addRow(sums: Sums, active: readonly number[], scores: Float64Array, from: number): void {
  sums.base += scores[from] ?? 0;
  sums.full += scores[from + 2 ** active.length - 1] ?? 0;
  addShapley(active, scores, from, sums.values);
}

function mean(sums: Sums, rows: number): Game {
  return { base: sums.base / rows, full: sums.full / rows, values: sums.values.map((value) => value / rows) };
}

/**
 * The games on the margin and in the unit of the answer, from one pass over the model.
 * @param x the row to explain
 * @param background the reference rows; for a contrast in time, the one row before
 */
export async function enumerateGames(card: ModelCard, scorer: Scorer, x: RawRow, background: readonly RawRow[]): Promise<Games> {
  const players = playerColumns(card);
  const width = card.columns.length;
  const encodedX = encodeRows(card, [x]);
  const encoded = encodeRows(card, background);
  const rows = background.map((_, index) => {
    const b = encoded.subarray(index * width, (index + 1) * width);
    return { b, active: differing(players, encodedX, b) };
  });
  const margin = empty(players.length);
  const value = empty(players.length);
  for (let start = 0; start < rows.length; ) {
    let count = 0;
    let end = start;
    for (let next = rows[end]; next && (count === 0 || count + 2 ** next.active.length <= ROWS_PER_CALL); next = rows[end]) {
      count += 2 ** next.active.length;
      end += 1;
    }
    const batch = rows.slice(start, end);
    const columns = new Float32Array(count * width);
    let from = 0;
    const places = batch.map(({ b, active }) => {
      const place = from;
      fillComposites(players, active, encodedX, b, columns, place);
      from += 2 ** active.length;
      return place;
    });
    const scores = await scorer.score(columns, count);
    for (const [index, { active }] of batch.entries()) {
      addRow(margin, active, scores.margin, places[index] ?? 0);
      addRow(value, active, scores.value, places[index] ?? 0);
    }
    start = end;
  }
  return { margin: mean(margin, rows.length), value: mean(value, rows.length) };
}
