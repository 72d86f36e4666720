/** The published equations, each through its card and the port of everything that scores. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explain } from '../../src/explanation/explain.ts';
import { describeInputs } from '../../src/prediction/features.ts';
import { checkRow } from '../../src/prediction/inputs.ts';
import { type Prediction, predictRows } from '../../src/prediction/predict.ts';
import { loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';

let registry: ModelRegistry;
beforeAll(async () => {
  registry = await loadModels('models');
});
afterAll(() => registry?.close());

async function ask(name: string, row: Readonly<Record<string, string>>): Promise<Prediction> {
  const model = modelNamed(registry, name);
  const [prediction] = await predictRows(model, [checkRow(model.card, row)]);
  if (!prediction) throw new Error('no answer');
  return prediction;
}

const NORMAL = {
  ...{ respirationRate: '16', spo2: '97', spo2Scale: '1', supplementalOxygen: 'false', systolicBP: '120', pulse: '70' },
  ...{ consciousness: 'A', temperatureC: '37.0', ageYears: '60', pregnant: 'false' },
};

describe('NEWS2', () => {
  it.each<[string, Record<string, string>, number, string]>([
    ['normal vital signs', {}, 0, 'LOW'],
    ['8 breaths', { respirationRate: '8' }, 3, 'LOW_MEDIUM'],
    ['9 breaths', { respirationRate: '9' }, 1, 'LOW'],
    ['21 breaths', { respirationRate: '21' }, 2, 'LOW'],
    ['25 breaths', { respirationRate: '25' }, 3, 'LOW_MEDIUM'],
    ['a saturation of 95 %', { spo2: '95' }, 1, 'LOW'],
    ['a saturation of 91 %', { spo2: '91' }, 3, 'LOW_MEDIUM'],
    ['88 % on scale 2', { spo2: '88', spo2Scale: '2' }, 0, 'LOW'],
    ['83 % on scale 2', { spo2: '83', spo2Scale: '2' }, 3, 'LOW_MEDIUM'],
    ['97 % on scale 2 in air', { spo2Scale: '2' }, 0, 'LOW'],
    ['97 % on scale 2 on oxygen', { spo2Scale: '2', supplementalOxygen: 'true' }, 5, 'MEDIUM'],
    ['93 % on scale 2 on oxygen', { spo2: '93', spo2Scale: '2', supplementalOxygen: 'true' }, 3, 'LOW'],
    ['a pressure of 90', { systolicBP: '90' }, 3, 'LOW_MEDIUM'],
    ['a pressure of 219', { systolicBP: '219' }, 0, 'LOW'],
    ['a pressure of 220', { systolicBP: '220' }, 3, 'LOW_MEDIUM'],
    ['a pulse of 131', { pulse: '131' }, 3, 'LOW_MEDIUM'],
    ['a pulse of 41', { pulse: '41' }, 1, 'LOW'],
    ['new confusion', { consciousness: 'C' }, 3, 'LOW_MEDIUM'],
    ['35.0 degrees', { temperatureC: '35.0' }, 3, 'LOW_MEDIUM'],
    ['36.05 degrees, rounded up', { temperatureC: '36.05' }, 0, 'LOW'],
    ['39.1 degrees', { temperatureC: '39.1' }, 2, 'LOW'],
    ['three signs of 3, 3 and 1', { respirationRate: '25', pulse: '131', spo2: '95' }, 7, 'HIGH'],
  ])('gives %s its points', async (_what, changed, value, category) => {
    expect(await ask('news2', { ...NORMAL, ...changed })).toMatchObject({ status: 'OK', value, category });
  });

  it.each([
    ['a missing sign', { pulse: '' }, 'pulse'],
    ['an impossible saturation', { spo2: '101' }, 'spo2'],
    ['a child', { ageYears: '15' }, 'ageYears'],
    ['pregnancy', { pregnant: 'true' }, 'pregnant'],
    ['an unknown scale', { spo2Scale: '3' }, 'spo2Scale'],
  ])('refuses %s and names it', async (_what, changed, named) => {
    expect(await ask('news2', { ...NORMAL, ...changed })).toMatchObject({ status: 'ABSTAINED', reason: expect.stringContaining(named) });
  });

  it('is explained by the points of each sign', async () => {
    const model = modelNamed(registry, 'news2');
    const row = checkRow(model.card, { ...NORMAL, pulse: '131', temperatureC: '38.5' });
    const { baseValue, attributions } = await explain(model, row, describeInputs(model.card, row.raw), 'VALUE');
    expect(baseValue).toBe(0);
    const shares = attributions
      .filter(({ contribution }) => contribution !== 0)
      .map(({ feature, contribution }) => [feature, contribution]);
    expect(shares).toEqual([
      ['pulse', 3],
      ['temperature', 1],
    ]);
  });
});

const ANCHOR = {
  ...{ age: '50', sex: 'female', sbp: '160', bp_tx: '1', total_c: '200', hdl_c: '45', statin: '0', dm: '1', smoking: '0' },
  ...{ egfr: '90', bmi: '35', hba1c: '', uacr: '' },
};

describe('PREVENT', () => {
  it("reproduces the publication's example", async () => {
    const answer = await ask('prevent', ANCHOR);
    if (answer.status !== 'OK') throw new Error(answer.reason);
    const { components } = answer;
    const shown = ['10_total_cvd', '10_ascvd', '10_heart_failure', '30_total_cvd', '30_ascvd', '30_heart_failure'];
    expect(shown.map((name) => Math.round(1000 * (components[`base_${name}`] ?? 0)) / 1000)).toEqual([
      0.147, 0.092, 0.081, 0.53, 0.354, 0.39,
    ]);
    expect(Object.keys(components).some((name) => name.startsWith('hba1c') || name.startsWith('uacr'))).toBe(false);
  });

  it('answers the 30-year risk of people over 59 years with a warning', async () => {
    expect(await ask('prevent', { ...ANCHOR, age: '65' })).toMatchObject({ status: 'OK', warnings: [expect.stringContaining('age')] });
  });

  it('gives no answer outside its ranges', async () => {
    expect(await ask('prevent', { ...ANCHOR, bmi: '41' })).toMatchObject({ status: 'ABSTAINED', reason: expect.stringContaining('bmi') });
  });
});

it('estimates the filtration rate by CKD-EPI 2021, with its KDIGO category', async () => {
  expect(await ask('ckd-epi-2021', { cr: '1.2', age: '60', sex: 'male' })).toMatchObject({
    value: expect.closeTo(68.9, 0),
    category: 'G2',
  });
  expect(await ask('ckd-epi-2021', { cr: '1.2', age: '17', sex: 'male' })).toMatchObject({ status: 'ABSTAINED' });
});

describe('PREDICT breast', () => {
  const WOMAN = {
    ...{ age: '50', screen: '0', size: '20', grade: '2', nodes: '2', er: '1', her2: '0', ki67: '1', pr: '1', generation: '3' },
    ...{ horm: '1', traz: '1', bis: '1', radio: '1', 'heart.gy': '4', smoker: '1' },
  };

  it('lets each step of the ladder that applies raise survival, and none that does not', async () => {
    const answer = await ask('predict-breast', WOMAN);
    if (answer.status !== 'OK') throw new Error(answer.reason);
    const at = (arm: string) => answer.components[`surv_${arm}_10`] ?? Number.NaN;
    expect(at('rh')).toBeGreaterThan(at('r'));
    expect(at('rhc')).toBeGreaterThan(at('rh'));
    expect(at('rhct')).toBe(at('rhc'));
    expect(at('rhctb')).toBeGreaterThan(at('rhct'));
    expect(answer.value).toBe(at('rhctb'));
  });
});
