/** The checked-in breast survival model against what its training wrote down. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explain } from '../../src/explanation/explain.ts';
import { describeInputs } from '../../src/prediction/features.ts';
import { checkRow } from '../../src/prediction/inputs.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { type LoadedModel, loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';

interface Vector {
  readonly input: Readonly<Record<string, string | number | null>>;
  readonly margin: number;
  readonly value: number;
  readonly spread: number;
}

const { rows } = JSON.parse(readFileSync('models/breast-survival/vectors.json', 'utf8')) as { rows: readonly Vector[] };
const WOMAN = { 'Age at Diagnosis': '55', 'Tumor Size': '22', 'Lymph nodes examined positive': '1', 'Neoplasm Histologic Grade': '2' };

describe('breast-survival', () => {
  let registry: ModelRegistry;
  let model: LoadedModel;
  beforeAll(async () => {
    registry = await loadModels('models');
    model = modelNamed(registry, 'breast-survival');
  });
  afterAll(() => registry?.close());

  const answer = async (row: Readonly<Record<string, string>>) => (await predictRows(model, [checkRow(model.card, row)]))[0];

  it('answers what its training computed in float64, with the interval that it says itself', async () => {
    const predictions = await predictRows(
      model,
      rows.map(({ input }) => checkRow(model.card, input)),
    );
    expect(rows.some(({ input }) => Object.values(input).includes(null))).toBe(true);
    for (const [index, { margin, value, spread }] of rows.entries()) {
      const prediction = predictions[index];
      if (prediction?.status !== 'OK') throw new Error(`row ${index} abstained`);
      expect(prediction.value).toBeCloseTo(value, 5);
      expect(prediction.interval?.low).toBeCloseTo(1 - Math.exp(-Math.exp(margin - spread)), 5);
      expect(prediction.interval?.high).toBeCloseTo(1 - Math.exp(-Math.exp(margin + spread)), 5);
    }
  });

  it('needs the age, warns where nodes, size or grade are missing, and takes what is not classified as missing', async () => {
    expect(await answer({ ...WOMAN, 'Age at Diagnosis': '' })).toMatchObject({ status: 'ABSTAINED', reason: 'Age at Diagnosis: missing' });
    expect(await answer({ ...WOMAN, 'Tumor Size': '' })).toMatchObject({
      status: 'OK',
      warnings: [expect.stringMatching(/^Tumor Size: missing/)],
    });
    const subtype = (text: string) => answer({ ...WOMAN, 'Pam50 + Claudin-low subtype': text });
    expect(await subtype('NC')).toEqual(await subtype(''));
    expect(await subtype('purple')).toMatchObject({ status: 'ABSTAINED', reason: expect.stringContaining('Pam50') });
  });

  it('is explained in the probability itself, adding up', async () => {
    const row = checkRow(model.card, WOMAN);
    const explanation = await explain(model, row, describeInputs(model.card, row.raw), 'VALUE');
    const said = await answer(WOMAN);
    if (said?.status !== 'OK') throw new Error('abstained');
    expect(explanation.prediction).toBeCloseTo(said.value, 9);
    expect(Math.abs(explanation.residual)).toBeLessThan(1e-9);
  });
});
