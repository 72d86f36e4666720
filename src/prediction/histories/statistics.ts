/**
 * What a column may take of a series: a number for each hour from the hours up to it, missing values (NaN) left out.
 * `hours` counts back from the hour and includes it; null is everything since the first hour.
 */
export type Statistic = (values: Float64Array, hours: number | null) => Float64Array;

// Loops over plain numbers: thousands of histories are encoded when a model is loaded.
const isMissing = Number.isNaN;
const firstOf = (hour: number, hours: number | null) => (hours === null || hours > hour ? 0 : hour - hours + 1);

/** A statistic that looks at the values of each window, the newest first. */
function overWindow(of: (known: readonly number[]) => number): Statistic {
  return (values, hours) => {
    const known: number[] = [];
    const results = new Float64Array(values.length);
    for (let hour = 0; hour < results.length; hour += 1) {
      const first = firstOf(hour, hours);
      known.length = 0;
      for (let at = hour; at >= first; at -= 1) if (!isMissing(values[at] as number)) known.push(values[at] as number);
      results[hour] = of(known);
    }
    return results;
  };
}

/** A statistic that is carried from one hour to the next; started anew for each window where there is one. */
function running(start: number, step: (carried: number, value: number, hour: number) => number): Statistic {
  const carry = (carried: number, value: number, at: number) => (isMissing(value) ? carried : step(carried, value, at));
  return (values, hours) => {
    const results = new Float64Array(values.length);
    let carried = start;
    for (let hour = 0; hour < results.length; hour += 1) {
      const first = hours === null ? hour : firstOf(hour, hours);
      if (hours !== null) carried = start;
      for (let at = first; at <= hour; at += 1) carried = carry(carried, values[at] as number, hours === null ? at : at - first);
      results[hour] = carried;
    }
    return results;
  };
}

const sumOf = (known: readonly number[]) => known.reduce((total, value) => total + value, 0);
const meanOf = (known: readonly number[]) => (known.length === 0 ? Number.NaN : sumOf(known) / known.length);

/** Population standard deviation, of two values at least. */
function sdOf(known: readonly number[]): number {
  if (known.length < 2) return Number.NaN;
  const mean = meanOf(known);
  return Math.sqrt(sumOf(known.map((value) => (value - mean) ** 2)) / known.length);
}

const over = (values: Float64Array, other: Float64Array, of: (a: number, b: number) => number) =>
  values.map((value, hour) => of(value, other[hour] as number));

/** The value measured last. */
export const last = running(Number.NaN, (_, value) => value);
const count = running(0, (carried) => carried + 1);
const runningSum = running(0, (carried, value) => carried + value);
const max = running(Number.NaN, (carried, value) => (isMissing(carried) || value > carried ? value : carried));
const min = running(Number.NaN, (carried, value) => (isMissing(carried) || value < carried ? value : carried));
const first = running(Number.NaN, (carried, value) => (isMissing(carried) ? value : carried));
const lastHour = running(Number.NaN, (_, __, hour) => hour);

/** Added up from the first hour on; a window is added up from its newest value back. */
const sum: Statistic = (values, hours) => (hours === null ? runningSum(values, null) : overWindow(sumOf)(values, hours));
const mean: Statistic = (values, hours) =>
  hours === null ? over(runningSum(values, null), count(values, null), (total, of) => total / of) : overWindow(meanOf)(values, hours);

/** Each measured value less the one measured before it, carried forward. */
function step(values: Float64Array): Float64Array {
  const before = last(values, null);
  const steps = values.map((value, hour) => (hour === 0 ? Number.NaN : value - (before[hour - 1] as number)));
  let carried = Number.NaN;
  return values.map((value, hour) => {
    if (!Number.isNaN(value)) carried = steps[hour] as number;
    return carried;
  });
}

/** The last value now less the last value `hours` hours ago. */
function change(values: Float64Array, hours: number | null): Float64Array {
  const known = last(values, null);
  return known.map((value, hour) => value - (known[hour - (hours ?? 1)] ?? Number.NaN));
}

export const STATISTICS: Readonly<Record<string, Statistic>> = {
  last,
  /** Hours since a value was measured; 0 in its hour. */
  hoursSince: (values, hours) => lastHour(values, hours).map((measured, hour) => hour - measured),
  /** How many values were measured. */
  count,
  min,
  max,
  mean,
  sum,
  sd: overWindow(sdOf),
  range: (values, hours) => over(max(values, hours), min(values, hours), (high, low) => high - low),
  step: (values) => step(values),
  change,
  sinceFirst: (values) => over(last(values, null), first(values, null), (now, then) => now - then),
  /** The last value less the mean of all so far. */
  fromMean: (values) => over(last(values, null), mean(values, null), (now, usual) => now - usual),
};
