/**
 * What a filtered table and the one without the filter tell together. Each count without the filter is the people inside it and those
 * outside, and so bounds both: all spans are narrowed by all sums of the three tables until none tells more (bounds consistency).
 */
import { isFew, type Span, spanOf } from './published.ts';
import type { Counts, ShownCounts } from './suppress.ts';

export interface Table {
  readonly counts: Counts;
  readonly shown: ShownCounts;
}

/** Places of a count and of those that add up to it. */
interface Sum {
  readonly whole: number;
  readonly parts: readonly number[];
}

/** More people than any table has. */
const MOST = 1e9;

const places = (from: number, count: number, step = 1) => Array.from({ length: count }, (_, at) => from + at * step);
const flat = <N>({ total, rows, columns, cells }: Counts<N>): N[] => [total, ...rows, ...columns, ...cells.flat()];

/** The sums of one table, whose total has the place `from`. */
function sumsWithin({ rows, columns }: Counts, from: number): Sum[] {
  const [height, width] = [rows.length, columns.length];
  const [row, column, cell] = [from + 1, from + 1 + height, from + 1 + height + width];
  const byRow = { whole: from, parts: places(row, height) };
  if (width === 0) return height === 0 ? [] : [byRow];
  return [
    byRow,
    { whole: from, parts: places(column, width) },
    ...rows.map((_, i) => ({ whole: row + i, parts: places(cell + i * width, width) })),
    ...columns.map((_, j) => ({ whole: column + j, parts: places(cell + j, height, width) })),
  ];
}

/** Whether a span was narrowed. */
function narrow(spans: Span[], place: number, low: number, high: number): boolean {
  const known = spans[place] as Span;
  if (low <= known.low && high >= known.high) return false;
  spans[place] = { low: Math.max(low, known.low), high: Math.min(high, known.high) };
  return true;
}

/** Narrows the spans of one sum by one another; whether any was. */
function narrowSum(spans: Span[], { whole, parts }: Sum): boolean {
  const spanAt = (place: number) => spans[place] as Span;
  const low = parts.reduce((sum, part) => sum + spanAt(part).low, 0);
  const high = parts.reduce((sum, part) => sum + spanAt(part).high, 0);
  const isWholeNarrower = narrow(spans, whole, low, high);
  const all = spanAt(whole);
  const narrowed = parts.filter((part) => {
    const own = spanAt(part);
    return narrow(spans, part, all.low - (high - own.high), all.high - (low - own.low));
  });
  return isWholeNarrower || narrowed.length > 0;
}

/** Whether the two tell of a count of few people, inside the filter or outside, to within fewer than `values` values. */
export function tellTogether(inside: Table, whole: Table, values: number): boolean {
  const all = flat(whole.counts);
  const within = flat(inside.counts);
  const size = all.length;
  const ANY: Span = { low: 0, high: MOST };
  const spansOf = (shown: ShownCounts) => flat(shown).map((one) => (one === null ? ANY : spanOf(one)));
  const spans = [...spansOf(whole.shown), ...spansOf(inside.shown), ...new Array<Span>(size).fill(ANY)];
  const sums = [
    ...[0, size, 2 * size].flatMap((from) => sumsWithin(whole.counts, from)),
    ...places(0, size).map((at) => ({ whole: at, parts: [size + at, 2 * size + at] })),
  ];
  while (sums.filter((sum) => narrowSum(spans, sum)).length > 0);
  const truths = [...all, ...within, ...all.map((count, at) => count - (within[at] ?? 0))];
  return truths.some((truth, at) => isFew(truth) && (spans[at] as Span).high - (spans[at] as Span).low + 1 < values);
}
