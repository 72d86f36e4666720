/**
 * The trees of a forest laid out for the path-dependent passes: a place for each way to each split, a tree's places side by
 * side and those nearer the root first, in arrays that are read from end to end.
 */
import type { Ensemble } from '../onnx/ensemble.ts';
import { type Covers, pathShares } from './covers.ts';
import { gaussLegendre } from './quadrature.ts';
import type { PathTree } from './unfold.ts';

/** Kinds of places: two leaves below and a player that is new on the path; two exits and a new player; any. */
export const LEAVES = 0;
export const FORK = 1;
export const ANY = 2;

export interface PlacedTree {
  readonly tree: PathTree;
  readonly share: Float64Array;
  /** Its places from the first to before `to`, those with two leaves from `leaves` on. */
  readonly from: number;
  readonly leaves: number;
  readonly to: number;
  /** Points that its integrals take. */
  readonly points: number;
}

export interface Places {
  readonly trees: readonly PlacedTree[];
  readonly kind: Uint8Array;
  /** Split of the place's tree. */
  readonly split: Int32Array;
  /** Where the split is one plain test: its column and threshold; else column -1. */
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  readonly player: Int32Array;
  /** Of a place with two exits: the places below them, numbered in the tree, -1 for a leaf; the leaves' values; z of exit 0. */
  readonly below0: Int32Array;
  readonly below1: Int32Array;
  readonly value0: Float64Array;
  readonly value1: Float64Array;
  readonly share0: Float64Array;
  /** Of any other place: where it stands in the lists below; -1. */
  readonly other: Int32Array;
  /** Its exits, from `firstExit[other]` to `firstExit[other + 1]`: place below or -1, value, z. */
  readonly firstExit: Int32Array;
  readonly exitBelow: Int32Array;
  readonly exitValue: Float64Array;
  readonly exitShare: Float64Array;
  /** The place and exit where its player was met last, -1 for none; z there; and r at the points, from `again[other]`. */
  readonly metPlace: Int32Array;
  readonly metExit: Int32Array;
  readonly metShare: Float64Array;
  readonly again: Int32Array;
  readonly factors: Float64Array;
}

interface TreePlaces {
  /** First edge of each place, in order. */
  readonly first: readonly number[];
  readonly kind: readonly number[];
  /** Place that an edge leads to, -1 for a leaf; place that it leaves. */
  readonly next: Int32Array;
  readonly placeOf: Int32Array;
}

/** Levels of the places below the root, which is level 0; a place's parent stands before it. */
function levelsOf({ parent, edges }: PathTree, starts: readonly number[]): number[] {
  const levelOfEdge = new Int32Array(edges);
  return starts.map((start, place) => {
    const up = parent[start] as number;
    const level = up < 0 ? 0 : (levelOfEdge[up] as number) + 1;
    levelOfEdge.fill(level, start, starts[place + 1] ?? edges);
    return level;
  });
}

/**
 * The places of one tree. Those with two leaves stand at the end, so that each pass goes through them in one loop; the others
 * by level and, within a level, those with the same kinds of exits side by side: what the processor's branch prediction
 * learns at one place holds at the next (a tenth less time for one row).
 */
function placesOf(tree: PathTree): TreePlaces {
  const starts: number[] = [];
  for (let edge = 0; edge < tree.edges; edge += 1) if (tree.exit[edge] === 0) starts.push(edge);
  const leaf = (edge: number) => tree.isLeaf[edge] as number;
  const kindOf = (edge: number, end: number): number => {
    if (end - edge !== 2 || (tree.previous[edge] as number) >= 0) return ANY;
    return leaf(edge) + leaf(edge + 1) === 2 ? LEAVES : FORK;
  };
  const kinds = starts.map((edge, place) => kindOf(edge, starts[place + 1] ?? tree.edges));
  const levels = levelsOf(tree, starts);
  const rank = starts.map((edge, place) => {
    const level = kinds[place] === LEAVES ? tree.edges : (levels[place] as number);
    return 8 * level + 4 * Number(kinds[place] === ANY) + 2 * leaf(edge) + leaf(edge + 1);
  });
  const order = [...starts.keys()].sort((a, b) => (rank[a] as number) - (rank[b] as number) || a - b);
  const next = new Int32Array(tree.edges).fill(-1);
  const placeOf = new Int32Array(tree.edges);
  for (const [place, old] of order.entries()) {
    const start = starts[old] as number;
    const parent = tree.parent[start] as number;
    if (parent >= 0) next[parent] = place;
    placeOf.fill(place, start, starts[old + 1] ?? tree.edges);
  }
  return { first: order.map((old) => starts[old] as number), kind: order.map((old) => kinds[old] as number), next, placeOf };
}

