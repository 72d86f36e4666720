/**
 * The interventional values without tables: the row goes down a tree together with the whole background, which parts where
 * its rows leave a split by different exits. Rows of the background that parted alike stay together, so that a leaf is
 * settled once for all of them. Exact, needs no memory to speak of, and costs more the larger the background is: for trees
 * whose tables would not fit.
 */
import type { Ensemble } from '../onnx/ensemble.ts';
import { exitOf, type PathTree } from './unfold.ts';
import { gainShare } from './weights.ts';

/** Who decided a player on the way down: nobody yet, the row, or the background. */
const FREE = 0;
const ROW = 1;
const BACKGROUND = 2;

export interface BackgroundWalk {
  readonly ensemble: Ensemble;
  readonly tree: PathTree;
  /** First edge of the split below an edge, at `edge + 1`; -1 at a leaf. The root's is the first. Edges of a split are neighbours. */
  readonly firstChild: Int32Array;
  readonly background: readonly Float64Array[];
  /** Numbers of the background rows; those that are together stand together. */
  readonly order: Int32Array;
  readonly decided: Uint8Array;
}

export function backgroundWalk(ensemble: Ensemble, tree: PathTree, background: readonly Float64Array[], players: number): BackgroundWalk {
  const firstChild = new Int32Array(tree.edges + 1).fill(-1);
  for (let edge = tree.edges - 1; edge >= 0; edge -= 1) firstChild[(tree.parent[edge] as number) + 1] = edge;
  const order = Int32Array.from(background, (_, index) => index);
  return { ensemble, tree, firstChild, background, order, decided: new Uint8Array(players) };
}

/** Puts the rows between `from` and `to` that leave a split by an exit first; returns where the others begin. */
function part({ ensemble, tree, background, order }: BackgroundWalk, split: number, exit: number, from: number, to: number): number {
  const { plain, feature, threshold } = tree.tests;
  const isPlain = plain[split] === 1;
  const column = feature[split] as number;
  const limit = threshold[split] as number;
  let place = from;
  for (let at = from; at < to; at += 1) {
    const index = order[at] as number;
    const row = background[index] as Float64Array;
    const own = isPlain ? ((row[column] as number) <= limit ? 1 : 0) : exitOf(ensemble, tree, split, row);
    if (own !== exit) continue;
    order[at] = order[place] as number;
    order[place] = index;
    place += 1;
  }
  return place;
}

interface Going {
  readonly walk: BackgroundWalk;
  readonly row: Float64Array;
  /** One value per player. */
  readonly values: Float64Array;
  /** What each player that only the row follows gains by the leaves passed so far, and what the others lose. */
  gain: number;
  loss: number;
  /** Called at each leaf with the part of the background that comes here; null where only values are asked for. */
  readonly atLeaf: ((leaf: number, share: number, byRow: number, byBackground: number) => void) | null;
}

/** The background goes on by each of its exits but one. */
function byOwnExits(going: Going, edge: number, but: number, from: number, to: number, byRow: number, byBackground: number): void {
  const { walk } = going;
  const first = walk.firstChild[edge + 1] as number;
  const split = walk.tree.split[first] as number;
  const exits = (walk.tree.splits[split] as { exits: readonly number[] }).exits.length;
  let start = from;
  for (let exit = 0; exit < exits && start < to; exit += 1) {
    if (exit === but) continue;
    const end = part(walk, split, exit, start, to);
    if (end > start) descend(going, first + exit, start, end, byRow, byBackground);
    start = end;
  }
}

function settle(going: Going, leaf: number, count: number, byRow: number, byBackground: number): void {
  const { tree, background } = going.walk;
  const value = ((tree.value[leaf] as number) * count) / background.length;
  if (byRow > 0) going.gain += value * gainShare(byRow, byBackground);
  if (byBackground > 0) going.loss += value * gainShare(byBackground, byRow);
  going.atLeaf?.(leaf, value, byRow, byBackground);
}

