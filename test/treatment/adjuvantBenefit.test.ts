/** What each treatment after surgery for early breast cancer adds. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PatientRecord } from '../../src/patients/record.ts';
import { checkRow } from '../../src/prediction/inputs.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { type LoadedModel, loadModels, type ModelRegistry } from '../../src/prediction/registry.ts';
import { adjuvantBenefit, BREAST_BENEFIT_MODEL } from '../../src/treatment/adjuvantBenefit.ts';
import { AT, book, condition, observed, record } from './tumourRecords.ts';

const PATHOLOGY = [observed('33728-7', 23), observed('21893-3', 1), observed('16112-5', 'positive')];
const MORE = [observed('33732-9', '2'), observed('16113-3', 'positive'), observed('48676-1', 'negative'), observed('29593-1', 14)];

describe('the benefit after surgery', () => {
  let registry: ModelRegistry;
  let model: LoadedModel;
  beforeAll(async () => {
    registry = await loadModels('models');
    model = registry.models.get(BREAST_BENEFIT_MODEL) as LoadedModel;
  });
  afterAll(() => registry.close());

  const asked = (given: Partial<PatientRecord>, tumour = 'DOID:1612') =>
    adjuvantBenefit(model, book, { tumour, record: record({ birthDate: '1969-03-04', ...given }), at: AT });

  it('is what the model says with a treatment less what it says without', async () => {
    const found = await asked({ latest: [...PATHOLOGY, ...MORE] });
    const common = { age: 57, screen: '2', size: 23, grade: '2', nodes: 1, er: '1', her2: '0', ki67: '1', pr: '1', smoker: '0' };
    const none = { generation: '0', horm: '0', traz: '0', bis: '0', radio: '0', 'heart.gy': 0 };
    const rows = [none, { ...none, horm: '1' }, { ...none, generation: '3' }].map((row) => checkRow(model.card, { ...common, ...row }));
    const [without, hormone, third] = (await predictRows(model, rows)).map((answer) =>
      answer.status === 'OK' ? answer.value : Number.NaN,
    );
    expect(found?.untreated).toBeCloseTo(without ?? Number.NaN, 10);
    const benefit = (name: RegExp) => found?.arms.find(({ arm }) => name.test(arm))?.benefit;
    expect(benefit(/^Hormone/)).toBeCloseTo((hormone ?? 0) - (without ?? 0), 10);
    expect(benefit(/third generation/)).toBeCloseTo((third ?? 0) - (without ?? 0), 10);
    const benefits = found?.arms.map((one) => one.benefit) ?? [];
    expect(benefits).toEqual([...benefits].sort((a, b) => b - a));
    // No trastuzumab without HER2.
    expect(benefit(/^Trastuzumab/)).toBeUndefined();
    expect(found?.open.map(({ question }) => question)).toEqual([]);
  });

  it('leaves out hormone therapy without its receptor, and gives trastuzumab with HER2', async () => {
    const latest = [observed('33728-7', 23), observed('21893-3', 1), observed('16112-5', 'negative'), observed('48676-1', 'positive')];
    const arms = (await asked({ latest }))?.arms.map(({ arm }) => arm.split(',')[0]);
    expect(arms).toContain('Trastuzumab');
    expect(arms).not.toContain('Hormone therapy');
  });

  it('says what is missing, and what the average was taken for', async () => {
    const nothing = await asked({});
    expect([nothing?.untreated, nothing?.arms, nothing?.open.length]).toEqual([null, [], 3]);
    const some = await asked({ latest: PATHOLOGY });
    expect(some?.arms.length).toBeGreaterThan(2);
    expect(some?.open.map(({ settledBy }) => settledBy.match(/LOINC (\S+)\)/)?.[1])).toEqual(['33732-9', '48676-1', '16113-3', '29593-1']);
    // Too young for the model: it does not answer, and says why.
    const young = await asked({ birthDate: '2004-03-04', latest: PATHOLOGY });
    expect([young?.untreated, young?.open[0]?.question]).toEqual([null, expect.stringContaining('age: outside 25 to 85')]);
  });

  it.each([
    ['of a man', { sexAtBirth: 'MALE' as const }, 'DOID:1612'],
    ['of another tumour', {}, 'DOID:3910'],
    ['with metastases', { conditions: [condition('C79.51')] }, 'DOID:1612'],
  ])('is no question %s', async (_of, given, tumour) => expect(await asked({ latest: PATHOLOGY, ...given }, tumour)).toBeNull());
});
