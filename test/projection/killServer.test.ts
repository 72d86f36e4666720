import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/cli/config.ts';
import { openLog } from '../../src/cli/openLog.ts';
import { readDemoPatients } from '../../src/cli/seedDemo.ts';
import { type Envelope, plainCodec } from '../../src/events/envelope.ts';
import { compareSeq } from '../../src/events/eventLog.ts';
import { readPatientEvent } from '../../src/patients/events.ts';
import { EmbeddedStore } from '../../src/store/embedded/embeddedStore.ts';
import { type GraphStore, statement } from '../../src/store/graphStore.ts';
import { ask, killWhile, type Serving, serve } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { grown } from '../support/followed.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { envelopes } from './platforms.ts';

const KILLS = process.env['LONG'] ? 50 : 5;
const WRITERS = 4;

const OBSERVE = `mutation Observe($input: RecordObservationsInput!) {
  recordObservations(input: $input) { eventId userErrors { message } }
}`;
const FIND = 'query Find($identifier: String!) { patient(identifier: $identifier) { id } }';

interface Sent {
  readonly key: string;
  readonly patientId: string;
  readonly weight: number;
}

async function observe(url: string, { key, patientId, weight }: Sent): Promise<string> {
  const input = {
    idempotencyKey: key,
    patientId,
    observations: [{ code: '29463-7', value: weight, unit: 'kg', observedAt: '2026-06-01T08:00:00.000Z' }],
  };
  const { recordObservations } = await ask<{ recordObservations: { eventId: string | null; userErrors: { message: string }[] } }>(
    url,
    OBSERVE,
    { input },
  );
  if (!recordObservations.eventId) throw new Error(recordObservations.userErrors[0]?.message ?? 'no event');
  return recordObservations.eventId;
}

/** Writes until the server is gone; `acknowledged` is given the events' ids. Gives the command on its way when it went. */
async function write(url: string, patientId: string, prefix: string, acknowledged: string[]): Promise<Sent> {
  for (let count = 0; ; count += 1) {
    const sent = { key: `${prefix}-${count}-key`, patientId, weight: 60 + (count % 40) };
    try {
      acknowledged.push(await observe(url, sent));
    } catch (error) {
      // Only the connection's end may stop a writer.
      if (!/fetch failed|terminated|socket|JSON/i.test((error as Error).message)) throw error;
      return sent;
    }
  }
}

async function patientIds(url: string): Promise<string[]> {
  const found = await Promise.all(
    Array.from({ length: WRITERS }, (_, index) => ask<{ patient: { id: string } }>(url, FIND, { identifier: `DEMO-000${index + 1}` })),
  );
  return found.map(({ patient }) => patient.id);
}

/** One life of the server: it is killed while it is written to. What was on its way is sent again in the next life. */
async function live(server: Serving, round: number, before: readonly Sent[]): Promise<{ acknowledged: string[]; last: Sent[] }> {
  const acknowledged = await Promise.all(before.map((sent) => observe(server.url, sent)));
  const patients = await patientIds(server.url);
  const writing = Promise.all(patients.map((id, writer) => write(server.url, id, `round-${round}-writer-${writer}`, acknowledged)));
  await grown(acknowledged, 2 * WRITERS + Math.random() * 50);
  await server.end('SIGKILL');
  return { acknowledged, last: await writing };
}

/** How often each observation is in the graph. */
async function timesInGraph(store: GraphStore, ids: readonly string[]): Promise<number[]> {
  const rows = await store.read<{ id: string; n: number }>(
    statement('test.events', 'UNWIND $ids AS id MATCH (:Patient)-[:HAS_OBSERVATION]->(o:Observation {id: id}) RETURN id, count(o) AS n', {
      ids,
    }),
  );
  const counts = new Map(rows.map(({ id, n }) => [id, n]));
  return ids.map((id) => counts.get(id) ?? 0);
}

function observationsOf(envelope: Envelope): string[] {
  const { type, payload } = readPatientEvent('observations.recorded', envelope.version, plainCodec.decode(envelope));
  return type === 'observations.recorded' ? payload.observations.map(({ id }) => id) : [];
}

/** On the engines themselves, after the server has ended in good order. */
async function check(data: string, acknowledged: readonly string[]): Promise<void> {
  const log = await openLog(data, readConfig({}));
  const inLog = await envelopes(log);
  await log.close();
  expect(new Set(inLog.map(({ id }) => id)).size).toBe(inLog.length);
  const observed = new Map(inLog.filter(({ type }) => type === 'observations.recorded').map((event) => [event.id, event]));
  expect(acknowledged.filter((id) => !observed.has(id))).toEqual([]);
  // A weight that was sent twice, as two commands, is one observation.
  const observations = [...new Set(acknowledged.flatMap((id) => observationsOf(observed.get(id) as Envelope)))];
  expect(observations.length).toBeGreaterThan(0);
  const store = EmbeddedStore.open(data);
  try {
    expect((await timesInGraph(store, observations)).filter((times) => times !== 1)).toEqual([]);
    // What the monitor said last may still be on its way into the graph when the server ends: the next start brings it.
    const [place] = await store.read<{ seq: string }>(statement('test.place', "MATCH (c:Projection {name: 'graph'}) RETURN c.seq AS seq"));
    const shown = inLog.filter(({ type, seq }) => type === 'risk.changed' && compareSeq(seq, place?.seq ?? '0') <= 0).map(({ id }) => id);
    expect(shown.length).toBeGreaterThan(0);
    const risks = await store.read<{ id: string }>(
      statement('test.risks', 'MATCH (:Patient)-[:HAS_RISK]->(r:RiskEvent) RETURN r.id AS id'),
    );
    expect(risks.map(({ id }) => id).sort()).toEqual(shown.sort());
  } finally {
    await store.close();
  }
}

describe('the server that is killed while it is written to', () => {
  it(
    `has every acknowledged event in the graph exactly once, and none of a repeated command twice (${KILLS} kills)`,
    async () => {
      const data = await dataFolder('DEMO');
      const acknowledged = new Set<string>();
      let pending: Sent[] = [];
      for (let round = 0; round < KILLS; round += 1) {
        const life = await live(await serve(data), round, pending);
        for (const id of life.acknowledged) acknowledged.add(id);
        pending = life.last;
      }
      const last = await serve(data);
      for (const sent of pending) acknowledged.add(await observe(last.url, sent));
      expect(await last.end('SIGTERM')).toBe(0);
      await check(data, [...acknowledged]);
    },
    60_000 + KILLS * 20_000,
  );

  it('enters the rest of the demo patients on the next start, where it was killed on the first', async () => {
    const data = temporaryFolder();
    await killWhile(data, 'demo patients: 5 of');
    const server = await serve(data);
    const { patients } = await ask<{ patients: { totalCount: number } }>(server.url, '{ patients(first: 1) { totalCount } }');
    await server.end('SIGTERM');
    expect(patients.totalCount).toBe(readDemoPatients('graph-seed/demo-patients').length);
  }, 180_000);
});
