import { describe, expect, it } from '@jest/globals';
import { enumerateGames } from '../../src/explanation/games/enumeration.ts';
import { sampleGame } from '../../src/explanation/games/permutation.ts';

const BACKGROUND = [
  [0, 1, 2, 0],
  [3, -1, 0, 1],
  [1, 1, -2, 5],
].map((row) => Float64Array.from(row));
const ROW = Float64Array.of(2, 5, 1, -1);
const players = [[0], [1], [2], [3]];
const at = (row: Float64Array, column: number) => row[column] as number;
const sampled = (score: (row: Float64Array) => number, pairs: number, seed = 7) =>
  sampleGame({ players, row: ROW, background: BACKGROUND, score, pairs, seed });

describe('values by sampling', () => {
  it('have no error where every order says the same: that background rows differ is no error, for all of them are asked', () => {
    const { values, standardErrors } = sampled((row) => 2 * at(row, 0) - at(row, 1) + 3 * at(row, 3), 8);
    expect(Math.max(...standardErrors)).toBeLessThan(1e-12);
    expect(values[0]).toBeCloseTo(2 * (2 - 4 / 3), 12);
  });

  it('err as far as their standard errors say, over many seeds', async () => {
    const score = (row: Float64Array) => at(row, 0) * at(row, 1) * at(row, 2) + Math.max(at(row, 3), at(row, 1)) ** 2;
    const flat = new Float64Array(BACKGROUND.flatMap((row) => [...row]));
    const [exact] = await enumerateGames({
      players,
      row: ROW,
      background: flat,
      allocate: (length) => new Float64Array(length),
      score: (columns, count) => [Float64Array.from({ length: count }, (_, one) => score(columns.subarray(one * 4, (one + 1) * 4)))],
      interactions: false,
    });
    const seeds = Array.from({ length: 200 }, (_, seed) => sampled(score, 8, seed + 1));
    let largest = 0;
    for (const player of [0, 1, 2, 3]) {
      const squared = seeds.reduce((sum, { values }) => sum + ((values[player] as number) - (exact?.values[player] as number)) ** 2, 0);
      const said = seeds.reduce((sum, { standardErrors }) => sum + (standardErrors[player] as number) ** 2, 0);
      // An order and its reverse may leave a player nothing to err by.
      expect(said).toBeGreaterThanOrEqual(0.7 * squared - 1e-12);
      expect(said).toBeLessThanOrEqual(1.4 * squared + 1e-12);
      largest = Math.max(largest, squared);
    }
    expect(largest).toBeGreaterThan(1);
  });
});
