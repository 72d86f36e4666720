/**
 * Interventional Shapley values of trees: v(S) is the mean over the background rows b of the tree at (x on S, b off S).
 * For a leaf, a row fails some of the players on its path. A leaf counts in the game of (x, b) only where no player fails
 * for both; with a players failed by b and c failed by x, each of the a gains w (a-1)! c! / (a+c)! and each of the c loses
 * w a! (c-1)! / (a+c)!. What a leaf gives x depends on which players x fails alone, so it is summed over the background
 * once, in a table of 2^d rows of d numbers (Woodelf, arXiv 2511.09376): after that the cost of a row does not depend on
 * how large the background is.
 */
import type { PathTree } from './unfold.ts';
import { gainShare, sizeOf } from './weights.ts';

/** Where the tables of a tree's leaves lie, and whom they are about. */
export interface TableLayout {
  /** Start of each leaf edge's table; -1 at other edges. */
  readonly start: Int32Array;
  /** Players of a leaf's path by slot, from `first[edge]`; `count[edge]` of them. */
  readonly first: Int32Array;
  readonly count: Uint8Array;
  readonly players: Int32Array;
  /** Numbers in all tables. */
  readonly size: number;
}

export interface LeafTables extends TableLayout {
  /** For every leaf, for every set of players that x fails (as bits), one number per player of its path. */
  readonly numbers: Float64Array;
}

/** Players on a path up to which a leaf may have a table: 2^12 rows of 12 numbers are 393 kB. */
const MAX_TABLE_PLAYERS = 12;

/** The layout of a tree's tables; null where a path is too long for one. */
export function tableLayout(tree: PathTree): TableLayout | null {
  if (tree.depth > MAX_TABLE_PLAYERS) return null;
  const start = new Int32Array(tree.edges).fill(-1);
  const first = new Int32Array(tree.edges);
  const count = new Uint8Array(tree.edges);
  const players: number[] = [];
  let size = 0;
  for (let edge = 0; edge < tree.edges; edge += 1) {
    if (tree.isLeaf[edge] !== 1) continue;
    const own: number[] = [];
    for (let up = edge; up >= 0; up = tree.parent[up] as number) own[tree.slot[up] as number] = tree.player[up] as number;
    start[edge] = size;
    first[edge] = players.length;
    count[edge] = own.length;
    players.push(...own);
    size += 2 ** own.length * own.length;
  }
  return { start, first, count, players: Int32Array.from(players), size };
}

/** For every edge, the players on the way there that a row fails, as bits by slot. */
export function failedPlayers({ edges, parent, split, exit, slot }: PathTree, exits: Uint16Array, into: Int32Array): void {
  for (let edge = 0; edge < edges; edge += 1) {
    const up = parent[edge] as number;
    const above = up < 0 ? 0 : (into[up] as number);
    into[edge] = exits[split[edge] as number] === exit[edge] ? above : above | (1 << (slot[edge] as number));
  }
}

/** Adds what background rows that fail `failed` give at a leaf, for every set of players that x may fail. */
function addToTable(numbers: Float64Array, start: number, players: number, failed: number, weight: number): void {
  const a = sizeOf(failed);
  const others = (2 ** players - 1) & ~failed;
  for (let byRow = others; ; byRow = (byRow - 1) & others) {
    const c = sizeOf(byRow);
    const gain = a === 0 ? 0 : weight * gainShare(a, c);
    const loss = c === 0 ? 0 : weight * gainShare(c, a);
    const at = start + byRow * players;
    for (let slot = 0; slot < players; slot += 1) {
      if ((failed >> slot) & 1) numbers[at + slot] = (numbers[at + slot] as number) + gain;
      else if ((byRow >> slot) & 1) numbers[at + slot] = (numbers[at + slot] as number) - loss;
    }
    if (byRow === 0) break;
  }
}

/**
 * The tables of a tree.
 * @param background the exits that each background row takes at the tree's splits
 */
export function buildTables(tree: PathTree, layout: TableLayout, background: readonly Uint16Array[]): LeafTables {
  const { start, count } = layout;
  const numbers = new Float64Array(layout.size);
  const failures = background.map((exits) => {
    const failed = new Int32Array(tree.edges);
    failedPlayers(tree, exits, failed);
    return failed;
  });
  const counts = new Float64Array(2 ** tree.depth);
  for (let edge = 0; edge < tree.edges; edge += 1) {
    if (tree.isLeaf[edge] !== 1 || tree.value[edge] === 0) continue;
    counts.fill(0);
    for (const failed of failures) {
      const mask = failed[edge] as number;
      counts[mask] = (counts[mask] as number) + 1;
    }
    const own = count[edge] as number;
    const unit = (tree.value[edge] as number) / background.length;
    for (let mask = 0; mask < 2 ** own; mask += 1)
      if (counts[mask] !== 0) addToTable(numbers, start[edge] as number, own, mask, unit * (counts[mask] as number));
  }
  return { ...layout, numbers };
}

/**
 * Adds a tree's values for one row from its tables.
 * @param exits the row's exit at each split
 * @param failed room for one number per edge
 * @returns the value of the leaf that the row falls into: the one on whose path it fails nobody
 */
export function addFromTables(tree: PathTree, tables: LeafTables, exits: Uint16Array, failed: Int32Array, into: Float64Array): number {
  failedPlayers(tree, exits, failed);
  const { start, first, count, players, numbers } = tables;
  let answer = 0;
  for (let edge = 0; edge < tree.edges; edge += 1) {
    const from = start[edge] as number;
    if (from < 0) continue;
    const own = count[edge] as number;
    if (failed[edge] === 0) answer = tree.value[edge] as number;
    const at = from + (failed[edge] as number) * own;
    const named = first[edge] as number;
    for (let slot = 0; slot < own; slot += 1) {
      const player = players[named + slot] as number;
      into[player] = (into[player] as number) + (numbers[at + slot] as number);
    }
  }
  return answer;
}
