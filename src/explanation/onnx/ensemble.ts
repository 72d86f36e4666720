/**
 * A tree ensemble as arrays, and how a row goes through it. Branch tests and missing values are those of onnxruntime:
 * both sides as the file stores them (float32, or double where the file has doubles), a missing value (NaN) makes every
 * test false except NEQ, unless `tracksTrue` is set for the node.
 */

/** Tests of a branch, by their number in TreeEnsemble version 5 (ai.onnx.ml, Operators-ml.md). */
export const MODES = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ', 'BRANCH_MEMBER'] as const;
export const LEAF = MODES.length;
export const LEQ = 0;
const [LT, GTE, GT, EQ, NEQ] = [1, 2, 3, 4, 5];

export type Aggregate = 'SUM' | 'AVERAGE' | 'MIN' | 'MAX';
export type PostTransform = 'NONE' | 'LOGISTIC' | 'SOFTMAX' | 'SOFTMAX_ZERO' | 'PROBIT';
export const POST_TRANSFORMS: readonly PostTransform[] = ['NONE', 'LOGISTIC', 'SOFTMAX', 'SOFTMAX_ZERO', 'PROBIT'];

export interface Ensemble {
  /** The first node of each tree. */
  readonly roots: Int32Array;
  /** Column that a node tests. */
  readonly feature: Int32Array;
  /** Index in MODES, or LEAF. */
  readonly mode: Uint8Array;
  readonly threshold: Float64Array;
  readonly tracksTrue: Uint8Array;
  /** Values that BRANCH_MEMBER tests for, by node. */
  readonly members: ReadonlyMap<number, ReadonlySet<number>>;
  /** Next node where the test is true, and where it is false; -1 at a leaf. */
  readonly onTrue: Int32Array;
  readonly onFalse: Int32Array;
  /** The leaf weights of node n: `leafOutput` and `leafWeight` from `leafFrom[n]` to `leafFrom[n + 1]`. */
  readonly leafFrom: Int32Array;
  readonly leafOutput: Int32Array;
  readonly leafWeight: Float64Array;
  /** Numbers that it answers: targets, classes, or one number for two classes. */
  readonly outputs: number;
  /** Base value of each output. */
  readonly base: Float64Array;
  readonly aggregate: Aggregate;
}

/** Whether a node's test is true of a value; NaN is a missing value. */
export function testOf(ensemble: Ensemble, node: number, value: number): boolean {
  const threshold = ensemble.threshold[node] as number;
  if (Number.isNaN(value)) return ensemble.tracksTrue[node] === 1 || ensemble.mode[node] === NEQ;
  switch (ensemble.mode[node]) {
    case LEQ:
      return value <= threshold;
    case LT:
      return value < threshold;
    case GTE:
      return value >= threshold;
    case GT:
      return value > threshold;
    case EQ:
      return value === threshold;
    case NEQ:
      return value !== threshold;
    default:
      return ensemble.members.get(node)?.has(value) ?? false;
  }
}

/** The node that a row goes to from a branch. */
export function nextNode(ensemble: Ensemble, node: number, row: Float64Array): number {
  const value = row[ensemble.feature[node] as number] as number;
  return (testOf(ensemble, node, value) ? ensemble.onTrue[node] : ensemble.onFalse[node]) as number;
}

/** The leaf that a row falls into. */
export function leafOf(ensemble: Ensemble, root: number, row: Float64Array): number {
  let node = root;
  while (ensemble.mode[node] !== LEAF) node = nextNode(ensemble, node, row);
  return node;
}

/** Weight of a leaf for one output. */
export function leafWeightOf({ leafFrom, leafOutput, leafWeight }: Ensemble, leaf: number, output: number): number {
  let sum = 0;
  for (let at = leafFrom[leaf] as number; at < (leafFrom[leaf + 1] as number); at += 1)
    if (leafOutput[at] === output) sum += leafWeight[at] as number;
  return sum;
}

const JOIN: Readonly<Record<Aggregate, (sum: number, weight: number) => number>> = {
  SUM: (sum, weight) => sum + weight,
  AVERAGE: (sum, weight) => sum + weight,
  MIN: Math.min,
  MAX: Math.max,
};
const START: Readonly<Record<Aggregate, number>> = { SUM: 0, AVERAGE: 0, MIN: Number.POSITIVE_INFINITY, MAX: Number.NEGATIVE_INFINITY };

/**
 * The ensemble's raw numbers for a row: before any transform, the base value added.
 * @param row its columns, rounded as the file stores its thresholds
 */
export function ensembleScores(ensemble: Ensemble, row: Float64Array): Float64Array {
  const { leafFrom, leafOutput, leafWeight, roots, aggregate, base, outputs } = ensemble;
  const join = JOIN[aggregate];
  const scores = new Float64Array(outputs).fill(START[aggregate]);
  for (const root of roots) {
    const leaf = leafOf(ensemble, root, row);
    for (let at = leafFrom[leaf] as number; at < (leafFrom[leaf + 1] as number); at += 1) {
      const output = leafOutput[at] as number;
      scores[output] = join(scores[output] as number, leafWeight[at] as number);
    }
  }
  const divisor = aggregate === 'AVERAGE' ? roots.length : 1;
  return scores.map((score, output) => (Number.isFinite(score) ? score : 0) / divisor + (base[output] as number));
}
