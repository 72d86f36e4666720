/** Two servers on one Neo4j and one JetStream, as processes of their own. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RiskStep, riskChanges } from '../../src/client/riskStream.ts';
import { plainCodec } from '../../src/events/envelope.ts';
import { JetStreamLog } from '../../src/events/jetstream/jetstreamLog.ts';
import { fromGlobalId } from '../../src/graphql/ids.ts';
import { RISK_EVENT_TYPE } from '../../src/monitoring/riskEvent.ts';
import { readPatientEvent } from '../../src/patients/events.ts';
import { statement } from '../../src/store/graphStore.ts';
import { ask, type Serving, serve } from '../support/commandLine.ts';
import { NATS_SERVER, type NatsServer, startNats } from '../support/nats.ts';
import { emptyNeo4j, holdNeo4j, NEO4J_URI, openNeo4j } from '../support/neo4j.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { envelopes } from './platforms.ts';

const KILLS = process.env['LONG'] ? 30 : 4;
/** A subscriber stays at one server for so long. */
const STAY_MS = 3000;
const IDENTIFIERS = ['DEMO-0001', 'DEMO-0002', 'DEMO-0003'];

const FIND = 'query Find($identifier: String!) { patient(identifier: $identifier) { id } }';
const OBSERVE = `mutation Observe($input: RecordObservationsInput!) {
  recordObservations(input: $input) { eventId userErrors { message } }
}`;

interface Replica {
  readonly data: string;
  server: Serving;
}

let nats: NatsServer;
let replicas: Replica[] = [];

const settings = () => ({ NEO4J_URI: NEO4J_URI ?? '', NATS_URL: nats.url, NATS_ALLOW_WEAK: '1' });

async function startReplica(data: string): Promise<Replica> {
  return { data, server: await serve(data, settings()) };
}

async function patientIds(): Promise<string[]> {
  const url = replicas[0]?.server.url ?? '';
  const found = await Promise.all(IDENTIFIERS.map((identifier) => ask<{ patient: { id: string } }>(url, FIND, { identifier })));
  return found.map(({ patient }) => patient.id);
}

/** A body weight, which the warfarin dose depends on; at whichever server answers, with one key. */
async function weigh(patientId: string, key: string, weight: number, first: number): Promise<string> {
  const observations = [{ code: '29463-7', value: weight, unit: 'kg', observedAt: new Date().toISOString() }];
  const input = { idempotencyKey: key, patientId, observations };
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const url = replicas[(first + attempt) % replicas.length]?.server.url ?? '';
    try {
      const { recordObservations: answer } = await ask<{
        recordObservations: { eventId: string | null; userErrors: { message: string }[] };
      }>(url, OBSERVE, { input });
      if (answer.eventId) return answer.eventId;
      throw new Error(`refused: ${answer.userErrors[0]?.message}`);
    } catch (error) {
      if ((error as Error).message.startsWith('refused')) throw error;
      await pause(50);
    }
  }
  throw new Error('no server took the observation');
}