/** Both ways that a player can be decided where the row and some of the background part: it gets the sum of each. */
function decide(going: Going, edge: number, exit: number, from: number, to: number, byRow: number, byBackground: number): void {
  const { walk, values, gain } = going;
  const first = walk.firstChild[edge + 1] as number;
  const player = walk.tree.player[first] as number;
  going.gain = 0;
  walk.decided[player] = ROW;
  descend(going, first + exit, from, to, byRow + 1, byBackground);
  values[player] = (values[player] as number) + going.gain;
  going.gain += gain;
  const { loss } = going;
  going.loss = 0;
  walk.decided[player] = BACKGROUND;
  byOwnExits(going, edge, exit, from, to, byRow, byBackground + 1);
  values[player] = (values[player] as number) - going.loss;
  going.loss += loss;
  walk.decided[player] = FREE;
}

function descend(going: Going, edge: number, from: number, to: number, byRow: number, byBackground: number): void {
  const { walk, row } = going;
  const { tree, decided } = walk;
  const first = walk.firstChild[edge + 1] as number;
  if (first < 0) {
    settle(going, edge, to - from, byRow, byBackground);
    return;
  }
  const split = tree.split[first] as number;
  const state = decided[tree.player[first] as number];
  if (state === BACKGROUND) {
    byOwnExits(going, edge, -1, from, to, byRow, byBackground);
    return;
  }
  const exit = exitOf(walk.ensemble, tree, split, row);
  if (state === ROW) {
    descend(going, first + exit, from, to, byRow, byBackground);
    return;
  }
  const differ = part(walk, split, exit, from, to);
  if (differ > from) descend(going, first + exit, from, differ, byRow, byBackground);
  if (differ < to) decide(going, edge, exit, differ, to, byRow, byBackground);
}

/** Adds a tree's values for one row; returns the value of the leaf that it falls into. */
export function walkValues(walk: BackgroundWalk, row: Float64Array, into: Float64Array): number {
  descend({ walk, row, values: into, gain: 0, loss: 0, atLeaf: null }, -1, 0, walk.order.length, 0, 0);
  const { ensemble, tree, firstChild } = walk;
  let edge = -1;
  for (let first = firstChild[0] as number; first >= 0; first = firstChild[edge + 1] as number)
    edge = first + exitOf(ensemble, tree, tree.split[first] as number, row);
  return tree.value[edge] as number;
}

/** Players on the way to a leaf that are decided, each once. */
function decidedOn({ tree, decided }: BackgroundWalk, leaf: number): number[] {
  const found: number[] = [];
  for (let edge = leaf; edge >= 0; edge = tree.parent[edge] as number) {
    const player = tree.player[edge] as number;
    if ((tree.previous[edge] as number) < 0 && decided[player] !== FREE) found.push(player);
  }
  return found;
}

/** Half the effects of two players that the row decided both, the background both, or one each. */
function pairEffects(share: number, byRow: number, byBackground: number): { ofRow: number; ofBackground: number; apart: number } {
  const half = share / 2;
  return {
    ofRow: byRow > 1 ? half * gainShare(byRow - 1, byBackground) : 0,
    ofBackground: byBackground > 1 ? half * gainShare(byBackground - 1, byRow) : 0,
    apart: byRow > 0 && byBackground > 0 ? -half * gainShare(byRow, byBackground - 1) : 0,
  };
}

/** Adds half the interaction of each pair of players for one row, on both sides of the diagonal of `into`. */
export function walkInteractions(walk: BackgroundWalk, row: Float64Array, into: Float64Array): void {
  const { decided } = walk;
  const players = decided.length;
  const addPair = (i: number, j: number, effect: number): void => {
    into[i * players + j] = (into[i * players + j] as number) + effect;
    into[j * players + i] = (into[j * players + i] as number) + effect;
  };
  const atLeaf = (leaf: number, share: number, byRow: number, byBackground: number): void => {
    const { ofRow, ofBackground, apart } = pairEffects(share, byRow, byBackground);
    const own = decidedOn(walk, leaf);
    for (const [place, i] of own.entries()) {
      const together = decided[i] === ROW ? ofRow : ofBackground;
      for (const j of own.slice(place + 1)) addPair(i, j, decided[i] === decided[j] ? together : apart);
    }
  };
  descend({ walk, row, values: new Float64Array(players), gain: 0, loss: 0, atLeaf }, -1, 0, walk.order.length, 0, 0);
}
