import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/cli/config.ts';
import { openLog } from '../../src/cli/openLog.ts';
import type { RiskStep } from '../../src/client/riskStream.ts';
import { serve } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { demoPatients, expectWhole, follow, grown, toldSince, weighUntil } from '../support/followed.ts';
import { envelopes } from './platforms.ts';

const KILLS = process.env['LONG'] ? 50 : 5;

describe('the server that is killed while it tells subscribers', () => {
  it(
    `leaves no subscriber without an event and tells none twice: each resumes with the cursor of what came last (${KILLS} kills)`,
    async () => {
      const data = await dataFolder('DEMO');
      let server = await serve(data);
      const addresses = () => [server.url];
      const patients = await demoPatients(server.url, ['DEMO-0001', 'DEMO-0002']);
      const stop = new AbortController();
      const subscribers: RiskStep[][] = [[], [], []];
      const following = Promise.all(subscribers.map((seen) => follow(addresses, patients, stop.signal, seen)));
      await pause(1000);
      let stopped = false;
      const acknowledged: string[] = [];
      const writing = weighUntil(() => stopped, addresses, patients, 'delivery', acknowledged);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await grown(acknowledged, 10 + Math.random() * 60);
        await server.end('SIGKILL');
        server = await serve(data);
      }
      stopped = true;
      await writing;
      const log = await openLog(data, readConfig({}));
      const behind = async () => {
        const told = toldSince(acknowledged, await envelopes(log)).length;
        return subscribers.some((seen) => seen.length < told);
      };
      for (let tries = 0; tries < 240 && (await behind()); tries += 1) await pause(250);
      stop.abort();
      await following;
      expect(await server.end('SIGTERM')).toBe(0);
      const all = await envelopes(log);
      await log.close();
      for (const seen of subscribers) expectWhole(acknowledged, all, seen);
    },
    60_000 + KILLS * 20_000,
  );
});
