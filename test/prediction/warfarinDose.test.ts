/** The checked-in model against what its training wrote down, and what a card promises. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRow } from '../../src/prediction/inputs.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { type LoadedModel, loadModels, type ModelRegistry } from '../../src/prediction/registry.ts';

interface Vector {
  readonly input: Readonly<Record<string, string | number | null>>;
  readonly margin: number;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
}

const vectors = (JSON.parse(readFileSync('models/warfarin-dose/vectors.json', 'utf8')) as { rows: Vector[] }).rows;

describe('the warfarin dose model', () => {
  let registry: ModelRegistry;
  let model: LoadedModel;

  beforeAll(async () => {
    registry = await loadModels('models');
    model = registry.models.get('warfarin-dose') as LoadedModel;
  });
  afterAll(() => registry?.close());

  it('answers what its training computed in float64, within float32, with the same intervals', async () => {
    const rows = vectors.map(({ input }) => checkRow(model.card, input));
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    const predictions = await predictRows(model, rows);
    expect(vectors.length).toBeGreaterThanOrEqual(20);
    for (const [index, vector] of vectors.entries()) {
      const prediction = predictions[index];
      if (prediction?.status !== 'OK') throw new Error(`vector ${index} abstained`);
      expect(prediction.value).toBeCloseTo(vector.value, 3);
      expect(prediction.interval?.low).toBeCloseTo(vector.interval.low, 2);
      expect(prediction.interval?.high).toBeCloseTo(vector.interval.high, 2);
    }
  });

  const answer = async (row: Record<string, string>) => {
    const [prediction] = await predictRows(model, [checkRow(model.card, row)]);
    return prediction;
  };

  it('answers a row with everything missing', async () => {
    expect(await answer({})).toMatchObject({ status: 'OK', interval: { group: 'not genotyped' } });
  });

  it('gives a wider interval where the genotype is missing', async () => {
    const known = await answer({ cyp2c9: '*1/*1', vkorc1: 'A/G', race: 'WHITE' });
    const unknown = await answer({ race: 'WHITE' });
    const width = (prediction: typeof known) => {
      if (prediction?.status !== 'OK' || !prediction.interval) throw new Error('no interval');
      return Math.sqrt(prediction.interval.high) - Math.sqrt(prediction.interval.low);
    };
    expect(width(unknown)).toBeGreaterThan(width(known));
  });

  it.each([
    ['the order of the alleles', { cyp2c9: '*3/*1' }, { cyp2c9: '*1/*3' }],
    ['the order of the bases', { vkorc1: 'G/A' }, { vkorc1: 'A/G' }],
    ['the case of a category', { sex: 'FEMALE' }, { sex: 'female' }],
    ['NA for an empty cell', { smoker: 'NA' }, { smoker: '' }],
  ])('does not mind %s', async (_what, one, other) => {
    expect(await answer(one)).toMatchObject({ value: ((await answer(other)) as { value: number }).value });
  });

  it.each([
    ['a height outside its range', { heightCm: '18' }, 'heightCm'],
    ['text for a number', { weightKg: 'heavy' }, 'weightKg'],
    ['not a number', { age: 'NaN' }, 'age'],
    ['an infinite number', { age: 'Infinity' }, 'age'],
    ['an unknown race', { race: 'MARTIAN' }, 'race'],
    ['an unknown diplotype', { cyp2c9: '*7/*9' }, 'cyp2c9'],
    ['an unknown flag', { smoker: 'maybe' }, 'smoker'],
    ['an unknown indication', { indication: '17' }, 'indication'],
  ])('abstains and names the input for %s', async (_what, row, name) => {
    expect(await answer(row)).toMatchObject({ status: 'ABSTAINED', reason: expect.stringContaining(name) });
  });

  it('says on its card that it beats the published equation on rows it has not seen, with a bound above 0', () => {
    const { published, coverage } = model.card.performance as unknown as {
      published: { maeGain: { low: number; percent: number } };
      coverage: { value: number };
    };
    expect(published.maeGain.low).toBeGreaterThan(0);
    expect(published.maeGain.percent).toBeGreaterThan(2);
    expect(coverage.value).toBeGreaterThan(0.88);
    expect(coverage.value).toBeLessThan(0.93);
  });

  it('declares at most 12 players, amiodarone alone, comorbidities with the indication', () => {
    expect(model.card.players.length).toBeLessThanOrEqual(12);
    expect(model.card.players.find(({ inputs }) => inputs.includes('amiodarone'))?.inputs).toEqual(['amiodarone']);
    expect(model.card.players.find(({ inputs }) => inputs.includes('indication'))?.inputs).toEqual(
      expect.arrayContaining(['diabetes', 'heartFailure', 'valveReplacement']),
    );
  });
});
