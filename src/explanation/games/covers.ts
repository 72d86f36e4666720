/**
 * How the background goes through a tree: the share of a node's rows that its test sends each way. ONNX files carry no
 * usable covers (converters leave nodes_hitrates out or write 1 everywhere), so they are counted by routing the background.
 */
import { type Ensemble, LEAF, testOf } from '../onnx/ensemble.ts';
import type { PathTree, Split } from './unfold.ts';

export interface Covers {
  /** Background rows that reach each node. */
  readonly reached: Float64Array;
  /** Of those, how many its test is true of. */
  readonly onTrue: Float64Array;
}

/** Counts the rows at every node of an ensemble; where branches share a node, its rows are counted together. */
export function countCovers(ensemble: Ensemble, rows: readonly Float64Array[]): Covers {
  const reached = new Float64Array(ensemble.mode.length);
  const onTrue = new Float64Array(ensemble.mode.length);
  for (const row of rows) {
    for (const root of ensemble.roots) {
      let node = root;
      while (ensemble.mode[node] !== LEAF) {
        const yes = testOf(ensemble, node, row[ensemble.feature[node] as number] as number);
        reached[node] = (reached[node] as number) + 1;
        if (yes) onTrue[node] = (onTrue[node] as number) + 1;
        node = (yes ? ensemble.onTrue[node] : ensemble.onFalse[node]) as number;
      }
    }
  }
  return { reached, onTrue };
}

/** Share of a split's rows that each exit gets: 1/2 each way at a node that no background row reaches. */
function exitShares(ensemble: Ensemble, { reached, onTrue }: Covers, split: Split): Float64Array {
  const mass = new Map<number, number>([[split.entry, 1]]);
  const give = (node: number, share: number) => mass.set(node, (mass.get(node) ?? 0) + share);
  for (const node of split.nodes) {
    const own = mass.get(node) ?? 0;
    const cover = reached[node] as number;
    const yes = cover === 0 ? 0.5 : (onTrue[node] as number) / cover;
    give(ensemble.onTrue[node] as number, own * yes);
    give(ensemble.onFalse[node] as number, own * (1 - yes));
  }
  return Float64Array.from(split.exits, (exit) => mass.get(exit) ?? 0);
}

/** For each edge of a tree, the product of the shares along the path over the edges of its player. */
export function pathShares(ensemble: Ensemble, covers: Covers, tree: PathTree): Float64Array {
  const shares = tree.splits.map((split) => exitShares(ensemble, covers, split));
  const product = new Float64Array(tree.edges);
  for (let edge = 0; edge < tree.edges; edge += 1) {
    const previous = tree.previous[edge] as number;
    const own = (shares[tree.split[edge] as number] as Float64Array)[tree.exit[edge] as number] as number;
    product[edge] = own * (previous < 0 ? 1 : (product[previous] as number));
  }
  return product;
}
