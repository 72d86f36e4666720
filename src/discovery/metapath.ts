/**
 * Paths of one form through the network (a metapath), from every node of its first kind to one node of its last: the
 * degree-weighted path count is the sum over all paths of the product of their edges' weights. It is computed from the end
 * backwards for one target at a time, so that what is left of the way is known at every node: the paths that carry most of a
 * count are then found best first. A path never visits its target, or its start, in between.
 */
import { type Adjacency, type EdgeSet, type Nodes, weightOf } from './network.ts';

export interface Step {
  /** Name of the edge set. */
  readonly edge: string;
  readonly edges: EdgeSet;
  readonly reversed: boolean;
}

export interface Metapath {
  readonly name: string;
  readonly steps: readonly Step[];
}

const outOf = ({ edges, reversed }: Step): Adjacency => (reversed ? edges.backward : edges.forward);
export const startOf = ({ edges, reversed }: Step): Nodes => (reversed ? edges.to : edges.from);
export const endOf = ({ edges, reversed }: Step): Nodes => (reversed ? edges.from : edges.to);

/** What is left of the way to the target, at the nodes before each step and at the end. */
export interface Remaining {
  readonly counts: readonly Float64Array[];
  /** Null where there are several. */
  readonly target: number | null;
}

function stepBack(step: Step, after: Float64Array): Float64Array {
  const { starts, neighbours, weights } = outOf(step);
  const before = new Float64Array(starts.length - 1);
  for (let node = 0; node < before.length; node += 1) {
    let sum = 0;
    for (let place = starts[node] as number; place < (starts[node + 1] as number); place += 1)
      sum += (weights[place] as number) * (after[neighbours[place] as number] as number);
    before[node] = sum;
  }
  return before;
}

/** @param ends the target's place, or by place what an end there counts: then a path may go over other ends on its way */
export function remainingTo(metapath: Metapath, ends: number | Float64Array): Remaining {
  const kind = endOf(metapath.steps.at(-1) as Step);
  const target = typeof ends === 'number' ? ends : null;
  const counts: Float64Array[] = [typeof ends === 'number' ? new Float64Array(kind.size).fill(1, ends, ends + 1) : ends];
  for (let place = metapath.steps.length - 1; place >= 0; place -= 1) {
    const step = metapath.steps[place] as Step;
    const before = stepBack(step, counts[0] as Float64Array);
    // Not over the target itself.
    if (target !== null && place > 0 && startOf(step) === kind) before[target] = 0;
    counts.unshift(before);
  }
  return { counts, target };
}

/** From a node over the first two steps back to itself, by each node in between; null where the third node is of another kind. */
interface ClosedWalks {
  readonly all: Float64Array;
  over(node: number, between: number): number;
}

function closedWalks({ steps }: Metapath): ClosedWalks | null {
  const [first, second, third] = steps;
  if (!first || !second || !third || endOf(second) !== startOf(first)) return null;
  const [out, back] = [outOf(first), outOf({ ...second, reversed: !second.reversed })];
  const over = (node: number, between: number) => weightOf(out, node, between) * weightOf(back, node, between);
  const all = new Float64Array(out.starts.length - 1);
  for (let node = 0; node < all.length; node += 1) {
    const returns = new Map<number, number>();
    for (let place = back.starts[node] as number; place < (back.starts[node + 1] as number); place += 1)
      returns.set(back.neighbours[place] as number, back.weights[place] as number);
    for (let place = out.starts[node] as number; place < (out.starts[node + 1] as number); place += 1)
      all[node] = (all[node] as number) + (out.weights[place] as number) * (returns.get(out.neighbours[place] as number) ?? 0);
  }
  return { all, over };
}

/** Counts paths of one form; what does not depend on the target is computed once. */
export class PathCounter {
  readonly metapath: Metapath;
  readonly #closed: ClosedWalks | null;
  /** Whether the node between is of the target's kind: then it is not the target, and no such walk has been counted. */
  readonly #overTargets: boolean;

  constructor(metapath: Metapath) {
    this.metapath = metapath;
    this.#closed = closedWalks(metapath);
    const [first, last] = [metapath.steps[0], metapath.steps.at(-1)];
    this.#overTargets = first !== undefined && last !== undefined && endOf(first) === endOf(last);
  }

  /** The counts from every start, of what is left of the way to a target. */
  counts(remaining: Remaining): Float64Array {
    const counts = remaining.counts[0] as Float64Array;
    const closed = this.#closed;
    const { target } = remaining;
    if (!closed) return counts;
    const afterReturn = remaining.counts[2] as Float64Array;
    return counts.map((count, node) => {
      const left = afterReturn[node] as number;
      if (left === 0) return count;
      const returns = (closed.all[node] as number) - (this.#overTargets && target !== null ? closed.over(node, target) : 0);
      return Math.max(0, count - returns * left);
    });
  }
}

export interface Path {
  /** Places of its nodes, start and target included. */
  readonly nodes: readonly number[];
  readonly weight: number;
}

interface Partial {
  readonly nodes: readonly number[];
  readonly weight: number;
  /** No whole path that begins so weighs more. */
  readonly bound: number;
}

/** At most so many beginnings are looked at for one pair: a hub's paths are alike, and the best come first. */
const MAX_OPEN = 20_000;

/** The heaviest paths from a start to the target, heaviest first. */
export function bestPaths({ steps }: Metapath, { counts, target }: Remaining, start: number, most: number): Path[] {
  const found: Path[] = [];
  const open: Partial[] = [{ nodes: [start], weight: 1, bound: counts[0]?.[start] ?? 0 }];
  for (let looked = 0; open.length > 0 && found.length < most && looked < MAX_OPEN; looked += 1) {
    let best = 0;
    for (let place = 1; place < open.length; place += 1) if ((open[place] as Partial).bound > (open[best] as Partial).bound) best = place;
    const [next] = open.splice(best, 1) as [Partial];
    const depth = next.nodes.length - 1;
    if (depth === steps.length) {
      found.push({ nodes: next.nodes, weight: next.weight });
      continue;
    }
    open.push(
      ...continued(
        steps[depth] as Step,
        next,
        counts[depth + 1] as Float64Array,
        { last: depth === steps.length - 1, start, target },
        steps,
      ),
    );
  }
  return found;
}

function continued(
  step: Step,
  { nodes, weight }: Partial,
  left: Float64Array,
  { last, start, target }: { readonly last: boolean; readonly start: number; readonly target: number | null },
  steps: readonly Step[],
): Partial[] {
  const { starts, neighbours, weights } = outOf(step);
  const from = nodes.at(-1) as number;
  const backAtStart = endOf(step) === startOf(steps[0] as Step);
  const next: Partial[] = [];
  for (let place = starts[from] as number; place < (starts[from + 1] as number); place += 1) {
    const node = neighbours[place] as number;
    if (last ? node !== target : backAtStart && node === start) continue;
    const [so, rest] = [weight * (weights[place] as number), left[node] as number];
    if (rest > 0) next.push({ nodes: [...nodes, node], weight: so, bound: so * rest });
  }
  return next;
}
