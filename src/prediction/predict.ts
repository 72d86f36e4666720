import type { ModelCard } from './card.ts';
import type { FeatureVector } from './features.ts';
import type { RawRow } from './inputs.ts';
import { LINKS } from './link.ts';
import { encodeRows, type LoadedModel } from './registry.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Share of people for whom the true value lies inside, 0..1. */
  readonly coverage: number;
  readonly method: string;
  /** Calibration group that the interval was taken from. */
  readonly group: string;
}

export interface Answer {
  readonly status: 'OK';
  readonly value: number;
  readonly margin: number;
  /** Null where the model has none: a published equation without one. */
  readonly interval: Interval | null;
  readonly category: string | null;
  readonly components: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly raw: RawRow;
}

export type Prediction = Answer | { readonly status: 'ABSTAINED'; readonly reason: string; readonly raw: RawRow };

/**
 * Conformal interval: quantiles of out-of-sample residuals on the margin's scale, by group (Mondrian), taken through
 * the link. The group is the first whose named inputs are all known, in the list of the patient's race where the card
 * has one.
 */
export function intervalOf(card: ModelCard, raw: RawRow, margin: number): Interval | null {
  if (!card.interval) return null;
  const { coverage, method } = card.interval;
  const groups = card.interval.byRace?.[String(raw['race'])] ?? card.interval.groups;
  const group = groups.find(({ known }) => known.every((name) => raw[name] != null)) ?? groups[groups.length - 1];
  const { low = 0, high = 0, name = '' } = group ?? {};
  const link = LINKS[card.output.link];
  return { low: link(margin + low), high: link(margin + high), coverage, method, group: name };
}

/** The card's category of a value, each from its lower bound on; null where the card has none. */
function categoryOf({ output }: ModelCard, value: number): string | null {
  return output.categories?.findLast(({ from }) => value >= from)?.name ?? null;
}

/** One row's answer, or why there is none. */
function answerOf(model: LoadedModel, raw: RawRow, columns: Float64Array, margin: number, value: number): Prediction {
  const { refusal, category, ...said } = model.scorer.detail(columns);
  if (refusal !== null) return { status: 'ABSTAINED', reason: refusal, raw };
  if (!Number.isFinite(value)) return { status: 'ABSTAINED', reason: 'the model gave no finite number', raw };
  const interval = intervalOf(model.card, raw, margin);
  return { status: 'OK', value, margin, interval, category: category ?? categoryOf(model.card, value), ...said, raw };
}

/** Scores checked rows in one run of the model; a row with problems abstains and is not run. */
export async function predictRows(model: LoadedModel, rows: readonly Pick<FeatureVector, 'raw' | 'problems'>[]): Promise<Prediction[]> {
  const usable = rows.filter(({ problems }) => problems.length === 0);
  const columns = encodeRows(
    model.card,
    usable.map(({ raw }) => raw),
  );
  const { margin, value } = await model.scorer.score(columns, usable.length);
  const width = model.card.columns.length;
  let next = 0;
  return rows.map(({ raw, problems }): Prediction => {
    if (problems.length > 0) return { status: 'ABSTAINED', reason: problems.join('; '), raw };
    const own = columns.subarray(next * width, (next + 1) * width);
    const prediction = answerOf(model, raw, own, margin[next] ?? Number.NaN, value[next] ?? Number.NaN);
    next += 1;
    return prediction;
  });
}
