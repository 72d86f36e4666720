/**
 * How well a model did on a sample of answers and outcomes: figures with 95 % intervals by a bootstrap of people, overall and by
 * group, with a verdict on the gap between a group and the rest. Groups of fewer than 11 people are not shown.
 */
import type { Figure, ModelCard, Verdict } from '../card.ts';
import { alertUtility } from './alertUtility.ts';
import { auprc, auroc, brier, byAnswer, calibrationIntercept, calibrationSlope, netBenefit, observedToExpected } from './binary.ts';
import { bias, coverage, mae, within20 } from './numeric.ts';
import {
  type Draws,
  figure,
  type Metric,
  mean,
  metricFigure,
  ofAnswered,
  once,
  peopleOf,
  type Sample,
  subset,
  type Weights,
} from './sample.ts';
import { calibrationAt, cIndex, ipcwBrier, kaplanMeier, leftAt, netBenefitAt, observedToExpectedAt } from './survival.ts';

/** People below which a group is not shown. */
export const SMALLEST_CELL = 11;

export interface Bin {
  readonly people: number;
  readonly predicted: number;
  readonly observed: Figure;
}

export interface Group {
  readonly by: string;
  readonly level: string;
  /** People; null where they are fewer than 11 or would tell such a group, and nothing more is said then. */
  readonly n: number | null;
  readonly figures: Readonly<Record<string, Figure>>;
  /** The leading figure less that of all others. */
  readonly gap: Figure | null;
  readonly verdict: Verdict | null;
}

/** What kind of outcome it is, and what has to be known of it. */
export type Judged =
  | { readonly kind: 'number' }
  | { readonly kind: 'binary'; readonly score?: 'alertUtility' | null | undefined }
  | { readonly kind: 'survival'; readonly horizon: number };

/** The levels of every row by one thing. */
export interface Levels {
  readonly by: string;
  readonly levels: readonly string[];
}

export interface Judgement {
  readonly figures: Readonly<Record<string, Figure>>;
  /** What the gaps are of. */
  readonly leading: string;
  readonly groups: readonly Group[];
  /** By rising answer; empty where the answer is no probability. */
  readonly calibration: readonly Bin[];
}

export interface DecisionPoint {
  readonly threshold: number;
  readonly model: Figure | null;
  readonly everyone: Figure | null;
}

interface Plan {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly leading: string;
  /** Gap that does not matter: a share of the overall figure for an error, else as it stands. */
  readonly small: number;
}

const ALERT = 'ALERT';
const PROBABILITY = 'probability';
const SMALL_GAP = 0.05;
const SMALL_ERROR_GAP = 0.1;

/** Whether the answer is judged as a probability of the event; a score of points, and a measured number, are not. */
const saysProbability = ({ output }: ModelCard, { kind }: Judged) =>
  kind === 'survival' || (kind === 'binary' && output.unit === PROBABILITY);

function planOf(card: ModelCard, outcome: Judged, overall: (metric: Metric) => number): Plan {
  if (outcome.kind === 'number')
    return { metrics: { mae, within20, bias, coverage }, leading: 'mae', small: SMALL_ERROR_GAP * overall(mae) };
  if (outcome.kind === 'survival') {
    const { intercept, slope } = calibrationAt(outcome.horizon);
    const metrics = {
      brier: ipcwBrier(outcome.horizon),
      cIndex,
      calibrationIntercept: intercept,
      calibrationSlope: slope,
      observedToExpected: observedToExpectedAt(outcome.horizon),
    };
    return { metrics, leading: 'cIndex', small: SMALL_GAP };
  }
  if (!saysProbability(card, outcome)) return { metrics: { auroc, auprc }, leading: 'auroc', small: SMALL_GAP };
  const from = card.output.categories?.find(({ name }) => name === ALERT)?.from;
  const utility = outcome.score === 'alertUtility' && from !== undefined ? { utility: alertUtility(from) } : null;
  const ofProbability = { auprc, brier, calibrationIntercept, calibrationSlope, observedToExpected };
  const answered = Object.fromEntries(Object.entries(ofProbability).map(([name, metric]) => [name, ofAnswered(metric)]));
  const metrics = { auroc: ofAnswered(auroc), ...utility, ...answered };
  return { metrics, leading: utility ? 'utility' : 'auroc', small: SMALL_GAP };
}

function figuresOf({ metrics }: Plan, sample: Sample, draws: Draws): Record<string, Figure> {
  const entries = Object.entries(metrics).map(([name, metric]) => [name, metricFigure(sample, metric, draws)] as const);
  return Object.fromEntries(entries.flatMap(([name, made]) => (made ? [[name, made]] : [])));
}

function verdictOf(gap: Figure | null, small: number): Verdict | null {
  if (!gap) return null;
  if (gap.low > 0 || gap.high < 0) return 'GAP_SHOWN';
  return gap.low >= -small && gap.high <= small ? 'NO_GAP_SHOWN' : 'INCONCLUSIVE';
}

const rowsWhere = (levels: readonly string[], is: (level: string) => boolean) =>
  Int32Array.from(levels.flatMap((level, row) => (is(level) ? [row] : [])));

const hiddenGroup = (by: string, level: string): Group => ({ by, level, n: null, figures: {}, gap: null, verdict: null });

