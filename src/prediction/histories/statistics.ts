/**
 * What a column may take of a series: a number for each hour from the hours up to it, missing values (NaN) left out.
 * `hours` counts back from the hour and includes it; null is everything since the first hour.
 */
export type Statistic = (values: Float64Array, hours: number | null) => Float64Array;

/** A statistic that looks at the values of each window, the newest first. */
function overWindow(of: (known: readonly number[]) => number): Statistic {
  return (values, hours) => {
    const known: number[] = [];
    return values.map((_, hour) => {
      const first = hours === null ? 0 : Math.max(0, hour - hours + 1);
      known.length = 0;
      for (let at = hour; at >= first; at -= 1) if (!Number.isNaN(values[at])) known.push(values[at] as number);
      return of(known);
    });
  };
}

/** A statistic that is carried from one hour to the next; started anew for each window where there is one. */
function running(start: number, step: (carried: number, value: number, hour: number) => number): Statistic {
  const whole = (values: Float64Array) => {
    let carried = start;
    return values.map((value, hour) => {
      if (!Number.isNaN(value)) carried = step(carried, value, hour);
      return carried;
    });
  };
  return (values, hours) => {
    if (hours === null) return whole(values);
    return values.map((_, hour) => whole(values.subarray(Math.max(0, hour - hours + 1), hour + 1)).at(-1) ?? start);
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
const max = running(Number.NaN, (carried, value) => (Number.isNaN(carried) ? value : Math.max(carried, value)));
const min = running(Number.NaN, (carried, value) => (Number.isNaN(carried) ? value : Math.min(carried, value)));
const first = running(Number.NaN, (carried, value) => (Number.isNaN(carried) ? value : carried));
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
