/** Tree ensembles and linear models of ai.onnx.ml, with the transform that each applies to its scores. */
import { classCount, invalid, nodeName, numbersOf, unsupported, wordOf } from '../attributes.ts';
import { type Ensemble, ensembleScores, POST_TRANSFORMS, type PostTransform } from '../ensemble.ts';
import { readClassifier, readRegressor, type TreeClassifier } from '../ensembleV1.ts';
import { readTreeEnsemble } from '../ensembleV5.ts';
import { combined, type ScoreForm, type Tensor } from '../forms.ts';
import type { OnnxNode } from '../modelFile.ts';
import { type Program, rowOf } from '../program.ts';
import { denseLayer, logistic, softmax } from './arithmetic.ts';
import type { Operator } from './operator.ts';

/** Softmax over the scores that are not 0; those stay 0. */
function softmaxZero(row: Float64Array): Float64Array {
  const present = softmax(row.filter((value) => value !== 0));
  let next = 0;
  return row.map((value) => (value === 0 ? 0 : (present[next++] as number)));
}

const TRANSFORM: Readonly<Record<PostTransform, ((row: Float64Array) => Float64Array) | null>> = {
  NONE: (row) => row,
  LOGISTIC: (row) => row.map(logistic),
  SOFTMAX: softmax,
  SOFTMAX_ZERO: softmaxZero,
  PROBIT: null,
};

/** The scores after the transform; what they were before it is kept as raw. */
function transformed(program: Program, node: OnnxNode, scores: Tensor, postTransform: PostTransform): Tensor {
  if (postTransform === 'NONE') return scores;
  const apply = TRANSFORM[postTransform];
  if (apply === null) throw unsupported(node, `its post_transform is ${postTransform}`);
  return program.add(node, scores.width, { raw: scores.scores, transformed: true, probability: true }, (tensors) =>
    apply(rowOf(tensors, scores)),
  );
}

/** The columns of a row as the branch tests see them. */
function servedRow(input: Tensor): (tensors: Float64Array[]) => Float64Array {
  const { columns } = input;
  if (columns === null) return (tensors) => rowOf(tensors, input).map(Math.fround);
  return (tensors) => {
    const [row = new Float64Array()] = tensors;
    return Float64Array.from(columns, ({ source, served }) => served(row[source] as number));
  };
}

/** A forest's numbers; a sum of its trees where each column comes from one column of the input. */
function forest(program: Program, node: OnnxNode, input: Tensor, ensemble: Ensemble): Tensor {
  const row = servedRow(input);
  const additive = input.columns && (ensemble.aggregate === 'SUM' || ensemble.aggregate === 'AVERAGE');
  const own = { ensemble, columns: input.columns ?? [] };
  const scores = additive
    ? Array.from({ length: ensemble.outputs }, (_, output) => ({ constant: 0, terms: [], forests: [{ forest: own, output, weight: 1 }] }))
    : null;
  return program.add(node, ensemble.outputs, { scores }, (tensors) => ensembleScores(ensemble, row(tensors)));
}

/**
 * Two classes that one number s scores: the other class gets -s; or 1 - s where s is a share, that is without a transform
 * and without a negative leaf.
 */
function bothClasses(program: Program, node: OnnxNode, single: Tensor, share: boolean): Tensor {
  const constant = share ? 1 : 0;
  const scores = single.scores?.flatMap((score): ScoreForm[] => [combined(constant, [{ score, weight: -1 }]), score]) ?? null;
  return program.add(node, 2, { scores }, (tensors) => {
    const [s = 0] = rowOf(tensors, single);
    return Float64Array.of(constant - s, s);
  });
}

export const treeRegressor: Operator = (program, node) => {
  const input = program.need(node);
  const { ensemble, postTransform } = (node.operator === 'TreeEnsemble' ? readTreeEnsemble : readRegressor)(node, input.width);
  return transformed(program, node, forest(program, node, input, ensemble), postTransform);
};

/** Measured with onnxruntime 1.30 and 1.32; what is explained is the file. */
function noteQuirks(program: Program, node: OnnxNode, single: { readonly class: number }, postTransform: PostTransform): void {
  if (single.class === 1)
    program.servedOtherwise.push(
      `${nodeName(node)}: onnxruntime leaves the base value out and scores class 0 as 0, as all weights are for class 1`,
    );
  else if (postTransform === 'SOFTMAX' || postTransform === 'SOFTMAX_ZERO')
    program.servedOtherwise.push(`${nodeName(node)}: onnxruntime serves two classes scored by one number without ${postTransform}`);
}

export const treeClassifier: Operator = (program, node) => {
  const input = program.need(node);
  const { ensemble, postTransform, single }: TreeClassifier = readClassifier(node, input.width);
  if (single) noteQuirks(program, node, single, postTransform);
  const own = forest(program, node, input, ensemble);
  const scores = single ? bothClasses(program, node, own, postTransform === 'NONE' && !single.anyNegative) : own;
  return transformed(program, node, scores, postTransform);
};

function linear(program: Program, node: OnnxNode, outputs: number): Tensor {
  const input = program.need(node);
  const coefficients = numbersOf(node, 'coefficients');
  const intercepts = numbersOf(node, 'intercepts');
  if (coefficients.length !== outputs * input.width)
    throw invalid(node, `it has ${coefficients.length} coefficients for ${outputs} outputs of ${input.width} columns`);
  if (intercepts.length !== 0 && intercepts.length !== outputs)
    throw invalid(node, `it has ${intercepts.length} intercepts for ${outputs} outputs`);
  if (![...coefficients, ...intercepts].every(Number.isFinite)) throw invalid(node, 'a coefficient is not a finite number');
  const weight = (from: number, to: number) => coefficients[to * input.width + from] as number;
  return denseLayer(program, node, input, { outputs, weight, bias: intercepts });
}

export const linearRegressor: Operator = (program, node) => {
  const targets = node.attributes.get('targets')?.integer ?? 1;
  if (!(targets >= 1 && targets <= 10_000)) throw invalid(node, `it has ${targets} targets`);
  return transformed(program, node, linear(program, node, targets), wordOf(node, 'post_transform', POST_TRANSFORMS, 'NONE'));
};

export const linearClassifier: Operator = (program, node) => {
  const classes = classCount(node, 'classlabels_ints');
  const postTransform = wordOf(node, 'post_transform', POST_TRANSFORMS, 'NONE');
  const single = classes === 2 && numbersOf(node, 'coefficients').length === program.need(node).width;
  const own = linear(program, node, single ? 1 : classes);
  const scores = single ? bothClasses(program, node, own, false) : own;
  return transformed(program, node, scores, postTransform);
};
