/** Figures of a model that answers the probability of an event. */
import { oncePer } from '../../oncePer.ts';
import { type Metric, mean, type Sample, type Weights } from './sample.ts';

/** Rows by rising answer. */
export const byAnswer = oncePer(
  ({ predicted }: Sample): Int32Array =>
    Int32Array.from(predicted, (_, row) => row).sort((a, b) => (predicted[a] as number) - (predicted[b] as number)),
);

/** Area under the ROC curve: how often a row with the event is put above one without; ties count half. */
export const auroc: Metric = (sample, weights) => {
  const order = byAnswer(sample);
  let [below, pairs, positives] = [0, 0, 0];
  for (let at = 0; at < order.length; ) {
    const answer = sample.predicted[order[at] as number];
    let [tiedWith, tiedWithout] = [0, 0];
    for (; at < order.length && sample.predicted[order[at] as number] === answer; at += 1) {
      const row = order[at] as number;
      if (sample.outcome[row] === 1) tiedWith += weights[row] as number;
      else tiedWithout += weights[row] as number;
    }
    pairs += tiedWith * (below + tiedWithout / 2);
    below += tiedWithout;
    positives += tiedWith;
  }
  return pairs / (positives * below);
};

/** Area under the precision-recall curve: precision at each event, from the highest answer down (average precision). */
export const auprc: Metric = (sample, weights) => {
  const order = byAnswer(sample);
  let [found, taken, area] = [0, 0, 0];
  for (let at = order.length - 1; at >= 0; ) {
    const answer = sample.predicted[order[at] as number];
    let events = 0;
    for (; at >= 0 && sample.predicted[order[at] as number] === answer; at -= 1) {
      const row = order[at] as number;
      taken += weights[row] as number;
      if (sample.outcome[row] === 1) events += weights[row] as number;
    }
    found += events;
    if (taken > 0) area += events * (found / taken);
  }
  return area / found;
};

export const brier: Metric = (sample, weights) =>
  mean(weights, (row) => ((sample.predicted[row] as number) - (sample.outcome[row] as number)) ** 2);

export const observedToExpected: Metric = (sample, weights) =>
  mean(weights, (row) => sample.outcome[row] as number) / mean(weights, (row) => sample.predicted[row] as number);

const CLOSE_TO_CERTAIN = 1e-9;
const logit = (probability: number) => {
  const inside = Math.min(1 - CLOSE_TO_CERTAIN, Math.max(CLOSE_TO_CERTAIN, probability));
  return Math.log(inside / (1 - inside));
};

const logOdds = oncePer(({ predicted }: Sample) => predicted.map(logit));

const MAX_STEPS = 50;
/** A step is halved thirty times at most. */
const SMALLEST_SHARE = 2 ** -30;
const CLOSE_ENOUGH = 1e-7;

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** The logistic likelihood at a line, with its gradient and (negative) curvature. */
interface Likelihood {
  readonly log: number;
  readonly gradient: readonly [number, number];
  readonly curvature: readonly [number, number, number];
}

/** log(1 + exp(x)) without overflow. */
const softplus = (x: number) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

function likelihoodAt({ intercept, slope }: Line, answers: Float64Array, outcome: Float64Array, weights: Weights): Likelihood {
  let [log, g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < answers.length; row += 1) {
    const times = weights[row] as number;
    if (times === 0) continue;
    const x = answers[row] as number;
    const odds = intercept + slope * x;
    const p = 1 / (1 + Math.exp(-odds));
    const [miss, bend] = [times * ((outcome[row] as number) - p), times * p * (1 - p)];
    log += times * ((outcome[row] as number) * odds - softplus(odds));
    g0 += miss;
    g1 += miss * x;
    h00 += bend;
    h01 += bend * x;
    h11 += bend * x * x;
  }
  return { log, gradient: [g0, g1], curvature: [h00, h01, h11] };
}

function newtonStep({ gradient: [g0, g1], curvature: [h00, h01, h11] }: Likelihood, free: boolean): readonly [number, number] {
  const determinant = h00 * h11 - h01 * h01;
  return free ? [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant] : [g0 / h00, 0];
}

interface Place extends Likelihood {
  readonly line: Line;
}

/** The step, or as much of it as makes the likelihood no worse. */
function stepUp({ line, log }: Place, [by0, by1]: readonly [number, number], at: (line: Line) => Place): Place {
  for (let share = 1; ; share /= 2) {
    const next = at({ intercept: line.intercept + share * by0, slope: line.slope + share * by1 });
    if (next.log >= log || share <= SMALLEST_SHARE) return next;
  }
}

/** Newton's method with its steps halved while they make the likelihood worse; NaN where there is no maximum (all told apart). */
function climb(start: Line, free: boolean, at: (line: Line) => Place): Line {
  let here = at(start);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const [by0, by1] = newtonStep(here, free);
    if (!Number.isFinite(by0 + by1)) break;
    if (Math.abs(by0) + Math.abs(by1) <= CLOSE_ENOUGH) return { intercept: here.line.intercept + by0, slope: here.line.slope + by1 };
    here = stepUp(here, [by0, by1], at);
  }
  return { intercept: Number.NaN, slope: Number.NaN };
}

/**
 * Logistic recalibration on the model's log-odds.
 * @param free whether the slope is fitted too; else it is 1
 */
export function recalibrate(sample: Sample, outcome: Float64Array, weights: Weights, free: boolean): Line {
  const answers = logOdds(sample);
  const at = (line: Line) => ({ line, ...likelihoodAt(line, answers, outcome, weights) });
  const level = climb({ intercept: 0, slope: 1 }, false, at);
  return free && Number.isFinite(level.intercept) ? climb(level, true, at) : level;
}

/** Calibration in the large: what is to be added to all log-odds. 0 is right; above 0 the model says too little. */
export const calibrationIntercept: Metric = (sample, weights) => recalibrate(sample, sample.outcome, weights, false).intercept;

/** 1 is right; below 1 the model's answers are too extreme. */
export const calibrationSlope: Metric = (sample, weights) => recalibrate(sample, sample.outcome, weights, true).slope;

/** Benefit of acting above a threshold, in true positives a row, as many false ones as its odds say set against each (Vickers 2006). */
export function netBenefit(threshold: number, everyone: boolean): Metric {
  const odds = threshold / (1 - threshold);
  return (sample, weights) =>
    mean(weights, (row) => {
      if (!everyone && (sample.predicted[row] as number) < threshold) return 0;
      return sample.outcome[row] === 1 ? 1 : -odds;
    });
}
