/**
 * Path-dependent Shapley interaction values of trees: a leaf of value w gives the pair (i, j)
 *   w/2 (o_i - z_i)(o_j - z_j) x integral of product over the others k of (t o_k + (1 - t) z_k),
 * half of the pair's effect on each side of the diagonal (Lundberg 2018, arXiv 1802.03888).
 */
import { gaussLegendre } from './quadrature.ts';
import type { PathTree } from './unfold.ts';

interface PathPlayer {
  readonly player: number;
  readonly on: number;
  readonly share: number;
}

/** The players on the way to a leaf, each with its last edge. */
function playersOf(tree: PathTree, share: Float64Array, leaf: number, follows: Uint8Array): PathPlayer[] {
  const found = new Map<number, PathPlayer>();
  for (let edge = leaf; edge >= 0; edge = tree.parent[edge] as number) {
    const player = tree.player[edge] as number;
    if (!found.has(player)) found.set(player, { player, on: follows[edge] as number, share: share[edge] as number });
  }
  return [...found.values()];
}

function addPairs(path: readonly PathPlayer[], half: number, players: number, into: Float64Array): void {
  const { point, weight } = gaussLegendre(Math.max(1, Math.ceil(path.length / 2)));
  for (const [q, t] of point.entries()) {
    const factor = path.map(({ on, share }) => t * on + (1 - t) * share);
    const product = factor.reduce((a, b) => a * b, half * (weight[q] as number));
    for (const [i, a] of path.entries()) {
      for (const [j, b] of path.entries()) {
        if (i === j) continue;
        const at = a.player * players + b.player;
        const gain = ((a.on - a.share) * (b.on - b.share)) / ((factor[i] as number) * (factor[j] as number));
        into[at] = (into[at] as number) + product * gain;
      }
    }
  }
}

/**
 * Adds a tree's pair effects for one row; the diagonal is left alone.
 * @param share z of each edge's player down to the edge
 */
export function addPathInteractions(tree: PathTree, share: Float64Array, exits: Uint16Array, players: number, into: Float64Array): void {
  const follows = new Uint8Array(tree.edges);
  for (let edge = 0; edge < tree.edges; edge += 1) {
    const before = tree.previous[edge] as number;
    const on = exits[tree.split[edge] as number] === tree.exit[edge];
    follows[edge] = on && (before < 0 || follows[before] === 1) ? 1 : 0;
  }
  for (let edge = 0; edge < tree.edges; edge += 1) {
    if (tree.isLeaf[edge] !== 1 || tree.value[edge] === 0) continue;
    const path = playersOf(tree, share, edge, follows);
    // A player that neither the row nor any background row takes this way: the leaf is never reached.
    if (path.some((one) => one.on === 0 && one.share === 0)) continue;
    addPairs(path, (tree.value[edge] as number) / 2, players, into);
  }
}
