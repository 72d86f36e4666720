/** Figures of a model that answers the probability of an event before a horizon, where not everybody was seen until then. */

import { oncePer } from '../../oncePer.ts';
import { recalibrate } from './binary.ts';
import { type Metric, mean, type Sample, type Weights } from './sample.ts';

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** A curve of steps: the share that is left after each time. */
interface Steps {
  readonly times: readonly number[];
  readonly left: readonly number[];
}

/** Rows by rising time. */
const byTime = oncePer(({ time }: Sample): readonly number[] => [...time.keys()].sort((a, b) => (time[a] as number) - (time[b] as number)));

/** Kaplan-Meier; with `of` 1 of the event, with 0 of the end of being seen. */
export function kaplanMeier(sample: Sample, weights: Weights, of: 0 | 1): Steps {
  const rows = byTime(sample);
  let atRisk = total(weights);
  let share = 1;
  const times: number[] = [];
  const left: number[] = [];
  for (let at = 0; at < rows.length; ) {
    const time = sample.time[rows[at] as number] as number;
    let [here, ended] = [0, 0];
    for (; at < rows.length && sample.time[rows[at] as number] === time; at += 1) {
      const weight = weights[rows[at] as number] as number;
      here += weight;
      if (sample.outcome[rows[at] as number] === of) ended += weight;
    }
    if (ended > 0) {
      share *= 1 - ended / atRisk;
      times.push(time);
      left.push(share);
    }
    atRisk -= here;
  }
  return { times, left };
}

/** What is left at a time; `before`: just before it. */
export function leftAt({ times, left }: Steps, time: number, before = false): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const passed = before ? (times[middle] as number) < time : (times[middle] as number) <= time;
    if (passed) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 1 : (left[low - 1] as number);
}

/**
 * What is known at the horizon, weighted by the inverse probability of being seen (Graf 1999): who was not seen until then
 * counts nothing, the others count for them.
 */
function knownAt(sample: Sample, weights: Weights, horizon: number): { readonly happened: Float64Array; readonly weights: Weights } {
  const seen = kaplanMeier(sample, weights, 0);
  const atHorizon = leftAt(seen, horizon);
  const happened = sample.outcome.map((event, row) => (event === 1 && (sample.time[row] as number) <= horizon ? 1 : 0));
  const known = weights.map((weight, row) => {
    const time = sample.time[row] as number;
    if (time > horizon) return weight / atHorizon;
    return happened[row] === 1 ? weight / leftAt(seen, time, true) : 0;
  });
  return { happened, weights: known };
}

/** Brier score at the horizon. */
export function ipcwBrier(horizon: number): Metric {
  return (sample, weights) => {
    const known = knownAt(sample, weights, horizon);
    const errors = known.weights.map((weight, row) => weight * ((sample.predicted[row] as number) - (known.happened[row] as number)) ** 2);
    return total(errors) / total(weights);
  };
}

/** Calibration in the large and slope at the horizon, of the weighted rows whose outcome is known. */
export function calibrationAt(horizon: number): { readonly intercept: Metric; readonly slope: Metric } {
  const line = (sample: Sample, weights: Weights, free: boolean) => {
    const known = knownAt(sample, weights, horizon);
    return recalibrate(sample, known.happened, known.weights, free);
  };
  return {
    intercept: (sample, weights) => line(sample, weights, false).intercept,
    slope: (sample, weights) => line(sample, weights, true).slope,
  };
}

/** Net benefit at the horizon of acting above a threshold (Vickers 2006), of the weighted rows whose outcome is known. */
export function netBenefitAt(horizon: number, threshold: number, everyone: boolean): Metric {
  return (sample, weights) => {
    const known = knownAt(sample, weights, horizon);
    const gains = known.weights.map((weight, row) => {
      if (!everyone && (sample.predicted[row] as number) < threshold) return 0;
      return weight * (known.happened[row] === 1 ? 1 : -threshold / (1 - threshold));
    });
    return total(gains) / total(weights);
  };
}

/** Sums over ranks that grow one by one (a Fenwick tree). */
class RankSums {
  readonly #sums: Float64Array;

  constructor(ranks: number) {
    this.#sums = new Float64Array(ranks + 1);
  }

  add(rank: number, weight: number): void {
    for (let at = rank + 1; at < this.#sums.length; at += at & -at) this.#sums[at] = (this.#sums[at] as number) + weight;
  }

  /** Weight of all ranks below. */
  below(rank: number): number {
    let total = 0;
    for (let at = rank; at > 0; at -= at & -at) total += this.#sums[at] as number;
    return total;
  }
}

/** Place of each row's answer among the distinct ones. */
const ranksOf = oncePer(({ predicted }: Sample) => {
  const distinct = [...new Set(predicted)].sort((a, b) => a - b);
  const places = new Map(distinct.map((value, index) => [value, index]));
  return { rank: Int32Array.from(predicted, (value) => places.get(value) as number), count: distinct.length };
});

/** Rows of the same time, the latest first. */
function* together(sample: Sample): Generator<{ readonly events: number[]; readonly others: number[] }> {
  const rows = byTime(sample);
  for (let at = rows.length - 1; at >= 0; ) {
    const time = sample.time[rows[at] as number] as number;
    const [events, others]: [number[], number[]] = [[], []];
    for (; at >= 0 && sample.time[rows[at] as number] === time; at -= 1) {
      const row = rows[at] as number;
      (sample.outcome[row] === 1 ? events : others).push(row);
    }
    yield { events, others };
  }
}

/** Harrell's C: of pairs of which one is known to have had the event first, how often the model put it above; ties count half. */
export const cIndex: Metric = (sample, weights) => {
  const { rank, count } = ranksOf(sample);
  const later = new RankSums(count);
  let [concordant, pairs, after] = [0, 0, 0];
  const join = (row: number) => {
    later.add(rank[row] as number, weights[row] as number);
    after += weights[row] as number;
  };
  for (const { events, others } of together(sample)) {
    // Somebody who was last seen at the time of an event outlived it.
    others.forEach(join);
    for (const row of events) {
      const [own, weight] = [rank[row] as number, weights[row] as number];
      const lower = later.below(own);
      concordant += weight * (lower + (later.below(own + 1) - lower) / 2);
      pairs += weight * after;
    }
    events.forEach(join);
  }
  return concordant / pairs;
};

/** Share that had the event by the horizon (Kaplan-Meier) over the mean answer. */
export function observedToExpectedAt(horizon: number): Metric {
  return (sample, weights) => {
    const observed = 1 - leftAt(kaplanMeier(sample, weights, 1), horizon);
    return observed / mean(weights, (row) => sample.predicted[row] as number);
  };
}