function groupOf(plan: Plan, sample: Sample, draws: Draws, by: string, level: string, levels: readonly string[]): Group {
  const own = subset(
    sample,
    rowsWhere(levels, (one) => one === level),
  );
  const n = peopleOf(own);
  const rest = subset(
    sample,
    rowsWhere(levels, (one) => one !== level),
  );
  const lead = plan.metrics[plan.leading] as Metric;
  const difference = ([mine = once(own), others = once(rest)]: readonly Weights[]) => lead(own, mine) - lead(rest, others);
  const gap = peopleOf(rest) < SMALLEST_CELL ? null : figure([own, rest], difference, draws);
  return { by, level, n, figures: figuresOf(plan, own, draws), gap, verdict: verdictOf(gap, plan.small) };
}

const PARTS = 10;

/** Parts by rising answer, ten of equal size at first: neighbours are joined until none has a cell under 11 people. */
function partsOf(outcome: Judged, sample: Sample): Int32Array[] {
  const order = byAnswer(sample).filter((row) => sample.answered?.[row] !== 0);
  const cut = (part: number) => Math.floor((part * order.length) / PARTS);
  const parts: number[][] = [];
  let open: number[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    open.push(...order.slice(cut(part), cut(part + 1)));
    if (cellOf(outcome, sample, open) < SMALLEST_CELL) continue;
    parts.push(open);
    open = [];
  }
  const last = parts.pop();
  return [...parts, [...(last ?? []), ...open]].map((rows) => Int32Array.from(rows));
}

/** What was said by rising answer, and what came. */
function calibrationOf(card: ModelCard, outcome: Judged, sample: Sample, draws: Draws): Bin[] {
  if (!saysProbability(card, outcome)) return [];
  const seen: Metric = (part, weights) =>
    outcome.kind === 'survival'
      ? 1 - leftAt(kaplanMeier(part, weights, 1), outcome.horizon)
      : mean(weights, (row) => part.outcome[row] as number);
  return partsOf(outcome, sample).flatMap((rows) => {
    const part = subset(sample, rows);
    const observed = metricFigure(part, seen, draws);
    return observed ? [{ people: peopleOf(part), predicted: mean(once(part), (row) => part.predicted[row] as number), observed }] : [];
  });
}

const THRESHOLDS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5];

/** Net benefit of acting above a threshold; empty where the answer is no probability. */
export function decisionCurveOf(card: ModelCard, outcome: Judged, sample: Sample, draws: Draws): DecisionPoint[] {
  if (!saysProbability(card, outcome)) return [];
  const benefit = (threshold: number, everyone: boolean) =>
    outcome.kind === 'survival' ? netBenefitAt(outcome.horizon, threshold, everyone) : ofAnswered(netBenefit(threshold, everyone));
  return THRESHOLDS.map((threshold) => ({
    threshold,
    model: metricFigure(sample, benefit(threshold, false), draws),
    everyone: metricFigure(sample, benefit(threshold, true), draws),
  }));
}

/** People of some rows: all, or where an event is judged the fewer of those who had it and those who had not. */
export function cellOf(outcome: Judged, sample: Sample, rows: Iterable<number>): number {
  const people = new Set<number>();
  const had = new Set<number>();
  for (const row of rows) {
    people.add(sample.person[row] as number);
    if (sample.outcome[row] === 1) had.add(sample.person[row] as number);
  }
  return outcome.kind === 'number' ? people.size : Math.min(had.size, people.size - had.size);
}

/** Levels that are not shown: those with a cell under 11 people, and the smallest others where the total would tell them. */
function hiddenLevels(outcome: Judged, sample: Sample, levels: readonly string[]): Set<string> {
  const rows = new Map<string, number[]>();
  for (const [row, level] of levels.entries()) {
    const own = rows.get(level);
    if (own) own.push(row);
    else rows.set(level, [row]);
  }
  const sizes = [...rows].map(([level, own]) => ({ level, n: cellOf(outcome, sample, own) })).sort((a, b) => a.n - b.n);
  let hidden = sizes.filter(({ n }) => n < SMALLEST_CELL).length;
  if (hidden === 0) return new Set();
  const people = (count: number) => sizes.slice(0, count).reduce((sum, { n }) => sum + n, 0);
  // What all have less what the shown have is what the hidden have: they are two levels and 11 people at least.
  while (hidden < sizes.length && (hidden < 2 || people(hidden) < SMALLEST_CELL)) hidden += 1;
  return new Set(sizes.slice(0, hidden).map(({ level }) => level));
}

/**
 * Judges a sample, overall and by group.
 * @param sample of at least 11 people
 */
export function judge(card: ModelCard, outcome: Judged, sample: Sample, groupings: readonly Levels[], draws: Draws): Judgement {
  const all = once(sample);
  const plan = planOf(card, outcome, (metric) => metric(sample, all));
  const groups = groupings.flatMap(({ by, levels }) => {
    const hidden = hiddenLevels(outcome, sample, levels);
    return [...new Set(levels)]
      .sort()
      .map((level) => (hidden.has(level) ? hiddenGroup(by, level) : groupOf(plan, sample, draws, by, level, levels)));
  });
  return {
    figures: figuresOf(plan, sample, draws),
    leading: plan.leading,
    groups,
    calibration: calibrationOf(card, outcome, sample, draws),
  };
}
