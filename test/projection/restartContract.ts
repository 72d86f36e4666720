/** What a restart, a rebuild or a second projector must not change: each event is in the graph once, each change told once. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from '../../src/cli/config.ts';
import { openMonitoring } from '../../src/cli/openMonitoring.ts';
import type { OpenPlatform } from '../../src/cli/openPlatform.ts';
import { type Envelope, encodeEnvelope, plainCodec } from '../../src/events/envelope.ts';
import type { EventLog } from '../../src/events/eventLog.ts';
import { readPatientEvent } from '../../src/patients/events.ts';
import type { Projector } from '../../src/projection/projector.ts';
import { dropProjection, movePlace } from '../../src/store/cypher/projection.ts';
import { projectPatientEvent } from '../../src/store/cypher/projectPatient.ts';
import { statement } from '../../src/store/graphStore.ts';
import { accepted, commandsTo, newPatient, recordOf } from '../support/commands.ts';
import { type Engine, emptyData, envelopes, onGraph, onLog, platformsOf, risksOf } from './platforms.ts';

const DAY = (day: number) => `2026-04-${String(day).padStart(2, '0')}T08:00:00.000Z`;

/** Appends one measurement as if another process had taken it. */
async function append(log: EventLog, patient: string, value: number, observedAt: string): Promise<void> {
  const id = randomUUID();
  const observation = { id: `${id}-1`, code: '29463-7', system: 'LOINC', label: 'Body weight', value, text: null, unit: 'kg', observedAt };
  const encoded = plainCodec.encode(patient, { observations: [observation] });
  const head = {
    id,
    type: 'observations.recorded',
    version: 1,
    subject: patient,
    actor: 'test',
    purpose: 'TREATMENT',
    recordedAt: observedAt,
    observedAt,
  };
  const [result] = await log.append([{ subject: `patient.${patient}`, msgId: id, body: encodeEnvelope({ ...head, ...encoded }) }]);
  expect(result).toMatchObject({ duplicate: false });
}

async function observationsOf(platform: OpenPlatform, patient: string): Promise<string[]> {
  const rows = await platform.store.read<{ at: string }>(
    statement(
      'test.observations',
      'MATCH (:Patient {id: $patient})-[:HAS_OBSERVATION]->(o:Observation) RETURN o.observedAt AS at ORDER BY at',
      { patient },
    ),
  );
  return rows.map(({ at }) => at);
}

type Platforms = ReturnType<typeof platformsOf>;

/** A platform with one patient that has a weight and takes amiodarone. */
async function begin(engine: Engine, platforms: Platforms) {
  const data = await emptyData(engine);
  const platform = await platforms.open(data);
  const patient = await newPatient(platform);
  accepted(await commandsTo(platform).observe(patient, [{ code: '29463-7', value: 61, unit: 'kg', observedAt: DAY(1) }]));
  accepted(await commandsTo(platform).start(patient, { drug: 'amiodarone', startedAt: DAY(2) }));
  await risksOf(platform, patient);
  return { data, platform, patient };
}

function restarts(engine: Engine, platforms: Platforms): void {
  it('shows the same records and writes no event when it is opened again', async () => {
    const { data, platform, patient } = await begin(engine, platforms);
    const before = [await recordOf(platform, patient), await risksOf(platform, patient), await envelopes(platform.log)];
    await platforms.close(platform);
    const again = await platforms.open(data);
    expect([await recordOf(again, patient), await risksOf(again, patient), await envelopes(again.log)]).toEqual(before);
  });

  it('catches up, once, with events that came into the log while it was not there', async () => {
    const { data, platform, patient } = await begin(engine, platforms);
    const told = (await risksOf(platform, patient)).length;
    await platforms.close(platform);
    await onLog(data, async (log) => {
      for (const day of [5, 3, 4]) await append(log, patient, 60 + 5 * day, DAY(day));
    });
    const again = await platforms.open(data);
    const risks = await risksOf(again, patient);
    expect(await observationsOf(again, patient)).toEqual([1, 3, 4, 5].map(DAY));
    expect((await recordOf(again, patient)).latest).toMatchObject([{ value: 85, observedAt: DAY(5) }]);
    // The one of day 5 came first: those of days 3 and 4 are late, and tell what would have been said then.
    expect(risks.slice(told).map(({ cause, observedAt }) => [cause, observedAt])).toEqual([
      ['OBSERVATION', DAY(5)],
      ['CORRECTION', DAY(3)],
      ['CORRECTION', DAY(4)],
    ]);
    await platforms.close(again);
    expect(await risksOf(await platforms.open(data), patient)).toEqual(risks);
  });

  it('looks again at events after which it stopped before the monitor had seen them, and tells nothing twice', async () => {
    const { data, platform, patient } = await begin(engine, platforms);
    const before = [await risksOf(platform, patient), (await platform.log.bounds()).lastSeq];
    await platforms.close(platform);
    await onGraph(engine, data, (store) => store.write([statement('test.back', "MATCH (c:Projection {name: 'monitor'}) SET c.seq = '0'")]));
    const again = await platforms.open(data);
    expect([await risksOf(again, patient), (await again.log.bounds()).lastSeq]).toEqual(before);
  });

  it('tells what was written into the graph before the stop and not yet seen by the monitor', async () => {
    const { data, platform, patient } = await begin(engine, platforms);
    const risks = await risksOf(platform, patient);
    const { seq: shown } = platform.projector;
    await platforms.close(platform);
    const event = await onLog(data, async (log) => {
      await append(log, patient, 95, DAY(6));
      return (await envelopes(log)).at(-1) as Envelope;
    });
    const told = readPatientEvent('observations.recorded', event.version, plainCodec.decode(event));
    const writes = projectPatientEvent(told, { patient, recordedAt: event.recordedAt, actor: event.actor, event: event.id });
    expect(await onGraph(engine, data, (store) => store.write(writes, movePlace('graph', shown, event.seq)))).not.toBeNull();
    const again = await platforms.open(data);
    const after = await risksOf(again, patient);
    expect(after).toHaveLength(risks.length + 1);
    expect(after.at(-1)).toMatchObject({ previous: risks.at(-1)?.value, causeSeq: event.seq });
    expect(await observationsOf(again, patient)).toEqual([1, 6].map(DAY));
  });
}

