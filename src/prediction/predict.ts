import type { ModelCard } from './card.ts';
import type { FeatureVector } from './features.ts';
import type { RawRow } from './inputs.ts';
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

export type Prediction =
  | { readonly status: 'OK'; readonly value: number; readonly margin: number; readonly interval: Interval; readonly raw: RawRow }
  | { readonly status: 'ABSTAINED'; readonly reason: string; readonly raw: RawRow };

/** The answer's unit from the margin. */
export function link(card: ModelCard, margin: number): number {
  if (card.output.link === 'identity') return margin;
  return Math.max(0, margin) ** 2;
}

/**
 * Conformal interval: quantiles of out-of-sample residuals on the margin's scale, by group (Mondrian), taken through
 * the link. The group is the first whose named inputs are all known, in the list of the patient's race where the card
 * has one.
 */
export function intervalOf(card: ModelCard, raw: RawRow, margin: number): Interval {
  const { coverage, method } = card.interval;
  const groups = card.interval.byRace?.[String(raw['race'])] ?? card.interval.groups;
  const group = groups.find(({ known }) => known.every((name) => raw[name] != null)) ?? groups[groups.length - 1];
  const { low = 0, high = 0, name = '' } = group ?? {};
  return { low: link(card, margin + low), high: link(card, margin + high), coverage, method, group: name };
}

/** Scores checked rows in one run of the model; a row with problems abstains and is not run. */
export async function predictRows(model: LoadedModel, rows: readonly Pick<FeatureVector, 'raw' | 'problems'>[]): Promise<Prediction[]> {
  const usable = rows.filter(({ problems }) => problems.length === 0);
  const scores = await model.scorer.score(
    encodeRows(
      model.card,
      usable.map(({ raw }) => raw),
    ),
    usable.length,
  );
  let next = 0;
  return rows.map(({ raw, problems }): Prediction => {
    if (problems.length > 0) return { status: 'ABSTAINED', reason: problems.join('; '), raw };
    const margin = scores.margin[next] ?? Number.NaN;
    const value = scores.value[next] ?? Number.NaN;
    next += 1;
    if (!Number.isFinite(value)) return { status: 'ABSTAINED', reason: 'the model gave no finite number', raw };
    return { status: 'OK', value, margin, interval: intervalOf(model.card, raw, margin), raw };
  });
}
