/** Batches of a scorer: one run at a time, each caller its own rows, to the bit what a run alone gives. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gathered } from '../../src/prediction/gathered.ts';
import { joinColumns } from '../../src/prediction/inputs.ts';
import { loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';

const double = (columns: Float64Array) => ({ margin: columns.map((value) => 2 * value), value: columns.map((value) => 3 * value) });

describe('gathered calls', () => {
  it('go one batch at a time, those that came meanwhile together, and give each caller its own', async () => {
    const batches: number[] = [];
    let running = 0;
    const score = gathered(async (columns, rows) => {
      running += 1;
      expect(running).toBe(1);
      batches.push(rows);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return double(columns);
    });
    const answers = await Promise.all([1, 2, 3].map((value) => score(Float64Array.of(value, value + 0.5), 2)));
    expect(answers.map(({ margin }) => [...margin])).toEqual([
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    expect(answers.map(({ value }) => value[1])).toEqual([4.5, 7.5, 10.5]);
    const first = score(Float64Array.of(1), 1);
    await Promise.resolve();
    await Promise.resolve();
    const later = [2, 3, 4].map((value) => score(Float64Array.of(value), 1));
    await Promise.all([first, ...later]);
    expect(batches).toEqual([6, 1, 3]);
  });

  it('fail together, and the next batch is run all the same', async () => {
    let fails = true;
    const score = gathered(async (columns) => {
      if (fails) throw new Error('no');
      return double(columns);
    });
    const failed = await Promise.allSettled([score(Float64Array.of(1), 1), score(Float64Array.of(2), 1)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect((await score(Float64Array.of(1), 1)).margin[0]).toBe(2);
  });
});

describe('the answers of a batch', () => {
  let registry: ModelRegistry;
  beforeAll(async () => {
    registry = await loadModels('models');
  });
  afterAll(() => registry?.close());

  it.each(['warfarin-dose', 'sepsis-early-warning', 'sepsis-early-warning-vitals'])(
    'are to the bit those of each row by itself, for the files that a record is given to: %s',
    async (name) => {
      const { scorer, background } = modelNamed(registry, name);
      const rows = (await background()).map(({ columns }) => columns).slice(0, 50);
      const whole = await scorer.score(joinColumns(rows), rows.length);
      for (const [index, row] of rows.entries()) {
        const alone = await scorer.score(row, 1);
        expect([alone.margin[0], alone.value[0]]).toEqual([whole.margin[index], whole.value[index]]);
      }
      const together = await Promise.all(rows.map((row) => scorer.score(row, 1)));
      expect(together.map(({ margin }) => margin[0])).toEqual([...whole.margin]);
    },
  );
});
