/**
 * The part of a release that discovery reasons on: compounds, diseases, genes and what stands between them, as adjacency in
 * compressed rows. Each edge is weighted down by how many edges of its kind its two ends have (degree correction), so that a
 * path over a hub counts for less: Himmelstein and Baranzini 2015, PLoS Comput Biol 11:e1004259, damping 0.4.
 */
import type { ThingKind } from '../knowledge/published/fact.ts';

export const DAMPING = 0.4;

/** Nodes of one kind, by their place. */
export class Nodes {
  readonly kind: ThingKind;
  readonly ids: string[] = [];
  readonly #places = new Map<string, number>();

  constructor(kind: ThingKind) {
    this.kind = kind;
  }

  /** The place of an id, given one where it has none. */
  add(id: string): number {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    this.#places.set(id, this.ids.length);
    this.ids.push(id);
    return this.ids.length - 1;
  }

  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  get size(): number {
    return this.ids.length;
  }
}

/** Rows in one array after the other: the neighbours of node n stand from `starts[n]` to `starts[n + 1]`. */
export interface Adjacency {
  readonly starts: Uint32Array;
  readonly neighbours: Uint32Array;
  readonly weights: Float64Array;
}

export interface EdgeSet {
  readonly from: Nodes;
  readonly to: Nodes;
  readonly forward: Adjacency;
  readonly backward: Adjacency;
}

function compressed(
  rows: number,
  pairs: readonly (readonly [number, number])[],
  weightOf: (row: number, column: number) => number,
): Adjacency {
  const starts = new Uint32Array(rows + 1);
  for (const [row] of pairs) starts[row + 1] = (starts[row + 1] as number) + 1;
  for (let row = 0; row < rows; row += 1) starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number);
  const next = starts.slice(0, rows);
  const neighbours = new Uint32Array(pairs.length);
  const weights = new Float64Array(pairs.length);
  for (const [row, column] of pairs) {
    const place = next[row] as number;
    next[row] = place + 1;
    neighbours[place] = column;
    weights[place] = weightOf(row, column);
  }
  return { starts, neighbours, weights };
}

/** Edges between two kinds of nodes; the same pair twice counts once. With `bothWays` an edge is also the reverse one (of one kind of nodes). */
export function edgeSet(from: Nodes, to: Nodes, pairs: Iterable<readonly [number, number]>, bothWays = false): EdgeSet {
  const seen = new Set<number>();
  const distinct: [number, number][] = [];
  const add = (a: number, b: number) => {
    const key = a * to.size + b;
    if (seen.has(key) || (from === to && a === b)) return;
    seen.add(key);
    distinct.push([a, b]);
  };
  for (const [a, b] of pairs) {
    add(a, b);
    if (bothWays) add(b, a);
  }
  const degreesOut = new Uint32Array(from.size);
  const degreesIn = new Uint32Array(to.size);
  for (const [a, b] of distinct) {
    degreesOut[a] = (degreesOut[a] as number) + 1;
    degreesIn[b] = (degreesIn[b] as number) + 1;
  }
  const weight = (a: number, b: number) => ((degreesOut[a] as number) * (degreesIn[b] as number)) ** -DAMPING;
  return {
    from,
    to,
    forward: compressed(from.size, distinct, weight),
    backward: compressed(
      to.size,
      distinct.map(([a, b]) => [b, a]),
      (b, a) => weight(a, b),
    ),
  };
}

export const degreeOf = ({ starts }: Adjacency, node: number): number => (starts[node + 1] as number) - (starts[node] as number);

/** Of the edge between two nodes; 0 where there is none. */
export function weightOf({ starts, neighbours, weights }: Adjacency, node: number, other: number): number {
  for (let place = starts[node] as number; place < (starts[node + 1] as number); place += 1)
    if (neighbours[place] === other) return weights[place] as number;
  return 0;
}

export const hasEdge = (adjacency: Adjacency, node: number, other: number): boolean => weightOf(adjacency, node, other) > 0;