function rebuilding(engine: Engine, platforms: Platforms): void {
  it('is rebuilt from the log to the same records and risk events, with no new event', async () => {
    const { data, platform, patient } = await begin(engine, platforms);
    const other = await newPatient(platform);
    const state = async (from: OpenPlatform) => {
      const risks = await risksOf(from, patient);
      return [risks, await recordOf(from, patient), await recordOf(from, other), await envelopes(from.log)];
    };
    const before = await state(platform);
    await platforms.close(platform);
    await onGraph(engine, data, dropProjection);
    const again = await platforms.open(data);
    expect(await state(again)).toEqual(before);
    accepted(await commandsTo(again).observe(patient, [{ code: '29463-7', value: 99, unit: 'kg', observedAt: DAY(9) }]));
    expect(await risksOf(again, patient)).toHaveLength((before[0] as unknown[]).length + 1);
  });

  it('refuses a graph of another log, and tells of changes again once it was rebuilt on that log', async () => {
    const { data, platform } = await begin(engine, platforms);
    await platforms.close(platform);
    for (const end of ['', '-wal', '-shm']) rmSync(join(data, `events.db${end}`), { force: true });
    await expect(platforms.open(data)).rejects.toMatchObject({ code: 'PROJECTION_HALTED' });
    await onGraph(engine, data, dropProjection);
    const again = await platforms.open(data);
    expect(await risksOf(again, await newPatient(again))).toMatchObject([{ cause: 'REGISTRATION' }]);
  });

  it('refuses a graph that is ahead of its log: events would be taken as shown that are not', async () => {
    const { data, platform } = await begin(engine, platforms);
    await platforms.close(platform);
    await onGraph(engine, data, (store) =>
      store.write([statement('test.ahead', "MATCH (c:Projection {name: 'graph'}) SET c.seq = '1000'")]),
    );
    await expect(platforms.open(data)).rejects.toMatchObject({ code: 'PROJECTION_HALTED' });
  });

  it('decides no command on a record that does not show the last event', async () => {
    const { platform, patient } = await begin(engine, platforms);
    await platform.projector.stop();
    await append(platform.log, patient, 95, DAY(6));
    await expect(commandsTo(platform).start(patient, { drug: 'metformin', startedAt: DAY(7) })).rejects.toMatchObject({
      code: expect.stringMatching(/UNAVAILABLE|HALTED/),
    });
  });
}

function secondProjector(platform: OpenPlatform): Projector {
  const { log, store, codec, models, knowledge } = platform;
  const config = readConfig({});
  return openMonitoring({ log, store, codec, models, release: knowledge.release.name, config, logger: pino({ level: 'error' }) }).projector;
}

function together(engine: Engine, platforms: Platforms): void {
  it('writes each event once where two projectors share one graph and one log, and tells no cause twice', async () => {
    const { platform, patient } = await begin(engine, platforms);
    const second = secondProjector(platform);
    await second.start();
    const days = Array.from({ length: 20 }, (_, index) => index + 3);
    for (const day of days) {
      await append(platform.log, patient, 60 + 2 * (day % 7), DAY(day));
      if (day % 4 === 0) await pause(15);
    }
    const risks = await risksOf(platform, patient);
    expect(await second.settle(60_000)).toBe(true);
    await second.stop();
    expect(second.halted).toBeUndefined();
    expect(await observationsOf(platform, patient)).toEqual([1, ...days].map(DAY));
    const inLog = (await envelopes(platform.log)).filter(({ type }) => type === 'risk.changed');
    expect(new Set(inLog.map(({ id }) => id)).size).toBe(inLog.length);
    const final = await risksOf(platform, patient);
    expect(final.length).toBeGreaterThanOrEqual(risks.length);
    expect(new Set(final.map(({ causeSeq }) => causeSeq)).size).toBe(final.length);
  });
}

export function restartContract(engine: Engine): void {
  describe(`the projection on ${engine} over restarts`, () => {
    const platforms = platformsOf(engine);
    restarts(engine, platforms);
    rebuilding(engine, platforms);
    together(engine, platforms);
  });
}
