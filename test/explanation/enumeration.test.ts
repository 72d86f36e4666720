/** Exact attributions against the definition, on a scorer whose truth is known, and the laws that must hold. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cardGames } from '../../src/explanation/cardGames.ts';
import { residualOf } from '../../src/explanation/explain.ts';
import type { ModelCard } from '../../src/prediction/card.ts';
import type { Scorer } from '../../src/prediction/scorer.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const card = {
  columns: NAMES.map((name) => ({ name, input: name, encode: 'number', fill: 0 })),
  players: [
    { name: 'a', label: 'a', inputs: ['a'], modifiable: false },
    { name: 'bc', label: 'b and c', inputs: ['b', 'c'], modifiable: false },
    { name: 'd', label: 'd', inputs: ['d'], modifiable: false },
    { name: 'e', label: 'e', inputs: ['e'], modifiable: false },
  ],
} as unknown as ModelCard;

/** margin = 1 + a + 2b - c + a·d, squared for the value; e is never used. */
function margin(row: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0] = row;
  return 1 + a + 2 * b - c + a * d;
}

const scorer: Scorer = {
  score: async (columns, rows) => {
    const margins = Float64Array.from({ length: rows }, (_, row) =>
      margin([...columns.subarray(row * NAMES.length, (row + 1) * NAMES.length)]),
    );
    return { margin: margins, value: margins.map((value) => value ** 2) };
  },
  detail: () => ({ components: {}, category: null, refusal: null, warnings: [], statement: null }),
  check: async () => undefined,
};

const toRow = (values: readonly number[]) => Float64Array.from(NAMES, (_, index) => values[index] ?? 0);

/** Shapley values by the definition: the mean marginal contribution over all orders of the players. */
function byOrders(x: readonly number[], background: readonly (readonly number[])[]): number[] {
  const groups = [[0], [1, 2], [3], [4]];
  const value = (members: readonly number[]) => {
    const own = new Set(members.flatMap((player) => groups[player] ?? []));
    const total = background.reduce(
      (sum, b) => sum + margin(NAMES.map((_, index) => (own.has(index) ? (x[index] ?? 0) : (b[index] ?? 0)))) ** 2,
      0,
    );
    return total / background.length;
  };
  const orders = (rest: readonly number[]): number[][] =>
    rest.length === 0 ? [[]] : rest.flatMap((first) => orders(rest.filter((other) => other !== first)).map((tail) => [first, ...tail]));
  const all = orders([0, 1, 2, 3]);
  const sums = [0, 0, 0, 0];
  for (const order of all) {
    for (const [place, player] of order.entries())
      sums[player] = (sums[player] ?? 0) + value(order.slice(0, place + 1)) - value(order.slice(0, place));
  }
  return sums.map((sum) => sum / all.length);
}

/** Whole numbers, so that float32 columns lose nothing. */
const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 5, maxLength: 5 });
const backgrounds = fc.array(values, { minLength: 1, maxLength: 6 });

describe('exact enumeration', () => {
  it('equals the mean over all orders of the players', async () => {
    await fc.assert(
      fc.asyncProperty(values, backgrounds, async (x, background) => {
        const { value } = await cardGames(card, scorer, toRow(x), background.map(toRow));
        for (const [player, expected] of byOrders(x, background).entries()) expect(value.values[player]).toBeCloseTo(expected, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('adds up to the answer, on both scales', async () => {
    await fc.assert(
      fc.asyncProperty(values, backgrounds, async (x, background) => {
        const games = await cardGames(card, scorer, toRow(x), background.map(toRow));
        expect(games.margin.full).toBe(margin(x));
        expect(games.value.full).toBe(margin(x) ** 2);
        expect(Math.abs(residualOf(games.value))).toBeLessThan(1e-9);
        expect(Math.abs(residualOf(games.margin))).toBeLessThan(1e-9);
      }),
    );
  });

  it('gives exactly 0 to an input that is never used, and to one that is equal in both rows', async () => {
    await fc.assert(
      fc.asyncProperty(values, values, async (x, b) => {
        const same = [x[0] ?? 0, ...b.slice(1)];
        const { value } = await cardGames(card, scorer, toRow(x), [toRow(same)]);
        expect(value.values[0]).toBe(0);
        expect(value.values[3]).toBe(0);
      }),
    );
  });

  it('refuses to explain what does not add up', () => {
    expect(() => residualOf({ base: 1, full: 3, values: Float64Array.of(1), interactions: null })).toThrow(/miss the prediction/);
  });
});