/** Growing lists of the places of other kinds. */
class Others {
  readonly firstExit: number[] = [0];
  readonly exitBelow: number[] = [];
  readonly exitValue: number[] = [];
  readonly exitShare: number[] = [];
  readonly metPlace: number[] = [];
  readonly metExit: number[] = [];
  readonly metShare: number[] = [];
  readonly again: number[] = [];
  readonly factors: number[] = [];

  addExit(below: number, value: number, share: number): void {
    this.exitBelow.push(below);
    this.exitValue.push(value);
    this.exitShare.push(share);
  }

  /** Ends the place whose exits were added last; returns its number. */
  end(place: number, exit: number, share: number, point: Float64Array): number {
    this.firstExit.push(this.exitBelow.length);
    this.metPlace.push(place);
    this.metExit.push(exit);
    this.metShare.push(share);
    this.again.push(this.factors.length);
    for (const t of point) this.factors.push(place < 0 ? 1 : 1 / (t + (1 - t) * share));
    return this.metPlace.length - 1;
  }
}

function emptyPlaces(count: number) {
  return {
    kind: new Uint8Array(count),
    split: new Int32Array(count),
    column: new Int32Array(count),
    threshold: new Float64Array(count),
    player: new Int32Array(count),
    below0: new Int32Array(count),
    below1: new Int32Array(count),
    value0: new Float64Array(count),
    value1: new Float64Array(count),
    share0: new Float64Array(count),
    other: new Int32Array(count).fill(-1),
  };
}

type Lists = ReturnType<typeof emptyPlaces>;

/** Lays out one tree from place `from` on. */
function layOutTree(lists: Lists, others: Others, tree: PathTree, share: Float64Array, own: TreePlaces, from: number): PlacedTree {
  const { first, kind, next, placeOf } = own;
  const points = Math.max(1, Math.ceil(tree.depth / 2));
  const { point } = gaussLegendre(points);
  for (const [index, edge] of first.entries()) {
    const at = from + index;
    const split = tree.split[edge] as number;
    const plain = tree.tests.plain[split] === 1;
    lists.kind[at] = kind[index] as number;
    lists.split[at] = split;
    lists.player[at] = tree.player[edge] as number;
    lists.column[at] = plain ? (tree.tests.feature[split] as number) : -1;
    lists.threshold[at] = tree.tests.threshold[split] as number;
    if (kind[index] === ANY) {
      for (let one = edge; placeOf[one] === index; one += 1)
        others.addExit(next[one] as number, tree.value[one] as number, share[one] as number);
      const before = tree.previous[edge] as number;
      const met = before < 0 ? [-1, -1, 1] : [from + (placeOf[before] as number), tree.exit[before] as number, share[before] as number];
      lists.other[at] = others.end(met[0] as number, met[1] as number, met[2] as number, point);
      continue;
    }
    lists.below0[at] = next[edge] as number;
    lists.below1[at] = next[edge + 1] as number;
    lists.value0[at] = tree.value[edge] as number;
    lists.value1[at] = tree.value[edge + 1] as number;
    lists.share0[at] = share[edge] as number;
  }
  const leaves = from + kind.filter((one) => one !== LEAVES).length;
  return { tree, share, from, leaves, to: from + first.length, points };
}

/** Lays out the trees of a forest; the background's shares go into the places. */
export function layOut(ensemble: Ensemble, covers: Covers, trees: readonly PathTree[]): Places {
  const own = trees.map(placesOf);
  const lists = emptyPlaces(own.reduce((sum, { first }) => sum + first.length, 0));
  const others = new Others();
  let from = 0;
  const placed = trees.map((tree, index) => {
    const made = layOutTree(lists, others, tree, pathShares(ensemble, covers, tree), own[index] as TreePlaces, from);
    from = made.to;
    return made;
  });
  return { trees: placed, ...lists, ...finished(others) };
}

function finished(others: Others) {
  return {
    firstExit: Int32Array.from(others.firstExit),
    exitBelow: Int32Array.from(others.exitBelow),
    exitValue: Float64Array.from(others.exitValue),
    exitShare: Float64Array.from(others.exitShare),
    metPlace: Int32Array.from(others.metPlace),
    metExit: Int32Array.from(others.metExit),
    metShare: Float64Array.from(others.metShare),
    again: Int32Array.from(others.again),
    factors: Float64Array.from(others.factors),
  };
}
