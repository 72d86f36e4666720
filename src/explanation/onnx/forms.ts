/**
 * What a tensor of the graph is as a function of the columns of the input. As long as it is a sum of functions of single
 * columns and of trees, its Shapley values are sums too and are found in closed form; anything else is a function that
 * can be called.
 */
import type { Link } from '../games/linkedLinear.ts';
import type { Ensemble } from './ensemble.ts';

/** A function of one column of the input. */
export interface ColumnForm {
  /** Number of the input's column. */
  readonly source: number;
  /** In double precision: what linear models and networks are explained with. */
  readonly exact: (value: number) => number;
  /** As onnxruntime computes it, rounded to float32 after each step: what branch tests compare. */
  readonly served: (value: number) => number;
  /** Whether its values may be finer than float32: the column of another input, until it is cast. */
  readonly wide: boolean;
}

/** An ensemble and what stands in front of it. */
export interface Forest {
  readonly ensemble: Ensemble;
  /** One per column of the ensemble. */
  readonly columns: readonly ColumnForm[];
}

/** constant + sum of weight x column + sum of weight x output of a forest. */
export interface ScoreForm {
  readonly constant: number;
  readonly terms: readonly { readonly column: ColumnForm; readonly weight: number }[];
  readonly forests: readonly { readonly forest: Forest; readonly output: number; readonly weight: number }[];
}

/** Computes a row: one array of numbers per tensor, in the order of the program. */
export type Step = (tensors: Float64Array[]) => Float64Array;

export interface Tensor {
  /** Numbers per row. */
  readonly width: number;
  /** Place of its numbers while a row is computed. */
  readonly slot: number;
  readonly columns: readonly ColumnForm[] | null;
  readonly scores: readonly ScoreForm[] | null;
  /** The scores before a link (logistic, softmax, exp, square); null where it comes from no sum. */
  readonly raw: readonly ScoreForm[] | null;
  /** Whether the raw scores are those of a model node before its post_transform, and the tensor is what that makes of them. */
  readonly transformed: boolean;
  /** Whether each number is a probability by the operator that made it: Sigmoid, Softmax or such a post_transform. */
  readonly probability: boolean;
  /** The link that makes each number of the raw score of its place, where it is one of these and nothing else. */
  readonly link: Link | null;
}

export const columnScore = (column: ColumnForm): ScoreForm => ({ constant: 0, terms: [{ column, weight: 1 }], forests: [] });

export function scaled(score: ScoreForm, factor: number): ScoreForm {
  return {
    constant: score.constant * factor,
    terms: score.terms.map((term) => ({ ...term, weight: term.weight * factor })),
    forests: score.forests.map((one) => ({ ...one, weight: one.weight * factor })),
  };
}

/** The terms with those of one column put together, so that a sum of sums is no longer than it has columns. */
function joinedTerms(terms: ScoreForm['terms']): ScoreForm['terms'] {
  const weights = new Map<ColumnForm, number>();
  for (const { column, weight } of terms) weights.set(column, (weights.get(column) ?? 0) + weight);
  return [...weights].filter(([, weight]) => weight !== 0).map(([column, weight]) => ({ column, weight }));
}

/** The same for the outputs of a forest. */
function joinedForests(forests: ScoreForm['forests']): ScoreForm['forests'] {
  const weights = new Map<Forest, Map<number, number>>();
  for (const { forest, output, weight } of forests) {
    const own = weights.get(forest) ?? new Map<number, number>();
    weights.set(forest, own.set(output, (own.get(output) ?? 0) + weight));
  }
  return [...weights].flatMap(([forest, own]) =>
    [...own].filter(([, weight]) => weight !== 0).map(([output, weight]) => ({ forest, output, weight })),
  );
}

/** constant + sum of weight x score; a weight of 0 leaves nothing of its score. */
export function combined(constant: number, parts: readonly { readonly score: ScoreForm; readonly weight: number }[]): ScoreForm {
  const kept = parts.filter(({ weight }) => weight !== 0).map(({ score, weight }) => scaled(score, weight));
  return {
    constant: kept.reduce((sum, score) => sum + score.constant, constant),
    terms: joinedTerms(kept.flatMap(({ terms }) => terms)),
    forests: joinedForests(kept.flatMap(({ forests }) => forests)),
  };
}

/** The tensor as scores, where it is a sum at all. */
export function scoresOf(tensor: Tensor): readonly ScoreForm[] | null {
  return tensor.scores ?? tensor.columns?.map(columnScore) ?? null;
}

/** A column through one more step, rounded on the served way. */
export function through(column: ColumnForm, exact: (value: number) => number, served = exact): ColumnForm {
  return {
    source: column.source,
    wide: column.wide,
    exact: (value) => exact(column.exact(value)),
    served: (value) => Math.fround(served(column.served(value))),
  };
}
