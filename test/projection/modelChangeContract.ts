/** What subscribers are told where another version of a model comes into force. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { OpenPlatform } from '../../src/cli/openPlatform.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { addVersion, modelsOf, shiftWarfarin } from '../support/modelFolders.ts';
import { type Engine, emptyData, platformsOf, risksOf } from './platforms.ts';

const weight = (value: number, day: string) => [{ code: '29463-7', value, unit: 'kg', observedAt: `2026-04-${day}T08:00:00.000Z` }];

async function toldByModel(platform: OpenPlatform, patient: string) {
  const { digest } = platform.registry.models.get('warfarin-dose') ?? { digest: '' };
  for (let tries = 0; tries < 2400; tries += 1) {
    const risks = await risksOf(platform, patient);
    if (risks.at(-1)?.modelDigest === digest) return risks;
    await pause(25);
  }
  throw new Error('the new model did not speak');
}

function newVersion(models: string): void {
  addVersion(models, 'warfarin-dose', '1.1.0');
  shiftWarfarin(models, 'warfarin-dose-1.1.0', -0.5);
}

export function modelChangeContract(engine: Engine): void {
  describe(`another version of a model, on ${engine}`, () => {
    const platforms = platformsOf(engine);
    const begin = async () => {
      const [data, models] = [await emptyData(engine), modelsOf('warfarin-dose', 'news2')];
      const platform = await platforms.open(data, { AVICENNA_MODELS: models });
      const patients = [await newPatient(platform), await newPatient(platform)];
      for (const [index, patient] of patients.entries())
        accepted(await commandsTo(platform).observe(patient, weight(60 + 20 * index, '01')));
      return { data, models, platform, patients };
    };

    it('is told of every patient of whom the earlier one spoke, once, with the part that the model has in it', async () => {
      const { models, platform, patients } = await begin();
      platform.modelChanges.start();
      newVersion(models);
      await platform.models.reload();
      for (const patient of patients) {
        const risks = await toldByModel(platform, patient);
        const [before, now] = risks.slice(-2);
        expect(now).toMatchObject({ cause: 'MODEL', modelVersion: '1.1.0', previous: before?.value });
        expect(now?.delta).toBeLessThan(-1);
        expect(now?.because.find(({ feature }) => feature === 'model')?.contribution).toBeLessThan(-1);
        expect(now?.because.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(now?.delta ?? 0, 9);
        expect(risks.filter(({ cause }) => cause === 'MODEL')).toHaveLength(1);
      }
      platform.modelChanges.look();
      accepted(await commandsTo(platform).observe(patients[0] ?? '', weight(95, '02')));
      const [, last] = (await risksOf(platform, patients[0] ?? '')).slice(-2);
      expect(last).toMatchObject({ cause: 'OBSERVATION', modelVersion: '1.1.0' });
      expect(last?.because.map(({ feature }) => feature)).not.toContain('model');
    }, 180_000);

    it('is found at the next start where it came while nothing ran; a rebuild tells nothing of it', async () => {
      const { data, models, platform, patients } = await begin();
      await risksOf(platform, patients[0] ?? '');
      await platforms.close(platform);
      newVersion(models);
      const looking = await platforms.open(data, { AVICENNA_MODELS: models });
      await pause(300);
      expect((await risksOf(looking, patients[0] ?? '')).map(({ cause }) => cause)).not.toContain('MODEL');
      looking.modelChanges.start();
      for (const patient of patients) expect((await toldByModel(looking, patient)).at(-1)?.cause).toBe('MODEL');
    }, 180_000);
  });
}
