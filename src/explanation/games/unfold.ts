/**
 * Trees as paths for the games: neighbouring nodes of one player become one split with several exits, and nodes that
 * several branches share (the chains that categorical features leave) are written out once per way there. A split whose
 * exits are all the same node tests nothing and is left out.
 */
import { AvicennaError } from '../../errors.ts';
import { type Ensemble, LEAF, LEQ, leafWeightOf, nextNode, testOf } from '../onnx/ensemble.ts';
import type { Forest } from '../onnx/forms.ts';

/** The nodes of one player under an entry, and the nodes of others or leaves that they lead to. */
export interface Split {
  readonly entry: number;
  readonly player: number;
  /** The player's nodes, each before those it leads to. */
  readonly nodes: readonly number[];
  readonly exits: readonly number[];
}

/**
 * The splits of a tree as arrays, for going through them quickly: where a split is one node, exit 0 is where its test is
 * false and exit 1 where it is true.
 */
export interface SplitTests {
  /** The node of a split of one; -1 for a split of several. */
  readonly node: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** 1 where the test is BRANCH_LEQ, the test of nearly every model, and a missing value does not track true. */
  readonly plain: Uint8Array;
}

/** A tree for one output. Edges lead to an exit of a split and stand after the edge above them. */
export interface PathTree {
  readonly splits: readonly Split[];
  readonly tests: SplitTests;
  readonly edges: number;
  /** Edge above; -1 at the root's split. */
  readonly parent: Int32Array;
  /** Number of the split that the edge leaves, and of its exit. */
  readonly split: Int32Array;
  readonly exit: Int32Array;
  readonly player: Int32Array;
  /** The last edge above it of the same player; -1 where there is none. */
  readonly previous: Int32Array;
  /** Number of the edge's player among those on the path. */
  readonly slot: Int32Array;
  readonly isLeaf: Uint8Array;
  /** What a leaf adds to the output; 0 elsewhere. */
  readonly value: Float64Array;
  /** Players on the longest path. */
  readonly depth: number;
}

/** An ensemble's part in one number that is explained. */
export interface PathForest {
  readonly forest: Forest;
  readonly trees: readonly PathTree[];
  /** Base value, and trees that are one leaf. */
  readonly constant: number;
}

/** Edges over all trees: 2 million take about 300 MB while they are made. */
const MAX_EDGES = 2_000_000;
/** Splits on one path: the walks below go down a tree by recursion. */
const MAX_PATH = 1_000;

const isLeaf = (ensemble: Ensemble, node: number) => ensemble.mode[node] === LEAF;

/** The split that begins at a node. */
function splitAt(ensemble: Ensemble, players: Int32Array, entry: number): Split {
  const player = players[ensemble.feature[entry] as number] as number;
  const own = (node: number) => !isLeaf(ensemble, node) && players[ensemble.feature[node] as number] === player;
  const exits = new Set<number>();
  const seen = new Set<number>();
  const order: number[] = [];
  const stack: { node: number; entered: boolean }[] = [{ node: entry, entered: false }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, entered } = top;
    if (entered) {
      order.push(node);
      continue;
    }
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push({ node, entered: true });
    for (const next of [ensemble.onFalse[node] as number, ensemble.onTrue[node] as number]) {
      if (own(next)) stack.push({ node: next, entered: false });
      else exits.add(next);
    }
  }
  return { entry, player, nodes: order.reverse(), exits: [...exits] };
}

/** Growing lists of a tree's edges. */
class Edges {
  readonly parent: number[] = [];
  readonly split: number[] = [];
  readonly exit: number[] = [];
  readonly player: number[] = [];
  readonly previous: number[] = [];
  readonly slot: number[] = [];
  readonly leaf: number[] = [];
  readonly value: number[] = [];
  /** Players on the path down to the edge, and edges. */
  readonly distinct: number[] = [];
  readonly length: number[] = [];

