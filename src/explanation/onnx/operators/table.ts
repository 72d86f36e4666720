/** Every operator that can be read, by domain and name. */
import { acrossRow, binary, clip, matrix, sum, UNARY_OPERATORS, unary } from './arithmetic.ts';
import { binarizer, cast, choose, concat, imputer, oneHot, reshape, same, scaler } from './columns.ts';
import { linearClassifier, linearRegressor, treeClassifier, treeRegressor } from './models.ts';
import type { Operator } from './operator.ts';

/** The operator sets: the standard one has the empty name. */
const STANDARD: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(UNARY_OPERATORS.map((name) => [name, unary])),
  Identity: same,
  Dropout: same,
  Reshape: reshape,
  Flatten: reshape,
  Cast: cast,
  Concat: concat,
  Gather: choose,
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Pow: binary,
  Sum: sum,
  MatMul: matrix,
  Gemm: matrix,
  Softmax: acrossRow,
  Clip: clip,
};

const MACHINE_LEARNING: Readonly<Record<string, Operator>> = {
  Scaler: scaler,
  Imputer: imputer,
  OneHotEncoder: oneHot,
  Binarizer: binarizer,
  FeatureVectorizer: concat,
  ArrayFeatureExtractor: choose,
  Normalizer: acrossRow,
  ZipMap: same,
  LinearRegressor: linearRegressor,
  LinearClassifier: linearClassifier,
  TreeEnsembleRegressor: treeRegressor,
  TreeEnsembleClassifier: treeClassifier,
  TreeEnsemble: treeRegressor,
};

export function operatorNamed(domain: string, name: string): Operator | null {
  const set = domain === '' ? STANDARD : domain === 'ai.onnx.ml' ? MACHINE_LEARNING : {};
  return (Object.hasOwn(set, name) && set[name]) || null;
}

/** Classifiers answer a label first and the scores second. */
export const CLASSIFIERS: ReadonlySet<string> = new Set(['TreeEnsembleClassifier', 'LinearClassifier']);
