/** Rows that a model has answered, beside what became of them. A bootstrap draw is the same rows with other weights. */
import type { Figure } from '../card.ts';
import { randomNumbers } from '../randomNumbers.ts';

export interface Sample {
  /** The answer, in its unit. */
  readonly predicted: Float64Array;
  /** 1 or 0 of an event; a number of a measured outcome; of a survival 1 where the event happened, 0 where it was not seen. */
  readonly outcome: Float64Array;
  /** Time of the event or of the last look at it; empty where the outcome is no survival. */
  readonly time: Float64Array;
  /** Whether the truth lies inside the answer's interval; NaN where there is none. */
  readonly inside: Float64Array;
  /** Number of the person of each row. */
  readonly person: Int32Array;
  readonly people: number;
  /** 0 where the model did not answer; such rows are only in samples of alerts by the hour, where they are silence. */
  readonly answered?: Float64Array;
  /** What an alert, silence and the best of both earn in each row; left out where alerts by the hour are not judged. */
  readonly earned?: Earned;
}

export interface Earned {
  readonly alert: Float64Array;
  readonly silence: Float64Array;
  readonly best: Float64Array;
}

/** How often each row counts. */
export type Weights = Float64Array;

/** A figure of a sample; NaN where it cannot be told. */
export type Metric = (sample: Sample, weights: Weights) => number;

export const once = (sample: Sample): Weights => new Float64Array(sample.predicted.length).fill(1);

export function mean(weights: Weights, of: (row: number) => number): number {
  let total = 0;
  let weight = 0;
  for (let row = 0; row < weights.length; row += 1) {
    const times = weights[row] as number;
    if (times === 0) continue;
    total += times * of(row);
    weight += times;
  }
  return total / weight;
}

/** The metric of the rows that were answered. */
export function ofAnswered(metric: Metric): Metric {
  return (sample, weights) => {
    const { answered } = sample;
    return metric(sample, answered ? weights.map((weight, row) => weight * (answered[row] as number)) : weights);
  };
}

/** Some rows of a sample; people keep their numbers. */
export function subset(sample: Sample, rows: Int32Array): Sample {
  const pick = (values: Float64Array) => (values.length === 0 ? values : Float64Array.from(rows, (row) => values[row] as number));
  return {
    predicted: pick(sample.predicted),
    outcome: pick(sample.outcome),
    time: pick(sample.time),
    inside: pick(sample.inside),
    person: Int32Array.from(rows, (row) => sample.person[row] as number),
    people: sample.people,
    ...(sample.answered && { answered: pick(sample.answered) }),
    ...(sample.earned && {
      earned: { alert: pick(sample.earned.alert), silence: pick(sample.earned.silence), best: pick(sample.earned.best) },
    }),
  };
}

/** How many people the rows are of. */
export const peopleOf = ({ person }: Sample) => new Set(person).size;

/** Bootstrap draws: people drawn with replacement, as often as there are people; all rows of a person go together. */
export class Draws {
  /** How often each person was drawn, a list a draw. */
  readonly #times: readonly Uint16Array[];

  constructor(people: number, count: number, seed: number) {
    const random = randomNumbers(seed);
    this.#times = Array.from({ length: count }, () => {
      const times = new Uint16Array(people);
      for (let drawn = 0; drawn < people; drawn += 1) {
        const person = Math.floor(random() * people);
        times[person] = (times[person] as number) + 1;
      }
      return times;
    });
  }

  /** What each draw gives of some samples, to which it gives their weights. */
  of(samples: readonly Sample[], take: (weights: readonly Weights[]) => number): number[] {
    const weights = samples.map(({ person }) => new Float64Array(person.length));
    return this.#times.map((times) => {
      for (const [index, { person }] of samples.entries()) {
        const own = weights[index] as Weights;
        for (let row = 0; row < person.length; row += 1) own[row] = times[person[row] as number] as number;
      }
      return take(weights);
    });
  }
}

/** The middle 95 % of what the draws gave. */
function middle(values: readonly number[]): { low: number; high: number } {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}

/** A figure of one sample, or of several together, with its 95 % interval (percentile bootstrap); null where it cannot be told. */
export function figure(samples: readonly Sample[], of: (weights: readonly Weights[]) => number, draws: Draws): Figure | null {
  const value = of(samples.map(once));
  if (!Number.isFinite(value)) return null;
  const { low, high } = middle(draws.of(samples, of));
  return Number.isFinite(low) ? { value, low, high } : null;
}

/** A metric of one sample. */
export const metricFigure = (sample: Sample, metric: Metric, draws: Draws) =>
  figure([sample], ([weights = once(sample)]) => metric(sample, weights), draws);
