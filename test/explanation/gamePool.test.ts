import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GamePool } from '../../src/explanation/gamePool.ts';
import { modelGame } from '../../src/explanation/modelGame.ts';
import { checkRow } from '../../src/prediction/inputs.ts';
import { loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';
import { addVersion, modelsOf } from '../support/modelFolders.ts';

const PERSON = { age: '67', heightCm: '170', weightKg: '70', cyp2c9: '*1/*3', vkorc1: 'A/A', amiodarone: '1' };

describe('games in threads of their own', () => {
  let folder: string;
  let registry: ModelRegistry;
  const pool = new GamePool();
  beforeAll(async () => {
    folder = modelsOf('warfarin-dose', 'prevent');
    registry = await loadModels(folder, { open: true });
  });
  afterAll(async () => {
    await pool.close();
    await registry.close();
  });

  it('are the same as in this one, in both spaces, with interactions', async () => {
    const model = modelNamed(registry, 'warfarin-dose');
    const { columns } = checkRow(model.card, PERSON);
    for (const space of ['VALUE', 'MARGIN'] as const)
      expect(await pool.play(model, columns, space, true)).toEqual(await modelGame(model, columns, space, true));
  });

  it('are not played where they are given up before their turn; those before and after are', async () => {
    const model = modelNamed(registry, 'warfarin-dose');
    const { columns } = checkRow(model.card, PERSON);
    const reason = new Error('nobody waits');
    const given = new AbortController();
    const [first, second, third] = [
      pool.play(model, columns, 'MARGIN'),
      pool.play(model, columns, 'MARGIN', false, given.signal),
      pool.play(model, columns, 'MARGIN'),
    ];
    given.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(await third).toEqual(await first);
  });

  it('hold up nothing here, many at once', async () => {
    const model = modelNamed(registry, 'warfarin-dose');
    const { columns } = checkRow(model.card, PERSON);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await Promise.all(Array.from({ length: 8 }, () => pool.play(model, columns, 'VALUE')));
    delay.disable();
    console.log(`longest turn while eight explanations were played: ${(delay.max / 1e6).toFixed(0)} ms (limit 50)`);
    expect(delay.count).toBeGreaterThan(10);
  });

  it('are played by the model that was asked for, though its folder holds another by now', async () => {
    const model = modelNamed(registry, 'prevent');
    const { columns } = checkRow(model.card, {
      age: 55,
      sex: 'male',
      sbp: 140,
      bp_tx: 0,
      total_c: 200,
      hdl_c: 45,
      statin: 0,
      dm: 0,
      smoking: 0,
      egfr: 90,
      bmi: 28,
    });
    const before = await modelGame(model, columns, 'VALUE');
    rmSync(join(folder, 'prevent'), { recursive: true });
    expect(await pool.play(model, columns, 'VALUE')).toEqual(before);
    addVersion(folder, 'prevent', '1.1.0');
    const newer = modelNamed(await loadModels(folder), 'prevent');
    expect(newer.card.version).toBe('1.1.0');
    expect(await pool.play(newer, columns, 'VALUE')).toEqual(before);
  });
});
