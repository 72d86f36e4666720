/**
 * How rows go through a tree: the share of a node's rows that its test sends each way. ONNX files carry no usable covers
 * (converters leave nodes_hitrates out or write 1 everywhere), so they are counted by routing the background, or read from a
 * file of the card: those of the rows that the trees were grown on.
 */
import { z } from 'zod';
import { AvicennaError, faultsInWords } from '../../errors.ts';
import { type Ensemble, LEAF, leafWeightOf, testOf } from '../onnx/ensemble.ts';
import type { PathTree, Split } from './unfold.ts';

export interface Covers {
  /** Rows that reach each node. */
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

/** Share of a branch's rows that its test is true of: 1/2 where no row reaches it. */
function shareOnTrue({ reached, onTrue }: Covers, node: number): number {
  const cover = reached[node] as number;
  return cover === 0 ? 0.5 : (onTrue[node] as number) / cover;
}

/** Share of a split's rows that each exit gets: 1/2 each way at a node that no background row reaches. */
function exitShares(ensemble: Ensemble, covers: Covers, split: Split): Float64Array {
  const mass = new Map<number, number>([[split.entry, 1]]);
  const give = (node: number, share: number) => mass.set(node, (mass.get(node) ?? 0) + share);
  for (const node of split.nodes) {
    const own = mass.get(node) ?? 0;
    const yes = shareOnTrue(covers, node);
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

/** What an ensemble answers of nobody, for one output: each leaf by the share of the rows that end in it. */
export function expectedScore(ensemble: Ensemble, covers: Covers, output: number): number {
  const known = new Map<number, number>();
  const expected = (root: number): number => {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1] as number;
      const [yes, no] = [ensemble.onTrue[node] as number, ensemble.onFalse[node] as number];
      const open = ensemble.mode[node] === LEAF ? [] : [yes, no].filter((next) => !known.has(next));
      stack.push(...open);
      if (open.length > 0) continue;
      stack.pop();
      if (ensemble.mode[node] === LEAF) known.set(node, leafWeightOf(ensemble, node, output));
      else {
        const share = shareOnTrue(covers, node);
        known.set(node, share * (known.get(yes) as number) + (1 - share) * (known.get(no) as number));
      }
    }
    return known.get(root) as number;
  };
  const sum = ensemble.roots.reduce((total, root) => total + expected(root), 0);
  return sum / (ensemble.aggregate === 'AVERAGE' ? ensemble.roots.length : 1) + (ensemble.base[output] as number);
}

const count = z.number().nonnegative();

/** For each ensemble of the file, in the order of its graph: of each node, in the file's order, the rows that reach it and of those, how many its test is true of. */
const coversFile = z.strictObject({
  ensembles: z.array(z.strictObject({ reached: z.array(count), onTrue: z.array(count) })),
});

function coversFor(
  ensemble: Ensemble,
  { reached, onTrue }: { reached: readonly number[]; onTrue: readonly number[] },
  where: string,
  file: string,
) {
  const nodes = ensemble.mode.length;
  const wrong = (what: string) => new AvicennaError('MODEL_INVALID', `${where}: ${what}`, file);
  if (reached.length !== nodes || onTrue.length !== nodes)
    throw wrong(`covers of ${reached.length} and ${onTrue.length} nodes, the trees have ${nodes}`);
  const impossible = reached.findIndex((cover, node) => (onTrue[node] as number) > cover);
  if (impossible >= 0) throw wrong(`more rows go on from node ${impossible + 1} than reach it`);
  return { reached: Float64Array.from(reached), onTrue: Float64Array.from(onTrue) };
}

/**
 * Reads a file of covers.
 * @param ensembles those of the model, in the order of its graph
 * @throws AvicennaError MODEL_INVALID where it is not of these trees
 */
export function readCovers(text: string, ensembles: readonly Ensemble[], file: string): Map<Ensemble, Covers> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new AvicennaError('MODEL_INVALID', 'The file of covers is no JSON.', file);
  }
  const parsed = coversFile.safeParse(raw);
  if (!parsed.success) throw new AvicennaError('MODEL_INVALID', faultsInWords(parsed.error), file);
  const { ensembles: found } = parsed.data;
  if (found.length !== ensembles.length)
    throw new AvicennaError('MODEL_INVALID', `Covers of ${found.length} ensembles, the model has ${ensembles.length}.`, file);
  return new Map(
    ensembles.map((ensemble, index) => [
      ensemble,
      coversFor(ensemble, found[index] ?? { reached: [], onTrue: [] }, `ensemble ${index + 1}`, file),
    ]),
  );
}
