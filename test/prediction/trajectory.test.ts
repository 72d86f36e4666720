import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRow } from '../../src/prediction/inputs.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { type LoadedModel, loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';
import { trajectoryOf } from '../../src/prediction/trajectory.ts';

const PERSON = {
  age: '52',
  sex: 'male',
  sbp: '145',
  bp_tx: '0',
  total_c: '230',
  hdl_c: '42',
  statin: '0',
  dm: '0',
  smoking: '1',
  egfr: '85',
  bmi: '29',
};

describe('how a risk goes with the years', () => {
  let registry: ModelRegistry;
  let prevent: LoadedModel;
  beforeAll(async () => {
    registry = await loadModels('models');
    prevent = modelNamed(registry, 'prevent');
  });
  afterAll(() => registry.close());

  it('is the answer at each age, all else as it is, by 10 and, where the equation has it, by 30 years', async () => {
    const points = await trajectoryOf(prevent, checkRow(prevent.card, PERSON).raw);
    expect(points.map(({ age }) => age)).toEqual([52, 57, 62, 67, 72, 77, 79]);
    const answers = points.map(({ prediction }) => (prediction.status === 'OK' ? prediction : null));
    const [at62] = await predictRows(prevent, [checkRow(prevent.card, { ...PERSON, age: '62' })]);
    expect(answers[2]).toMatchObject({ value: at62?.status === 'OK' ? at62.value : Number.NaN });
    const values = answers.map((answer) => answer?.value ?? Number.NaN);
    expect([...values].sort((a, b) => a - b)).toEqual(values);
    // 30 years are for those up to 59: over it they are given with a warning.
    expect(points.map(({ prediction }) => prediction.status === 'OK' && prediction.warnings.length > 0)).toEqual(
      points.map(({ age }) => age > 59),
    );
    expect(answers.map((answer) => answer?.components['base_30_total_cvd'] !== undefined).slice(0, 2)).toEqual([true, true]);
  });

  it('is nothing where the age is not known or the model counts no years', async () => {
    expect(await trajectoryOf(prevent, { ...checkRow(prevent.card, PERSON).raw, age: null })).toEqual([]);
    const news2 = modelNamed(registry, 'news2');
    expect(await trajectoryOf(news2, {})).toEqual([]);
  });
});