/** Follows the patients at one server after another, resuming with the last cursor, until `signal` aborts. */
async function follow(patients: readonly string[], signal: AbortSignal, seen: RiskStep[]): Promise<void> {
  let after: string | undefined;
  for (let at = 1; !signal.aborted; at += 1) {
    const url = replicas[at % replicas.length]?.server.url ?? '';
    const hop = new AbortController();
    const leave = () => hop.abort();
    signal.addEventListener('abort', leave);
    const timer = setTimeout(leave, STAY_MS);
    for await (const step of riskChanges({ url, patientIds: patients, signal: hop.signal, ...(after && { after }) })) {
      after = step.cursor;
      if (step.event) seen.push(step);
      if (hop.signal.aborted) break;
    }
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

async function timesInGraph(label: 'Observation' | 'RiskEvent', ids: readonly string[]): Promise<number[]> {
  const store = openNeo4j();
  try {
    const rows = await store.read<{ id: string; n: number }>(
      statement('test.times', `UNWIND $ids AS id MATCH (n:${label} {id: id}) RETURN id, count(n) AS n`, { ids }),
    );
    const counts = new Map(rows.map(({ id, n }) => [id, n]));
    return ids.map((id) => counts.get(id) ?? 0);
  } finally {
    await store.close();
  }
}

/** Writers that weigh patients at both servers until they are told to stop; gives the ids that were acknowledged. */
async function writeUntil(stopped: () => boolean, patients: readonly string[]): Promise<string[]> {
  const acknowledged: string[] = [];
  const write = async (patient: string, writer: number) => {
    for (let count = 0; !stopped(); count += 1) {
      acknowledged.push(await weigh(patient, `replicas-${writer}-${count}-key`, 50 + ((count * 7 + writer) % 60), writer + count));
    }
  };
  await Promise.all(patients.flatMap((patient, index) => [write(patient, index), write(patient, index + patients.length)]));
  return acknowledged;
}

/** What the log has, by a reader of its own; and what it has of the patients that the events are of. */
async function logged(events: readonly string[]) {
  const log = await JetStreamLog.open({
    servers: nats.url,
    stream: 'avicenna-events',
    file: join(temporaryFolder(), 'copy.db'),
    allowWeak: true,
  });
  try {
    const all = await envelopes(log);
    const ids = new Set(events);
    const patients = new Set(all.filter(({ id }) => ids.has(id)).map(({ subject }) => subject));
    return { all, of: all.filter(({ subject }) => patients.has(subject)) };
  } finally {
    await log.close();
  }
}

const suite = NEO4J_URI && NATS_SERVER ? describe : describe.skip;

suite('two servers on one graph and one log (NEO4J_URI and NATS_SERVER)', () => {
  holdNeo4j();
  beforeEach(async () => {
    await emptyNeo4j();
    nats = await startNats();
    replicas = [await startReplica(temporaryFolder())];
    replicas.push(await startReplica(temporaryFolder()));
  }, 120_000);
  afterEach(async () => {
    await Promise.all(replicas.map(({ server }) => server.end('SIGKILL')));
    await nats.kill();
  });

  it('tells a subscriber of one of a change made at the other, once', async () => {
    const [patient] = await patientIds();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 20_000);
    const seen: RiskStep[] = [];
    for await (const step of riskChanges({ url: replicas[1]?.server.url ?? '', patientIds: [patient ?? ''], signal: stop.signal })) {
      if (!step.event) await weigh(patient ?? '', 'replicas-first-key', 120, 0);
      else seen.push(step);
      if (seen.length > 0) break;
    }
    clearTimeout(timer);
    stop.abort();
    expect(seen[0]?.event).toMatchObject({ cause: 'OBSERVATION', patient: { id: patient } });
  }, 60_000);

  it(
    `loses nothing and tells nothing twice, whichever is killed (${KILLS} kills)`,
    async () => {
      const patients = await patientIds();
      const seen: RiskStep[] = [];
      const stop = new AbortController();
      const following = follow(patients, stop.signal, seen);
      await pause(1000);
      let stopped = false;
      const writing = writeUntil(() => stopped, patients);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await pause(300 + Math.random() * 700);
        const killed = replicas[kill % 2] as Replica;
        await killed.server.end('SIGKILL');
        killed.server = (await startReplica(killed.data)).server;
      }
      stopped = true;
      const acknowledged = await writing;
      expect(acknowledged.length).toBeGreaterThan(KILLS * 10);
      await check(acknowledged, seen, stop);
      await following;
    },
    120_000 + KILLS * 20_000,
  );
});

async function check(acknowledged: readonly string[], seen: readonly RiskStep[], stop: AbortController) {
  // What was told before the subscriber came was told while the demo patients were entered.
  const told = async () => {
    const { of } = await logged(acknowledged);
    const first = of.findIndex(({ id }) => acknowledged.includes(id));
    return of.slice(first).filter(({ type }) => type === RISK_EVENT_TYPE);
  };
  for (let tries = 0; tries < 60 && seen.length < (await told()).length; tries += 1) await pause(250);
  stop.abort();
  const { all, of } = await logged(acknowledged);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const byId = new Map(of.map((envelope) => [envelope.id, envelope]));
  expect(acknowledged.filter((id) => !byId.has(id))).toEqual([]);
  const heard = seen.map(({ event }) => fromGlobalId(event?.id ?? '', 'id').key);
  const wanted = (await told()).map(({ id }) => id);
  expect(wanted.filter((id) => !heard.includes(id))).toEqual([]);
  expect(heard.filter((id) => !wanted.includes(id))).toEqual([]);
  expect(heard).toEqual(wanted);
  const observations = of
    .filter(({ type }) => type === 'observations.recorded')
    .flatMap((envelope) => {
      const { type, payload } = readPatientEvent('observations.recorded', envelope.version, plainCodec.decode(envelope));
      return type === 'observations.recorded' ? payload.observations.map(({ id }) => id) : [];
    });
  expect(await timesInGraph('Observation', [...new Set(observations)])).toEqual([...new Set(observations)].map(() => 1));
  const risks = of.filter(({ type }) => type === RISK_EVENT_TYPE).map(({ id }) => id);
  expect(await timesInGraph('RiskEvent', risks)).toEqual(risks.map(() => 1));
}
