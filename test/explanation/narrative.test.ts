import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explain } from '../../src/explanation/explain.ts';
import { narrate } from '../../src/explanation/narrative.ts';
import { describeInputs } from '../../src/prediction/features.ts';
import { checkRow } from '../../src/prediction/inputs.ts';
import { loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';

const SIGNS = {
  ...{ respirationRate: 28, spo2: 90, spo2Scale: 1, supplementalOxygen: 1, systolicBP: 95, pulse: 120, consciousness: 'A' },
  ...{ temperatureC: 39.2, ageYears: 60, pregnant: 0 },
};

describe('the narrative', () => {
  let registry: ModelRegistry;
  beforeAll(async () => {
    registry = await loadModels('models');
  });
  afterAll(() => registry.close());

  it('sets a measurement beside what is usual in health, where the card says it', async () => {
    const model = modelNamed(registry, 'news2');
    const row = checkRow(model.card, SIGNS);
    const inputs = describeInputs(model.card, row.raw);
    const text = narrate(model.card, await explain(model, row, inputs, 'VALUE'), null);
    expect(text).toMatch(/Respiration rate: 28 \/min \[reference 12 to 20\]/);
    expect(text).toContain("The model's synthetic reference patient has 0 points.");
    expect(text).not.toMatch(/Supplemental oxygen [^;]*\[/);
    expect(inputs.find(({ feature }) => feature === 'pulse')?.reference).toBe('51 to 90');
    expect(inputs.find(({ feature }) => feature === 'spo2')?.reference).toBeNull();
  });
});
