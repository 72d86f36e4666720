import type { ModelCard } from './card.ts';
import { type CheckedRow, joinColumns, type RawRow } from './inputs.ts';
import { LINKS } from './link.ts';
import type { LoadedModel } from './registry.ts';

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
  /** In words, beside the number; null where there is nothing more to say. */
  readonly statement: string | null;
  readonly raw: RawRow;
}

export type Prediction = Answer | { readonly status: 'ABSTAINED'; readonly reason: string; readonly raw: RawRow };

/**
 * Conformal interval: quantiles of out-of-sample residuals on the margin's scale, by group (Mondrian), taken through
 * the link. The group is the first whose named inputs are all known, in the list of the patient's race where the card
 * has one. A model that says its own half-width is taken at its word.
 */
export function intervalOf(card: ModelCard, raw: RawRow, margin: number, spread: number | null = null): Interval | null {
  if (!card.interval) return null;
  const { coverage, method, byRace, groups = [] } = card.interval;
  const link = LINKS[card.output.link];
  const around = (low: number, high: number, group: string) => ({
    low: link(margin + low),
    high: link(margin + high),
    coverage,
    method,
    group,
  });
  if (spread !== null) return around(-spread, spread, 'each row its own');
  const own = byRace?.[String(raw['race'])] ?? groups;
  const { low = 0, high = 0, name = '' } = own.find(({ known }) => known.every((input) => raw[input] != null)) ?? own.at(-1) ?? {};
  return around(low, high, name);
}

/** The card's category of a value, each from its lower bound on; null where the card has none. */
function categoryOf({ output }: ModelCard, value: number): string | null {
  return output.categories?.findLast(({ from }) => value >= from)?.name ?? null;
}

interface RowScores {
  readonly margin: number;
  readonly value: number;
  readonly spread: number | null;
}

/** One row's answer, or why there is none. */
function answerOf(model: LoadedModel, { raw, columns, warnings }: CheckedRow, { margin, value, spread }: RowScores): Prediction {
  const said = model.scorer.detail(columns);
  if (said.refusal !== null) return { status: 'ABSTAINED', reason: said.refusal, raw };
  if (!Number.isFinite(value)) return { status: 'ABSTAINED', reason: 'the model gave no finite number', raw };
  const interval = intervalOf(model.card, raw, margin, spread);
  const category = said.category ?? categoryOf(model.card, value);
  const { components, statement } = said;
  const careful = said.warnings.length === 0 ? warnings : [...warnings, ...said.warnings];
  return { status: 'OK', value, margin, interval, category, components, statement, warnings: careful, raw };
}

/** Scores checked rows in one run of the model; a row with problems abstains and is not run. */
export async function predictRows(model: LoadedModel, rows: readonly CheckedRow[]): Promise<Prediction[]> {
  const usable = rows.filter(({ problems }) => problems.length === 0);
  const { margin, value, spread } = await model.scorer.score(joinColumns(usable.map(({ columns }) => columns)), usable.length);
  let next = 0;
  return rows.map((row): Prediction => {
    if (row.problems.length > 0) return { status: 'ABSTAINED', reason: row.problems.join('; '), raw: row.raw };
    const at = next;
    next += 1;
    return answerOf(model, row, { margin: margin[at] ?? Number.NaN, value: value[at] ?? Number.NaN, spread: spread?.[at] ?? null });
  });
}
