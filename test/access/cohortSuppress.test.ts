/** What an attacker can make of a published table: everything that can be known from it, by two attackers written here. */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { rounded, SMALLEST, spanOf } from '../../src/access/cohort/published.ts';
import { type Counts, type ShownCounts, suppress } from '../../src/access/cohort/suppress.ts';

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const line = (rows: readonly number[]): Counts => ({ total: sum(rows), rows, columns: [], cells: [] });
const table = (cells: readonly (readonly number[])[]): Counts => ({
  total: sum(cells.flat()),
  rows: cells.map(sum),
  columns: (cells[0] ?? []).map((_, at) => sum(cells.map((row) => row[at] ?? 0))),
  cells,
});
const flat = <N>({ total, rows, columns, cells }: Counts<N>): N[] => [total, ...rows, ...columns, ...cells.flat()];
const isFew = (count: number) => count > 0 && count < SMALLEST;

/** Every way to have `places` counts that add up to `most` at most. */
function* tuples(places: number, most: number): Generator<number[]> {
  for (let value = 0; value <= most; value += 1) {
    if (places === 1) yield [value];
    else for (const rest of tuples(places - 1, most - value)) yield [value, ...rest];
  }
}

interface Published {
  readonly shown: ShownCounts;
  /** For each count the values that it has in a table that is published like this. */
  readonly possible: readonly ReadonlySet<number>[];
}

/**
 * The attacker who knows the whole method and has all the time: every table there is (of so many people at most) is published, and
 * those that come out the same are what he cannot tell apart. Only outcomes whose people are all among those tried are given back.
 */
function everyOutcome(counts: Iterable<Counts>, most: number): Published[] {
  const found = new Map<string, { shown: ShownCounts; possible: Set<number>[] }>();
  for (const one of counts) {
    const shown = suppress(one);
    const key = JSON.stringify(shown);
    const outcome = found.get(key) ?? { shown, possible: flat(one).map(() => new Set<number>()) };
    found.set(key, outcome);
    for (const [at, value] of flat(one).entries()) outcome.possible[at]?.add(value);
  }
  return [...found.values()].filter(({ shown }) => shown.total === null || spanOf(shown.total).high <= most);
}

/** Over all outcomes the fewest values that a hidden count of perhaps few people can have. */
function fewestValues(outcomes: readonly Published[]): number {
  const sizes = outcomes.flatMap(({ shown, possible }) =>
    flat(shown).flatMap((count, at) => (count === null && [...(possible[at] ?? [])].some(isFew) ? [possible[at]?.size ?? 0] : [])),
  );
  return Math.min(...sizes);
}

/** Whether more can flow from one node to another, and if so it does: the largest flow, found from nothing (Ford and Fulkerson). */
function largestFlow(capacity: number[][], from: number, to: number): number {
  const push = (node: number, most: number, seen: Set<number>): number => {
    if (node === to) return most;
    seen.add(node);
    for (const [next, left] of (capacity[node] ?? []).entries()) {
      if (left <= 0 || seen.has(next)) continue;
      const pushed = push(next, Math.min(most, left), seen);
      if (pushed === 0) continue;
      (capacity[node] as number[])[next] = left - pushed;
      (capacity[next] as number[])[node] = (capacity[next]?.[node] ?? 0) + pushed;
      return pushed;
    }
    return 0;
  };
  let all = 0;
  for (let more = push(from, 1e9, new Set()); more > 0; more = push(from, 1e9, new Set())) all += more;
  return all;
}

