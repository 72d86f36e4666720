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

/** constant + sum of weight x score; a weight of 0 leaves nothing of its score. */
export function combined(constant: number, parts: readonly { readonly score: ScoreForm; readonly weight: number }[]): ScoreForm {
  const kept = parts.filter(({ weight }) => weight !== 0).map(({ score, weight }) => scaled(score, weight));
  return {
    constant: kept.reduce((sum, score) => sum + score.constant, constant),
    terms: kept.flatMap(({ terms }) => terms),
    forests: kept.flatMap(({ forests }) => forests),
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
    exact: (value) => exact(column.exact(value)),
    served: (value) => Math.fround(served(column.served(value))),
  };
}
