/**
 * Exact Shapley values by enumeration of all coalitions of the players that differ, for anything that scores rows. The
 * game is interventional: v(S) = mean over background rows b of f(x on S, b off S). A player whose columns are equal in x
 * and b changes nothing in that row's game and is left out of it, so its share there is exactly 0.
 */
import { AvicennaError } from '../../errors.ts';
import { gainShare, sizeOf } from './weights.ts';

export interface Game {
  /** v of nobody: the mean answer over the background. */
  readonly base: number;
  /** The answer for x. */
  readonly full: number;
  /** One value per player; base + sum = full. */
  readonly values: Float64Array;
  /** Players x players where they were asked for: half of each pair's effect, each line adds up to its value. */
  readonly interactions: Float64Array | null;
}

type Columns = Float32Array | Float64Array;

export interface Enumeration<C extends Columns> {
  /** Column numbers of each player; together all columns. */
  readonly players: readonly (readonly number[])[];
  readonly row: C;
  /** Rows one after the other. */
  readonly background: C;
  readonly allocate: (length: number) => C;
  /** Scores a number of rows; one list for each game that is played. */
  readonly score: (columns: C, rows: number) => Promise<readonly Float64Array[]> | readonly Float64Array[];
  readonly interactions?: boolean;
}

/** Players that may differ between x and a background row: 2^16 rows are scored for each background row. */
export const MAX_DIFFERING = 16;
/** Composite rows scored in one call: bounds memory and the time that the event loop is held. */
const ROWS_PER_CALL = 4_096;

const differs = (a: number, b: number) => a !== b && !(Number.isNaN(a) && Number.isNaN(b));

function differing(players: readonly (readonly number[])[], x: Columns, b: Columns): number[] {
  return players.flatMap((columns, player) =>
    columns.some((column) => differs(x[column] as number, b[column] as number)) ? [player] : [],
  );
}

/** The 2^k composite rows of one background row; bit i of the row's number set: player `active[i]` is taken from x. */
function fillComposites(
  players: readonly (readonly number[])[],
  active: readonly number[],
  x: Columns,
  b: Columns,
  into: Columns,
  from: number,
): void {
  const width = x.length;
  for (let coalition = 0; coalition < 2 ** active.length; coalition += 1) {
    const offset = (from + coalition) * width;
    into.set(b, offset);
    for (const [bit, player] of active.entries()) {
      if (((coalition >> bit) & 1) === 0) continue;
      for (const column of players[player] ?? []) into[offset + column] = x[column] as number;
    }
  }
}

/** Adds one background row's Shapley values, from its 2^k scores starting at `from`. */
function addShapley(active: readonly number[], scores: Float64Array, from: number, into: Float64Array): void {
  const k = active.length;
  for (let coalition = 0; coalition < 2 ** k; coalition += 1) {
    const size = sizeOf(coalition);
    const weight = size === k ? 0 : gainShare(size + 1, k - size - 1);
    for (const [bit, player] of active.entries()) {
      if ((coalition >> bit) & 1) continue;
      const gain = (scores[from + (coalition | (1 << bit))] as number) - (scores[from + coalition] as number);
      into[player] = (into[player] as number) + weight * gain;
    }
  }
}

/** Adds half the effect of each pair: sum over S of |S|! (k-|S|-2)! / (k-1)! times what the pair does together. */
function addInteractions(active: readonly number[], players: number, scores: Float64Array, from: number, into: Float64Array): void {
  const k = active.length;
  const at = (coalition: number) => scores[from + coalition] as number;
  for (let coalition = 0; coalition < 2 ** k; coalition += 1) {
    const size = sizeOf(coalition);
    if (size > k - 2) continue;
    const weight = gainShare(size + 1, k - size - 2) / 2;
    for (const [i, first] of active.entries()) {
      for (const [j, second] of active.entries()) {
        if (i === j || (coalition >> i) & 1 || (coalition >> j) & 1) continue;
        const together = at(coalition | (1 << i) | (1 << j)) - at(coalition | (1 << i)) - at(coalition | (1 << j)) + at(coalition);
        into[first * players + second] = (into[first * players + second] as number) + weight * together;
      }
    }
  }
}

/** The diagonal makes each line of an interaction matrix sum to its player's value. */
export function fillDiagonal(values: Float64Array, interactions: Float64Array): void {
  const players = values.length;
  for (let player = 0; player < players; player += 1) {
    let others = 0;
    for (let other = 0; other < players; other += 1) if (other !== player) others += interactions[player * players + other] as number;
    interactions[player * players + player] = (values[player] as number) - others;
  }
}

interface Sums {
  base: number;
  full: number;
  readonly values: Float64Array;
  readonly interactions: Float64Array | null;
}

function mean({ base, full, values, interactions }: Sums, rows: number): Game {
  const own = values.map((value) => value / rows);
  const pairs = interactions?.map((value) => value / rows) ?? null;
  if (pairs) fillDiagonal(own, pairs);
  return { base: base / rows, full: full / rows, values: own, interactions: pairs };
}

function addRow(sums: Sums, active: readonly number[], scores: Float64Array, from: number): void {
  sums.base += scores[from] as number;
  sums.full += scores[from + 2 ** active.length - 1] as number;
  addShapley(active, scores, from, sums.values);
  if (sums.interactions) addInteractions(active, sums.values.length, scores, from, sums.interactions);
}

/**
 * One game for each list that `score` gives, from one pass over the model.
 * @throws AvicennaError METHOD_NOT_AVAILABLE where more players differ than can be enumerated
 */
export async function enumerateGames<C extends Columns>(asked: Enumeration<C>): Promise<Game[]> {
  const { players, row: x, background, allocate, score } = asked;
  const width = x.length;
  const count = background.length / width;
  const rows = Array.from({ length: count }, (_, index) => {
    const b = background.subarray(index * width, (index + 1) * width) as C;
    return { b, active: differing(players, x, b) };
  });
  if (rows.some(({ active }) => active.length > MAX_DIFFERING))
    throw new AvicennaError(
      'METHOD_NOT_AVAILABLE',
      `More than ${MAX_DIFFERING} inputs differ from a background row: exact values would need over ${2 ** MAX_DIFFERING} rows to be scored for each.`,
      '--method',
    );
  const empty = (): Sums => ({
    base: 0,
    full: 0,
    values: new Float64Array(players.length),
    interactions: asked.interactions ? new Float64Array(players.length ** 2) : null,
  });
  const games: Sums[] = [];
  for (let start = 0; start < rows.length; ) {
    let size = 0;
    let end = start;
    for (let next = rows[end]; next && (size === 0 || size + 2 ** next.active.length <= ROWS_PER_CALL); next = rows[end]) {
      size += 2 ** next.active.length;
      end += 1;
    }
    const columns = allocate(size * width);
    let from = 0;
    const places = rows.slice(start, end).map(({ b, active }) => {
      const place = { active, from };
      fillComposites(players, active, x, b, columns, from);
      from += 2 ** active.length;
      return place;
    });
    const scores = await score(columns, size);
    for (const [game, list] of scores.entries()) {
      games[game] ??= empty();
      for (const place of places) addRow(games[game], place.active, list, place.from);
    }
    start = end;
  }
  return games.map((sums) => mean(sums, rows.length));
}
