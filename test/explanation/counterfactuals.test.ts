/** Counterfactuals on PREVENT: verified, nearest, diverse, only what may be ordered, and refused where something speaks against it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Counterfactual, counterfactuals, narrateCounterfactuals } from '../../src/explanation/counterfactuals.ts';
import { checkRow, type RawRow } from '../../src/prediction/inputs.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { type LoadedModel, loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';
import { file } from '../cli/files.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';

const PERSON = {
  ...{
    age: '58',
    sex: 'male',
    sbp: '152',
    bp_tx: '0',
    total_c: '235',
    hdl_c: '42',
    statin: '0',
    dm: '0',
    smoking: '1',
    egfr: '85',
    bmi: '31',
  },
};

describe('counterfactuals', () => {
  let registry: ModelRegistry;
  let model: LoadedModel;
  beforeAll(async () => {
    registry = await loadModels('models');
    model = modelNamed(registry, 'prevent');
  });
  afterAll(() => registry?.close());

  const rawOf = (changed: Partial<typeof PERSON> = {}): RawRow => checkRow(model.card, { ...PERSON, ...changed }).raw;
  const answerTo = async (raw: RawRow) => {
    const [answer] = await predictRows(model, [checkRow(model.card, raw)]);
    if (answer?.status !== 'OK') throw new Error('abstained');
    return answer.value;
  };
  const moved = (raw: RawRow, { changes }: Counterfactual): RawRow => ({
    ...raw,
    ...Object.fromEntries(changes.map(({ input, to }) => [input, to])),
  });

  it('are answers of the model below the threshold, of inputs that may be changed, in the way that the card allows', async () => {
    const raw = rawOf();
    const { threshold, found } = await counterfactuals(model, raw);
    expect(await answerTo(raw)).toBeGreaterThanOrEqual(threshold);
    expect(found).toHaveLength(3);
    for (const one of found) {
      expect(one.changes.length).toBeLessThanOrEqual(3);
      expect(await answerTo(moved(raw, one))).toBe(one.value);
      expect(one.value).toBeLessThan(threshold);
      for (const { input, from, to } of one.changes) {
        const lever = model.card.inputs.find(({ name }) => name === input)?.modifiable;
        if (lever?.direction === 'down') expect(Number(to) < Number(from) && Number(to) >= (lever.min ?? 0)).toBe(true);
        else expect(to).toBe(lever?.to);
      }
    }
  });

  it('each bring in an input that none before moved', async () => {
    const { found } = await counterfactuals(model, rawOf());
    const used = new Set<string>();
    for (const { changes } of found) {
      expect(changes.some(({ input }) => !used.has(input))).toBe(true);
      for (const { input } of changes) used.add(input);
    }
  });

  it('go no further than needed: one step less is not enough', async () => {
    const raw = rawOf({ smoking: '0' });
    const { found } = await counterfactuals(model, raw);
    const [single] = found.filter(({ changes }) => changes.length === 1 && changes[0]?.input === 'sbp');
    if (!single) throw new Error('no way by blood pressure alone');
    const [change] = single.changes;
    const oneLess = { ...raw, sbp: Number(change?.to) + 5 };
    expect(await answerTo(oneLess)).toBeGreaterThanOrEqual(0.075);
  });

  it('leave out a lever that something speaks against, and say so', async () => {
    const check = ({ name }: { readonly name: string }) => ({
      refused: name === 'smoking' ? 'it was decided otherwise' : null,
      cautions: [],
    });
    const made = await counterfactuals(model, rawOf(), { check });
    expect(made.refused).toEqual([{ input: 'smoking', label: 'Smokes', reason: 'it was decided otherwise' }]);
    expect(made.found.flatMap(({ changes }) => changes.map(({ input }) => input))).not.toContain('smoking');
    expect(narrateCounterfactuals(model.card, made)).toMatch(/Smokes is not offered: it was decided otherwise/);
  });

  it('say that none is found, and that none is needed', async () => {
    const old = await counterfactuals(
      model,
      rawOf({ age: '79', sbp: '110', bp_tx: '1', total_c: '130', statin: '1', smoking: '0', bmi: '22' }),
    );
    expect([old.found, old.reason]).toEqual([[], expect.stringMatching(/^No change of at most 3/)]);
    const young = await counterfactuals(model, rawOf({ age: '32', smoking: '0' }));
    expect([young.found, young.reason]).toEqual([[], 'The answer is below the threshold already.']);
  });

  it('are given by explain --counterfactuals, for another threshold too', async () => {
    const path = file('one.csv', `${Object.keys(PERSON).join(',')}\n${Object.values(PERSON).join(',')}\n`);
    const [line] = jsonLines<{ counterfactuals: { threshold: number; found: Counterfactual[] }[] }>(
      await avicenna(['explain', 'prevent', '--rows', path, '--counterfactuals', '--threshold', '0.05', '--json']),
    );
    expect(line?.counterfactuals[0]?.threshold).toBe(0.05);
    for (const { value } of line?.counterfactuals[0]?.found ?? []) expect(value).toBeLessThan(0.05);
    const refused = await avicenna(['explain', 'news2', '--rows', path, '--counterfactuals', '--json']);
    expect(refused.code).toBe(1);
  });
});
