/**
 * Interventional Shapley values of trees: v(S) is the mean over the background rows b of the tree at (x on S, b off S).
 * For a leaf, a row fails some of the players on its path. A leaf counts in the game of (x, b) only where no player fails
 * for both; with a players failed by b and c failed by x, each of the a gains w (a-1)! c! / (a+c)! and each of the c loses
 * w a! (c-1)! / (a+c)!. What a leaf gives x depends on which players x fails alone, so it is summed over the background
 * once, in a table of 2^d rows of d numbers (Woodelf, arXiv 2511.09376): after that the cost of a row does not depend on
 * how large the background is.
 */
import type { PathTree } from './unfold.ts';
import { gainShare } from './weights.ts';

export interface LeafTables {
  /** Start of each leaf edge's table in `numbers`; -1 at other edges. */
  readonly start: Int32Array;
  /** Players of a leaf's path by slot, from `first[edge]`; `count[edge]` of them. */
  readonly first: Int32Array;
  readonly count: Uint8Array;
  readonly players: Int32Array;
  /** For every leaf, for every set of players that x fails (as bits), one number per player of its path. */
  readonly numbers: Float64Array;
}

/** Players on a path up to which a leaf may have a table: 2^12 rows of 12 numbers are 393 kB. */
const MAX_TABLE_PLAYERS = 12;

/** Numbers that the tables of a tree take; infinite where a path is too long for one. */
export function tableSize(tree: PathTree): number {
  if (tree.depth > MAX_TABLE_PLAYERS) return Number.POSITIVE_INFINITY;
  const { count } = leafPlayers(tree);
  let size = 0;
  for (let edge = 0; edge < tree.edges; edge += 1)
    if (tree.isLeaf[edge] === 1) size += 2 ** (count[edge] as number) * (count[edge] as number);
  return size;
}

function leafPlayers(tree: PathTree): Pick<LeafTables, 'first' | 'count' | 'players'> {
  const first = new Int32Array(tree.edges);
  const count = new Uint8Array(tree.edges);
  const players: number[] = [];
  for (let edge = 0; edge < tree.edges; edge += 1) {
    if (tree.isLeaf[edge] !== 1) continue;
    first[edge] = players.length;
    const own: number[] = [];
    for (let up = edge; up >= 0; up = tree.parent[up] as number) own[tree.slot[up] as number] = tree.player[up] as number;
    count[edge] = own.length;
    players.push(...own);
  }
  return { first, count, players: Int32Array.from(players) };
}

/** For every edge, the players on the way there that a row fails, as bits by slot. */
export function failedPlayers({ edges, parent, split, exit, slot }: PathTree, exits: Uint16Array, into: Int32Array): void {
  for (let edge = 0; edge < edges; edge += 1) {
    const up = parent[edge] as number;
    const above = up < 0 ? 0 : (into[up] as number);
    into[edge] = exits[split[edge] as number] === exit[edge] ? above : above | (1 << (slot[edge] as number));
  }
}

function bitsOf(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Adds what background rows that fail `failed` give at a leaf, for every set of players that x may fail. */
function addToTable(numbers: Float64Array, start: number, players: number, failed: number, weight: number): void {
  const a = bitsOf(failed);
  const others = (2 ** players - 1) & ~failed;
  for (let byRow = others; ; byRow = (byRow - 1) & others) {
    const c = bitsOf(byRow);
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
export function buildTables(tree: PathTree, background: readonly Uint16Array[]): LeafTables {
  const { first, count, players } = leafPlayers(tree);
  const start = new Int32Array(tree.edges).fill(-1);
  let size = 0;
  for (let edge = 0; edge < tree.edges; edge += 1) {
    if (tree.isLeaf[edge] !== 1) continue;
    start[edge] = size;
    size += 2 ** (count[edge] as number) * (count[edge] as number);
  }
  const numbers = new Float64Array(size);
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
  return { start, first, count, players, numbers };
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