  add(parent: number, split: number, exit: number, player: number, leafValue: number | null): number {
    let previous = parent;
    while (previous >= 0 && this.player[previous] !== player) previous = this.parent[previous] as number;
    const above = parent < 0 ? 0 : (this.distinct[parent] as number);
    this.parent.push(parent);
    this.split.push(split);
    this.exit.push(exit);
    this.player.push(player);
    this.previous.push(previous);
    this.slot.push(previous < 0 ? above : (this.slot[previous] as number));
    this.distinct.push(previous < 0 ? above + 1 : above);
    this.length.push(parent < 0 ? 1 : (this.length[parent] as number) + 1);
    this.leaf.push(leafValue === null ? 0 : 1);
    this.value.push(leafValue ?? 0);
    return this.parent.length - 1;
  }
}

/** The first node from here that decides anything: splits with one exit are passed over. */
function deciding(node: number, splitFrom: (node: number) => Split | null): { node: number; split: Split | null } {
  let at = node;
  for (;;) {
    const split = splitFrom(at);
    if (split === null || split.exits.length > 1) return { node: at, split };
    at = split.exits[0] as number;
  }
}

/** The splits of a tree, each made when it is first come to. */
function splitsOf(ensemble: Ensemble, players: Int32Array): (node: number) => Split | null {
  const known = new Map<number, Split>();
  return (node) => {
    if (isLeaf(ensemble, node)) return null;
    const split = known.get(node) ?? splitAt(ensemble, players, node);
    known.set(node, split);
    return split;
  };
}

/** How many edges there are under a split when shared ones are written out: counted, each split once, before any is written. */
function edgesUnder(top: Split, splitFrom: (node: number) => Split | null): number {
  const known = new Map<Split, number>();
  const open = [top];
  for (let split = open.at(-1); split; split = open.at(-1)) {
    const below = split.exits.flatMap((node) => deciding(node, splitFrom).split ?? []);
    const unknown = below.find((one) => !known.has(one));
    if (unknown) open.push(unknown);
    else {
      known.set(
        split,
        below.reduce((sum, one) => sum + (known.get(one) as number), split.exits.length),
      );
      open.pop();
    }
  }
  return known.get(top) as number;
}

/** Edges that may still be written out, over all trees of what is explained. */
export interface Room {
  edges: number;
}

export const fullRoom = (): Room => ({ edges: MAX_EDGES });