interface Between {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Whether counts with these bounds can add up (Hoffman's circulation, by a largest flow with the lower bounds taken out). */
function canAddUp(arcs: readonly Between[], nodes: number): boolean {
  const capacity = Array.from({ length: nodes + 2 }, () => new Array<number>(nodes + 2).fill(0));
  const add = (from: number, to: number, by: number) => {
    (capacity[from] as number[])[to] = (capacity[from]?.[to] ?? 0) + by;
  };
  for (const { from, to, low, high } of arcs) {
    add(from, to, high - low);
    add(nodes, to, low);
    add(from, nodes + 1, low);
  }
  return largestFlow(capacity, nodes, nodes + 1) === sum(arcs.map(({ low }) => low));
}

/** What is known of a published table, as bounds; the order is that of `flat`. */
function knownOf({ total, rows, columns, cells }: ShownCounts): Between[] {
  const bounds = (shown: number | null) => (shown === null ? { low: 0, high: 100_000 } : spanOf(shown));
  const rowNode = (row: number) => (columns.length === 0 ? 1 : 2 + row);
  return [
    { from: 1, to: 0, ...bounds(total) },
    ...rows.map((shown, row) => ({ from: 0, to: rowNode(row), ...bounds(shown) })),
    ...columns.map((shown, column) => ({ from: 2 + rows.length + column, to: 1, ...bounds(shown) })),
    ...cells.flatMap((row, i) => row.map((shown, j) => ({ from: 2 + i, to: 2 + rows.length + j, ...bounds(shown) }))),
  ];
}

/** A filtered line and the whole of it are a table of two columns, those inside the filter and those outside, of whom nothing is shown. */
const besideWhole = (whole: ShownCounts, inside: ShownCounts): ShownCounts => ({
  total: whole.total,
  rows: whole.rows,
  columns: [inside.total, null],
  cells: inside.rows.map((shown) => [shown, null]),
});

/** How many whole numbers near the true one a count can be, by all the sums at once: 11 at most are looked for. */
function valuesOf(shown: ShownCounts, at: number, truth: number): number {
  const known = knownOf(shown);
  const nodes = 2 + shown.rows.length + shown.columns.length;
  let found = 0;
  for (let value = Math.max(0, truth - 10); value <= truth + 10 && found < 11; value += 1)
    if (canAddUp(known.with(at, { ...(known[at] as Between), low: value, high: value }), nodes)) found += 1;
  return found;
}

const count = fc.oneof(fc.integer({ min: 0, max: 14 }), fc.constant(0), fc.integer({ min: 0, max: 120 }));
const lines = fc.array(count, { minLength: 1, maxLength: 10 }).map(line);
const tables = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
  .chain(([height, width]) => fc.array(fc.array(count, { minLength: width, maxLength: width }), { minLength: height, maxLength: height }))
  .map(table);

describe('a published table', () => {
  it('never shows a count of few people, and rounds every other to 5', () => {
    fc.assert(
      fc.property(fc.oneof(lines, tables), (counts) => {
        for (const [at, shown] of flat(suppress(counts)).entries()) {
          const truth = flat(counts)[at] ?? 0;
          if (shown === null) continue;
          expect(isFew(truth)).toBe(false);
          expect([shown, shown % 5]).toEqual([rounded(truth), 0]);
          expect(truth).toBeGreaterThanOrEqual(spanOf(shown).low);
          expect(truth).toBeLessThanOrEqual(spanOf(shown).high);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves each hidden count 11 values or more, for who solves all its sums', () => {
    fc.assert(
      fc.property(fc.oneof(lines, tables), (counts) => {
        const shown = suppress(counts);
        const truths = flat(counts);
        for (const [at, one] of flat(shown).entries())
          if (one === null) expect(valuesOf(shown, at, truths[at] ?? 0)).toBeGreaterThanOrEqual(11);
      }),
      { numRuns: 300 },
    );
  });

  it('shows a total alike whatever it is divided by, and each dimension alike whatever it is crossed with', () => {
    fc.assert(
      fc.property(tables, (counts) => {
        const { rows, columns, total } = suppress(counts);
        expect({ rows, total }).toEqual({
          rows: suppress(line(counts.rows)).rows,
          total: suppress({ ...line([]), total: counts.total }).total,
        });
        expect(columns).toEqual(suppress(line(counts.columns)).rows);
      }),
    );
  });

  it('leaves 9 values or more for who knows the method and tries every table of three groups', () => {
    function* all() {
      for (const counts of tuples(3, 44)) yield line(counts);
    }
    const outcomes = everyOutcome(all(), 44);
    expect(outcomes.length).toBeGreaterThan(200);
    expect(fewestValues(outcomes)).toBeGreaterThanOrEqual(9);
  });

  it('leaves 9 values or more for who knows the method and tries every table of two by two', () => {
    function* all() {
      for (const [a = 0, b = 0, c = 0, d = 0] of tuples(4, 24))
        yield table([
          [a, b],
          [c, d],
        ]);
    }
    const outcomes = everyOutcome(all(), 24);
    expect(outcomes.length).toBeGreaterThan(30);
    expect(fewestValues(outcomes)).toBeGreaterThanOrEqual(9);
  }, 120_000);

  it('is found out by the same attacker where only the few are hidden', () => {
    const naive = { total: 100, rows: [null, 95], columns: [], cells: [] };
    expect(valuesOf(naive, 1, 5)).toBeLessThan(11);
    expect(valuesOf({ ...naive, rows: [null, null] }, 1, 5)).toBe(11);
  });
});

describe('a filtered table beside the one without the filter', () => {
  const filtered = fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 8 });

  it('hides also where few are left out by the filter, and where nobody is', () => {
    fc.assert(
      fc.property(filtered, (pairs) => {
        const counts = line(pairs.map(([one, other]) => one + other));
        const shown = suppress(line(pairs.map(([one]) => one)), { counts, shown: suppress(counts) });
        for (const [at, [one, other]] of pairs.entries())
          if (isFew(one) || (one + other > 0 && other < SMALLEST)) expect(shown.rows[at]).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('leaves 11 values or more to the few inside and the few outside, for who solves all sums of both tables', () => {
    fc.assert(
      fc.property(filtered, (pairs) => {
        const counts = line(pairs.map(([one, other]) => one + other));
        const whole = suppress(counts);
        const both = besideWhole(whole, suppress(line(pairs.map(([one]) => one)), { counts, shown: whole }));
        for (const [at, truth] of flat(table(pairs)).entries())
          if (isFew(truth)) expect(valuesOf(both, at, truth)).toBeGreaterThanOrEqual(11);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves 11 values or more to the few inside and the few outside, for who knows the method and tries both tables', () => {
    const found = new Map<string, { readonly total: number | null; readonly possible: Set<number>[] }>();
    const most = 32;
    for (const [a = 0, b = 0, c = 0, d = 0] of tuples(4, most)) {
      const counts = line([a + b, c + d]);
      const shown = suppress(counts);
      const both = [shown, suppress(line([a, c]), { counts, shown })];
      const key = JSON.stringify(both);
      const outcome = found.get(key) ?? { total: shown.total, possible: Array.from({ length: 6 }, () => new Set<number>()) };
      found.set(key, outcome);
      for (const [at, value] of [a + c, a, c, b + d, b, d].entries()) outcome.possible[at]?.add(value);
    }
    const whole = [...found.values()].filter(({ total }) => total !== null && spanOf(total).high <= most);
    expect(whole.length).toBeGreaterThan(20);
    const sizes = whole.flatMap(({ possible }) => possible.filter((values) => [...values].some(isFew)).map(({ size }) => size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  }, 60_000);
});
