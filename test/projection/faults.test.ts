/** A graph that is away or slow, a log that is away or full, clocks that jump: nothing that was acknowledged is lost, and what is not is refused. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from '../../src/cli/config.ts';
import { openMonitoring } from '../../src/cli/openMonitoring.ts';
import type { OpenPlatform } from '../../src/cli/openPlatform.ts';
import { AvicennaError } from '../../src/errors.ts';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../../src/monitoring/riskEvent.ts';
import { Intake } from '../../src/projection/intake.ts';
import type { GraphStore } from '../../src/store/graphStore.ts';
import { event, readAll } from '../events/given.ts';
import { accepted, commandsTo, newPatient, recordOf, refusals } from '../support/commands.ts';
import { NATS_SERVER, startNats } from '../support/nats.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { emptyData, envelopes, openOn, platformsOf, risksOf } from './platforms.ts';

const weight = (value: number, observedAt: string) => [{ code: '29463-7', value, unit: 'kg', observedAt }];
const DAY = (day: number) => `2026-04-${String(day).padStart(2, '0')}T08:00:00.000Z`;

/** The store, whose writes do first what is said. */
function disturbed(store: GraphStore, beforeWrite: () => Promise<void>): GraphStore {
  const write: GraphStore['write'] = async (...statements) => {
    await beforeWrite();
    return store.write(...statements);
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value = name === 'write' ? write : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A platform whose projection and intake go over another store. */
async function over(platform: OpenPlatform, store: GraphStore) {
  await platform.projector.settle(60_000);
  await platform.projector.stop();
  const { log, codec, models, knowledge } = platform;
  const logger = pino({ level: 'silent' });
  const parts = { log, store, codec, models, release: knowledge.release.name, config: readConfig({}), logger };
  const { projector } = openMonitoring(parts);
  await projector.start();
  return { projector, commands: commandsTo(platform, new Intake({ log, store, codec, projector })) };
}

describe('a graph', () => {
  const platforms = platformsOf('embedded');

  it('that is away is waited for: what was acknowledged is not yet visible, and then it is', async () => {
    const platform = await platforms.open(await emptyData('embedded'));
    const patient = await newPatient(platform);
    let away = true;
    const gone = async () => {
      if (away) throw new AvicennaError('GRAPH_UNAVAILABLE', 'The graph does not answer.');
    };
    const { projector, commands } = await over(platform, disturbed(platform.store, gone));
    const sent = accepted(await commands.observe(patient, weight(82, DAY(1)), 'while-it-was-away'));
    expect(sent.visible).toBe(false);
    await expect(commands.observe(patient, weight(83, DAY(2)))).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
    away = false;
    expect(await projector.settle(60_000)).toBe(true);
    expect((await recordOf(platform, patient)).latest[0]?.value).toBe(82);
    // The same command again is the same event.
    expect(accepted(await commands.observe(patient, weight(82, DAY(1)), 'while-it-was-away'))).toMatchObject({
      eventId: sent.eventId,
      visible: true,
    });
    expect(projector.halted).toBeUndefined();
    await projector.stop();
  }, 180_000);

  it('that is slow keeps no command waiting for more than two seconds, and loses none', async () => {
    const platform = await platforms.open(await emptyData('embedded'));
    const patient = await newPatient(platform);
    let slow = true;
    const { projector, commands } = await over(
      platform,
      disturbed(platform.store, async () => {
        if (slow) await pause(6000);
      }),
    );
    const began = Date.now();
    const sent = accepted(await commands.observe(patient, weight(82, DAY(1))));
    expect([sent.visible, Date.now() - began < 5000]).toEqual([false, true]);
    slow = false;
    expect(await projector.settle(60_000)).toBe(true);
    expect((await recordOf(platform, patient)).latest[0]?.value).toBe(82);
    expect((await risksOf({ ...platform, projector }, patient)).length).toBeGreaterThan(0);
    await projector.stop();
  }, 180_000);
});

describe('a clock', () => {
  const platforms = platformsOf('embedded');

  it('that jumps changes no order: the log goes by its sequence, and what was measured by its own time', async () => {
    const platform = await platforms.open(await emptyData('embedded'));
    const patient = await newPatient(platform);
    const { log, store, codec, projector } = platform;
    let now = '2026-05-01T12:00:00.000Z';
    const commands = commandsTo(platform, new Intake({ log, store, codec, projector, now: () => new Date(now) }));
    const first = accepted(await commands.observe(patient, weight(70, DAY(1))));
    now = '2026-04-30T12:00:00.000Z';
    const second = accepted(await commands.observe(patient, weight(90, DAY(3))));
    // Set right, and a day too far: what was measured later than the clock says is refused, not lost in silence.
    now = '2026-05-02T12:00:00.000Z';
    const third = accepted(await commands.observe(patient, weight(80, DAY(2))));
    now = '2020-01-01T00:00:00.000Z';
    expect(refusals(await commands.observe(patient, weight(85, DAY(4))))).toEqual([expect.stringContaining('IN_THE_FUTURE')]);
    expect(await projector.settle(60_000)).toBe(true);
    const recorded = (await envelopes(log)).filter(({ type }) => type === 'observations.recorded');
    expect(recorded.map(({ id }) => id)).toEqual([first.eventId, second.eventId, third.eventId]);
    expect((await recordOf(platform, patient)).latest[0]).toMatchObject({ value: 90, observedAt: DAY(3) });
    expect(projector.halted).toBeUndefined();
  }, 120_000);
});

const FILLER = fileURLToPath(new URL('../events/filler.mjs', import.meta.url));

describe('a log', () => {
  it('whose disk is full refuses what it cannot keep, has all that it acknowledged, and goes on when there is room', async () => {
    const file = join(temporaryFolder(), 'events.db');
    // A file that may not grow is to SQLite what a full disk is.
    const limited = `trap '' XFSZ; ulimit -f 2000; exec '${process.execPath}' '${FILLER}' '${file}'`;
    const { stdout } = await promisify(execFile)('bash', ['-c', limited]);
    const { acknowledged, refused, alive } = JSON.parse(stdout) as { acknowledged: string[]; refused: string; alive: boolean };
    expect(acknowledged.length).toBeGreaterThan(10);
    expect([refused, alive]).toEqual(['LOG_UNAVAILABLE', true]);
    const log = new SqliteLog(file);
    const kept = (await readAll(log)).map(({ msgId }) => msgId);
    expect(kept).toEqual(acknowledged);
    const [again] = await log.append([event('patient.a', `m${acknowledged.length}`)]);
    expect(again).toMatchObject({ duplicate: false });
    await log.close();
  }, 180_000);

  (NATS_SERVER ? it : it.skip)(
    'that several servers share has each change of a risk once, from what was told before it (NATS_SERVER)',
    async () => {
      const nats = await startNats();
      const env = { NATS_URL: nats.url, NATS_ALLOW_WEAK: '1' };
      const servers = await Promise.all([1, 2].map(async () => openOn('embedded', await emptyData('embedded'), env)));
      try {
        const [first, second] = servers as [OpenPlatform, OpenPlatform];
        const patient = await newPatient(first);
        for (let count = 0; count < 24; count += 1) {
          const at = commandsTo(count % 2 === 0 ? first : second);
          accepted(await at.observe(patient, weight(60 + ((count * 7) % 40), DAY(1 + count))));
        }
        await risksOf(first, patient);
        await risksOf(second, patient);
        const told = async () =>
          (await envelopes(first.log))
            .filter(({ type }) => type === RISK_EVENT_TYPE)
            .map((envelope) => readRiskPayload(first.codec.decode(envelope)));
        const doses = (await told()).filter(({ model }) => model === 'warfarin-dose');
        expect(doses.length).toBeGreaterThan(20);
        expect(doses.map(({ previous }) => previous)).toEqual([null, ...doses.slice(0, -1).map(({ value }) => value)]);
        expect(new Set(doses.map(({ causeSeq }) => causeSeq)).size).toBe(doses.length);
        // One that comes late reads all of it, and has nothing to add.
        const before = (await told()).length;
        const third = await openOn('embedded', await emptyData('embedded'), env);
        servers.push(third);
        expect(await third.projector.settle(60_000)).toBe(true);
        expect(await told()).toHaveLength(before);
      } finally {
        await Promise.all(servers.map((server) => server.close()));
        await nats.kill();
      }
    },
    120_000,
  );

  (NATS_SERVER ? it : it.skip)(
    'that two servers share takes a command once that both are sent at the same time (NATS_SERVER)',
    async () => {
      const nats = await startNats();
      const env = { NATS_URL: nats.url, NATS_ALLOW_WEAK: '1' };
      const servers = await Promise.all([1, 2].map(async () => openOn('embedded', await emptyData('embedded'), env)));
      try {
        const [first] = servers as [OpenPlatform, OpenPlatform];
        const patient = await newPatient(first);
        await pause(500);
        for (const server of servers) await server.projector.settle(60_000);
        for (let drug = 0; drug < 15; drug += 1) {
          const input = { drug: `drug-${drug}`, startedAt: DAY(1) };
          const answers = await Promise.all(servers.map((server) => commandsTo(server).start(patient, input, `both-at-once-${drug}`)));
          const ids = answers.map((answer) => accepted(answer).eventId);
          expect(ids[1]).toBe(ids[0]);
        }
        expect((await envelopes(first.log)).filter(({ type }) => type === 'medication.started')).toHaveLength(15);
      } finally {
        await Promise.all(servers.map((server) => server.close()));
        await nats.kill();
      }
    },
    120_000,
  );

  (NATS_SERVER ? it : it.skip)(
    'that is away refuses commands, is waited for by the projection, and takes the same command then (NATS_SERVER)',
    async () => {
      const nats = await startNats();
      const platform = await openOn('embedded', await emptyData('embedded'), { NATS_URL: nats.url, NATS_ALLOW_WEAK: '1' });
      try {
        const patient = await newPatient(platform);
        await platform.projector.settle(60_000);
        await nats.kill();
        const commands = commandsTo(platform);
        await expect(commands.observe(patient, weight(82, DAY(1)), 'log-was-away')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
        await expect(platform.log.health()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
        await nats.start();
        let taken: unknown;
        for (let tries = 0; tries < 240 && !taken; tries += 1)
          taken = await commands.observe(patient, weight(82, DAY(1)), 'log-was-away').catch(() => pause(250));
        expect(taken).toMatchObject({ visible: true });
        expect((await risksOf(platform, patient)).at(-1)?.observationIds).toHaveLength(1);
        expect(platform.projector.halted).toBeUndefined();
      } finally {
        await platform.close();
        await nats.kill();
      }
    },
    120_000,
  );
});