function unfoldTree(
  ensemble: Ensemble,
  players: Int32Array,
  root: number,
  leafValue: (leaf: number) => number,
  room: Room,
): PathTree | number {
  const splitFrom = splitsOf(ensemble, players);
  const top = deciding(root, splitFrom);
  if (top.split === null) return leafValue(top.node);
  room.edges -= edgesUnder(top.split, splitFrom);
  checkSize(room.edges, 0);
  const numbers = new Map<Split, number>();
  const edges = new Edges();
  const open: { split: Split; parent: number }[] = [{ split: top.split, parent: -1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { split, parent } = next;
    const number = numbers.get(split) ?? numbers.size;
    numbers.set(split, number);
    for (const [exit, node] of split.exits.entries()) {
      const below = deciding(node, splitFrom);
      const edge = edges.add(parent, number, exit, split.player, below.split ? null : leafValue(below.node));
      if (below.split) open.push({ split: below.split, parent: edge });
    }
    checkSize(room.edges, edges.length[parent] ?? 0);
  }
  return finished(ensemble, edges, [...numbers.keys()]);
}

function checkSize(edgesLeft: number, length: number): void {
  const what = edgesLeft < 0 ? `more than ${MAX_EDGES} branches when shared ones are written out` : `paths of more than ${MAX_PATH} splits`;
  if (edgesLeft < 0 || length >= MAX_PATH)
    throw new AvicennaError('METHOD_NOT_AVAILABLE', `The trees have ${what}: the model is too large to be explained exactly.`);
}

function testsOf(ensemble: Ensemble, splits: readonly Split[]): SplitTests {
  const alone = (split: Split) => split.nodes.length === 1;
  return {
    node: Int32Array.from(splits, (split) => (alone(split) ? split.entry : -1)),
    feature: Int32Array.from(splits, ({ entry }) => ensemble.feature[entry] as number),
    threshold: Float64Array.from(splits, ({ entry }) => ensemble.threshold[entry] as number),
    plain: Uint8Array.from(splits, (split) =>
      alone(split) && ensemble.mode[split.entry] === LEQ && ensemble.tracksTrue[split.entry] === 0 ? 1 : 0,
    ),
  };
}

function finished(ensemble: Ensemble, edges: Edges, splits: readonly Split[]): PathTree {
  return {
    splits,
    tests: testsOf(ensemble, splits),
    edges: edges.parent.length,
    parent: Int32Array.from(edges.parent),
    split: Int32Array.from(edges.split),
    exit: Int32Array.from(edges.exit),
    player: Int32Array.from(edges.player),
    previous: Int32Array.from(edges.previous),
    slot: Int32Array.from(edges.slot),
    isLeaf: Uint8Array.from(edges.leaf),
    value: Float64Array.from(edges.value),
    depth: edges.distinct.reduce((a, b) => Math.max(a, b), 0),
  };
}

/**
 * The trees that have a part in one output of a forest.
 * @param weight what the output is multiplied by
 * @param playerOf the player that a column of the input belongs to
 * @param room shared by the forests of one score
 * @throws AvicennaError METHOD_NOT_AVAILABLE where the trees are too large to be written out
 */
export function unfold(
  forest: Forest,
  output: number,
  weight: number,
  playerOf: (source: number) => number,
  room: Room = fullRoom(),
): PathForest {
  const { ensemble, columns } = forest;
  const players = Int32Array.from(columns, ({ source }) => playerOf(source));
  const factor = ensemble.aggregate === 'AVERAGE' ? weight / ensemble.roots.length : weight;
  const leafValue = (leaf: number) => leafWeightOf(ensemble, leaf, output) * factor;
  let constant = weight * (ensemble.base[output] as number);
  const trees: PathTree[] = [];
  for (const root of ensemble.roots) {
    const tree = unfoldTree(ensemble, players, root, leafValue, room);
    if (typeof tree === 'number') constant += tree;
    else if (tree.value.some((value) => value !== 0)) trees.push(tree);
  }
  return { forest, trees, constant };
}

/** The columns of a forest as its branch tests compare them. */
export function forestRow({ columns }: Forest, row: Float64Array): Float64Array {
  return Float64Array.from(columns, ({ source, served }) => served(row[source] as number));
}

/** The exit that a row takes from a split of several nodes. */
function throughNodes(ensemble: Ensemble, { entry, nodes, exits }: Split, row: Float64Array): number {
  let node = entry;
  for (let left = nodes.length; left > 0; left -= 1) {
    node = nextNode(ensemble, node, row);
    const exit = exits.indexOf(node);
    if (exit >= 0) return exit;
  }
  return 0;
}

/** The exit that a row takes at a split of a tree. */
export function exitOf(ensemble: Ensemble, { tests, splits }: PathTree, split: number, row: Float64Array): number {
  const value = row[tests.feature[split] as number] as number;
  if (tests.plain[split] === 1) return value <= (tests.threshold[split] as number) ? 1 : 0;
  const node = tests.node[split] as number;
  if (node >= 0) return testOf(ensemble, node, value) ? 1 : 0;
  return throughNodes(ensemble, splits[split] as Split, row);
}

/** The exit that a row takes at each split of a tree. */
export function exitsOf(ensemble: Ensemble, tree: PathTree, row: Float64Array, into: Uint16Array): void {
  const { plain, feature, threshold } = tree.tests;
  for (let split = 0; split < plain.length; split += 1) {
    if (plain[split] === 1) into[split] = (row[feature[split] as number] as number) <= (threshold[split] as number) ? 1 : 0;
    else into[split] = exitOf(ensemble, tree, split, row);
  }
}
