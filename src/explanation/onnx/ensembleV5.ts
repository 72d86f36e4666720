/** TreeEnsemble of ai.onnx.ml 5: branches and leaves apart, sets of values, several tests in one tree. */
import { integerOf, integersOf, invalid, sameLength, tensorOf } from './attributes.ts';
import { type Aggregate, type Ensemble, LEAF, MODES, type PostTransform } from './ensemble.ts';
import { assembleEnsemble, type EnsembleNodes } from './ensembleNodes.ts';
import type { OnnxNode } from './modelFile.ts';

const MEMBER = MODES.indexOf('BRANCH_MEMBER');
const AGGREGATES: readonly Aggregate[] = ['AVERAGE', 'SUM', 'MIN', 'MAX'];
/** The order of post_transform in this version differs from that of the words in versions 1 to 3. */
const TRANSFORMS: readonly PostTransform[] = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];

function numbers(node: OnnxNode, name: string): readonly number[] {
  const tensor = tensorOf(node, name);
  if (tensor === null) throw invalid(node, `the tensor '${name}' is missing`);
  return tensor.values;
}

function oneOf<T>(node: OnnxNode, name: string, words: readonly T[], otherwise: number): T {
  const number = integerOf(node, name, otherwise);
  const word = words[number];
  if (word === undefined) throw invalid(node, `'${name}' is ${number}, expected 0 to ${words.length - 1}`);
  return word;
}

/** The values of each BRANCH_MEMBER in turn: the list has a NaN after every set. */
function membersOf(node: OnnxNode, modes: readonly number[]): Map<number, ReadonlySet<number>> {
  const sets: Set<number>[] = [new Set()];
  for (const value of tensorOf(node, 'membership_values')?.values ?? []) {
    if (Number.isNaN(value)) sets.push(new Set());
    else sets.at(-1)?.add(value);
  }
  if (sets.at(-1)?.size === 0) sets.pop();
  const testing = modes.flatMap((mode, at) => (mode === MEMBER ? [at] : []));
  if (sets.length !== testing.length)
    throw invalid(node, `'membership_values' has ${sets.length} sets for ${testing.length} nodes that test for one`);
  return new Map(testing.map((at, index) => [at, sets[index] ?? new Set()]));
}

/** Branches first, then leaves: the next nodes of a branch as indices into both. */
function readNodes(node: OnnxNode, leaves: number): EnsembleNodes {
  const feature = integersOf(node, 'nodes_featureids');
  const count = feature.length;
  const list = <T>(name: string, values: readonly T[]) => sameLength(node, name, values, count);
  const branchMode = list('nodes_modes', numbers(node, 'nodes_modes'));
  const wrong = branchMode.findIndex((mode) => MODES[mode] === undefined);
  if (wrong >= 0) throw invalid(node, `tree node ${wrong + 1} has an unknown mode`);
  const splits = list('nodes_splits', numbers(node, 'nodes_splits'));
  const lost = splits.findIndex((split, at) => Number.isNaN(split) && branchMode[at] !== MEMBER);
  if (lost >= 0) throw invalid(node, `'nodes_splits' number ${lost + 1} is not a number`);
  const next = (ids: string, isLeaf: string) => {
    const leaf = list(isLeaf, integersOf(node, isLeaf));
    return list(ids, integersOf(node, ids)).map((id, at) => {
      const limit = leaf[at] === 1 ? leaves : count;
      if (id < 0 || id >= limit) throw invalid(node, `tree node ${at + 1} leads to a node that does not exist`);
      return leaf[at] === 1 ? count + id : id;
    });
  };
  const tracks = integersOf(node, 'nodes_missing_value_tracks_true');
  const forLeaves = new Array<number>(leaves).fill(-1);
  return {
    roots: integersOf(node, 'tree_roots').map((root) => {
      if (root < 0 || root >= count) throw invalid(node, `'tree_roots' names node ${root}, there are ${count}`);
      return root;
    }),
    feature: [...feature, ...forLeaves],
    mode: [...branchMode, ...forLeaves.map(() => LEAF)],
    threshold: [...splits, ...forLeaves],
    tracksTrue: [
      ...(tracks.length === 0 ? feature.map(() => 0) : list('nodes_missing_value_tracks_true', tracks)),
      ...forLeaves.map(() => 0),
    ],
    members: membersOf(node, branchMode),
    onTrue: [...next('nodes_truenodeids', 'nodes_trueleafs'), ...forLeaves],
    onFalse: [...next('nodes_falsenodeids', 'nodes_falseleafs'), ...forLeaves],
  };
}

export function readTreeEnsemble(node: OnnxNode, columns: number): { ensemble: Ensemble; postTransform: PostTransform } {
  const weight = numbers(node, 'leaf_weights');
  const output = integersOf(node, 'leaf_targetids');
  if (output.length !== weight.length)
    throw invalid(node, `'leaf_targetids' has ${output.length} entries, 'leaf_weights' ${weight.length}`);
  const nodes = readNodes(node, weight.length);
  const aggregate = oneOf(node, 'aggregate_function', AGGREGATES, 1);
  const postTransform = oneOf(node, 'post_transform', TRANSFORMS, 0);
  const first = nodes.mode.length - weight.length;
  const weights = { leaf: weight.map((_, at) => first + at), output, weight };
  const answer = { outputs: integerOf(node, 'n_targets', 1), base: [], aggregate };
  return { ensemble: assembleEnsemble(node, nodes, weights, answer, columns), postTransform };
}
