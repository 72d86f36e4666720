/** TreeEnsembleRegressor and TreeEnsembleClassifier of ai.onnx.ml 1 to 3: one list of attributes per property of a node. */
import { classCount, integerOf, integersOf, invalid, numbersOf, sameLength, textsOf, wordOf } from './attributes.ts';
import { type Aggregate, type Ensemble, LEAF, MODES, POST_TRANSFORMS, type PostTransform } from './ensemble.ts';
import { assembleEnsemble, type EnsembleNodes, type LeafWeights } from './ensembleNodes.ts';
import type { OnnxNode } from './modelFile.ts';

/** Index of a node by its tree and its number in the tree. */
type NodeIndex = ReadonlyMap<number, ReadonlyMap<number, number>>;

function indexNodes(node: OnnxNode, trees: readonly number[], ids: readonly number[]): { index: NodeIndex; roots: number[] } {
  const index = new Map<number, Map<number, number>>();
  const roots: number[] = [];
  for (const [at, tree] of trees.entries()) {
    const own = index.get(tree) ?? new Map<number, number>();
    if (own.size === 0) {
      index.set(tree, own);
      roots.push(at);
    }
    const id = ids[at] ?? -1;
    if (own.has(id)) throw invalid(node, `tree ${tree} has node ${id} twice`);
    own.set(id, at);
  }
  return { index, roots };
}

function modesOf(node: OnnxNode, count: number): number[] {
  const numbers = new Map<string, number>([...MODES.map((mode, number) => [mode, number] as const), ['LEAF', LEAF]]);
  numbers.delete('BRANCH_MEMBER');
  return sameLength(node, 'nodes_modes', textsOf(node, 'nodes_modes'), count).map((mode, at) => {
    const number = numbers.get(mode);
    if (number === undefined) throw invalid(node, `tree node ${at + 1} has an unknown mode`);
    return number;
  });
}

function readNodes(node: OnnxNode): { nodes: EnsembleNodes; index: NodeIndex } {
  const ids = integersOf(node, 'nodes_nodeids');
  const list = (name: string) => sameLength(node, name, integersOf(node, name), ids.length);
  const trees = list('nodes_treeids');
  const mode = modesOf(node, ids.length);
  const { index, roots } = indexNodes(node, trees, ids);
  const nextOf = (name: string) => list(name).map((id, at) => (mode[at] === LEAF ? -1 : (index.get(trees[at] ?? -1)?.get(id) ?? -1)));
  const tracks = integersOf(node, 'nodes_missing_value_tracks_true');
  const nodes = {
    roots,
    feature: list('nodes_featureids'),
    mode,
    threshold: sameLength(node, 'nodes_values', numbersOf(node, 'nodes_values'), ids.length),
    tracksTrue: tracks.length === 0 ? ids.map(() => 0) : sameLength(node, 'nodes_missing_value_tracks_true', tracks, ids.length),
    members: new Map<number, ReadonlySet<number>>(),
    onTrue: nextOf('nodes_truenodeids'),
    onFalse: nextOf('nodes_falsenodeids'),
  };
  return { nodes, index };
}

function readWeights(node: OnnxNode, prefix: 'target' | 'class', index: NodeIndex): LeafWeights {
  const output = integersOf(node, `${prefix}_ids`);
  const list = (name: string) => sameLength(node, `${prefix}_${name}`, integersOf(node, `${prefix}_${name}`), output.length);
  const trees = list('treeids');
  const leaf = list('nodeids').map((id, at) => {
    const found = index.get(trees[at] ?? -1)?.get(id);
    if (found === undefined) throw invalid(node, `leaf weight ${at + 1} is for a node that does not exist`);
    return found;
  });
  const weight = sameLength(node, `${prefix}_weights`, numbersOf(node, `${prefix}_weights`), output.length);
  return { leaf, output, weight };
}

export function readRegressor(node: OnnxNode, columns: number): { ensemble: Ensemble; postTransform: PostTransform } {
  const { nodes, index } = readNodes(node);
  const aggregate = wordOf<Aggregate>(node, 'aggregate_function', ['SUM', 'AVERAGE', 'MIN', 'MAX'], 'SUM');
  const answer = { outputs: integerOf(node, 'n_targets', 1), base: numbersOf(node, 'base_values'), aggregate };
  return {
    ensemble: assembleEnsemble(node, nodes, readWeights(node, 'target', index), answer, columns),
    postTransform: wordOf(node, 'post_transform', POST_TRANSFORMS, 'NONE'),
  };
}

export interface TreeClassifier {
  readonly ensemble: Ensemble;
  readonly postTransform: PostTransform;
  /** Two classes by one number: the class that the weights are for; a negative one decides what the other class gets. */
  readonly single: { readonly anyNegative: boolean; readonly class: number } | null;
}

export function readClassifier(node: OnnxNode, columns: number): TreeClassifier {
  const { nodes, index } = readNodes(node);
  const weights = readWeights(node, 'class', index);
  const classes = classCount(node, 'classlabels_int64s');
  const single = classes === 2 && new Set(weights.output).size <= 1;
  for (const output of single ? weights.output : [])
    if (output < 0 || output > 1) throw invalid(node, `a leaf weight is for class ${output}, there are 2`);
  const bases = numbersOf(node, 'base_values');
  if (single && bases.length > 1) throw invalid(node, 'it scores two classes by one number and has two base values');
  const answer = { outputs: single ? 1 : classes, base: bases, aggregate: 'SUM' as const };
  const own = single ? { ...weights, output: weights.output.map(() => 0) } : weights;
  return {
    ensemble: assembleEnsemble(node, nodes, own, answer, columns),
    postTransform: wordOf(node, 'post_transform', POST_TRANSFORMS, 'NONE'),
    single: single ? { anyNegative: weights.weight.some((weight) => weight < 0), class: weights.output[0] ?? 0 } : null,
  };
}
