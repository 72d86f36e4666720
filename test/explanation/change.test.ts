/** A change in time: inputs that are as they were give exactly 0, and a new model file is a part of its own. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeSince, modelAttribution } from '../../src/explanation/contrast.ts';
import { describeInputs } from '../../src/prediction/features.ts';
import { checkRow, type RawRow } from '../../src/prediction/inputs.ts';
import { type LoadedModel, loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';

describe('a change', () => {
  let registry: ModelRegistry;
  let model: LoadedModel;
  let first: RawRow;

  beforeAll(async () => {
    registry = await loadModels('models');
    model = modelNamed(registry, 'warfarin-dose');
    first = (await model.background())[0]?.raw ?? {};
  });
  afterAll(() => registry?.close());

  const row = () => first;
  const older = () => ({ ...row(), age: Number(row()['age']) + 9 });

  it('by the same file has a part for each input that changed and for no other', async () => {
    const earlier = { raw: row(), value: 30, modelDigest: model.digest };
    const change = await changeSince(model, earlier, checkRow(model.card, older()), describeInputs(model.card, older()));
    expect(change.byModel).toBeNull();
    expect(change.because.map(({ feature }) => feature)).toEqual(['age']);
  });

  it('by another file has a part for the file, and all parts sum to the difference', async () => {
    const earlier = { raw: row(), value: 30, modelDigest: 'of-another-file' };
    const change = await changeSince(model, earlier, checkRow(model.card, older()), describeInputs(model.card, older()));
    const inputs = change.because.reduce((sum, { contribution }) => sum + contribution, 0);
    expect(inputs + (change.byModel ?? Number.NaN)).toBeCloseTo(change.after - 30, 9);
    expect(change.delta).toBeCloseTo(change.after - 30, 12);
    expect(modelAttribution(model, change.byModel ?? 0)).toMatchObject({ feature: 'model', value: model.card.version });
  });
});
