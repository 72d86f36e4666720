/** Two servers on one Neo4j and one JetStream, as processes of their own. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RiskStep, riskChanges } from '../../src/client/riskStream.ts';
import { type Envelope, plainCodec } from '../../src/events/envelope.ts';
import { JetStreamLog } from '../../src/events/jetstream/jetstreamLog.ts';
import { RISK_EVENT_TYPE } from '../../src/monitoring/riskEvent.ts';
import { readPatientEvent } from '../../src/patients/events.ts';
import { statement } from '../../src/store/graphStore.ts';
import { type Serving, serve } from '../support/commandLine.ts';
import { demoPatients, expectWhole, follow, grown, toldSince, weigh, weighOnce, weighUntil } from '../support/followed.ts';
import { NATS_SERVER, type NatsServer, startNats } from '../support/nats.ts';
import { emptyNeo4j, holdNeo4j, NEO4J_URI, openNeo4j } from '../support/neo4j.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { envelopes } from './platforms.ts';

const KILLS = process.env['LONG'] ? 30 : 4;
const IDENTIFIERS = ['DEMO-0001', 'DEMO-0002', 'DEMO-0003'];

interface Replica {
  readonly data: string;
  server: Serving;
}

let nats: NatsServer;
let replicas: Replica[] = [];

async function startReplica(data: string): Promise<Replica> {
  return { data, server: await serve(data, { NEO4J_URI: NEO4J_URI ?? '', NATS_URL: nats.url, NATS_ALLOW_WEAK: '1' }) };
}

const addresses = () => replicas.map(({ server }) => server.url);

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

/** What the log has, by a reader of its own. */
async function logged(): Promise<Envelope[]> {
  const file = join(temporaryFolder(), 'copy.db');
  const log = await JetStreamLog.open({ servers: nats.url, stream: 'avicenna-events', file, allowWeak: true });
  return envelopes(log).finally(() => log.close());
}

function observationsOf(all: readonly Envelope[], acknowledged: readonly string[]): string[] {
  const ids = new Set(acknowledged);
  const found = all
    .filter(({ id }) => ids.has(id))
    .flatMap((envelope) => {
      const { type, payload } = readPatientEvent('observations.recorded', envelope.version, plainCodec.decode(envelope));
      return type === 'observations.recorded' ? payload.observations.map(({ id }) => id) : [];
    });
  return [...new Set(found)];
}

(NEO4J_URI && NATS_SERVER ? describe : describe.skip)('two servers on one graph and one log (NEO4J_URI and NATS_SERVER)', () => {
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
    const [first = '', second = ''] = addresses();
    const [patient = ''] = await demoPatients(first, IDENTIFIERS);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 60_000);
    const seen: RiskStep[] = [];
    for await (const step of riskChanges({ url: second, patientIds: [patient], signal: stop.signal })) {
      if (!step.event) await weigh(() => [first], patient, 'replicas-first-key', 120);
      else seen.push(step);
      if (seen.length > 0) break;
    }
    clearTimeout(timer);
    stop.abort();
    expect(seen[0]?.event).toMatchObject({ cause: 'OBSERVATION', patient: { id: patient } });
  }, 180_000);

  it('takes what twenty writers send of one patient to both at once', async () => {
    const urls = addresses();
    const [patient = ''] = await demoPatients(urls[0] ?? '', IDENTIFIERS);
    const write = async (writer: number) => {
      const url = urls[writer % 2] ?? '';
      const answers = [];
      for (let count = 0; count < 5; count += 1)
        answers.push(await weighOnce(url, patient, `together-${writer}-${count}`, 60 + ((writer * 5 + count) % 50)));
      return answers;
    };
    const answers = (await Promise.all(Array.from({ length: 20 }, (_, writer) => write(writer)))).flat();
    expect(answers.filter(({ eventId }) => eventId === null)).toEqual([]);
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(100);
  }, 120_000);

  it(
    `loses nothing and tells nothing twice, whichever is killed or drained (${KILLS} times)`,
    async () => {
      const patients = await demoPatients(addresses()[0] ?? '', IDENTIFIERS);
      const seen: RiskStep[] = [];
      const stop = new AbortController();
      const following = follow(addresses, patients, stop.signal, seen);
      await pause(1000);
      let stopped = false;
      const acknowledged: string[] = [];
      const writing = weighUntil(() => stopped, addresses, patients, 'replicas', acknowledged);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await grown(acknowledged, 10 + Math.random() * 60);
        const killed = replicas[kill % 2] as Replica;
        // One that drains takes its leave of its subscribers; one that is killed does not.
        await killed.server.end(kill % 4 < 2 ? 'SIGKILL' : 'SIGTERM');
        killed.server = (await startReplica(killed.data)).server;
      }
      stopped = true;
      await writing;
      for (let tries = 0; tries < 240 && seen.length < toldSince(acknowledged, await logged()).length; tries += 1) await pause(250);
      stop.abort();
      await following;
      const all = await logged();
      expectWhole(acknowledged, all, seen);
      const observations = observationsOf(all, acknowledged);
      expect(await timesInGraph('Observation', observations)).toEqual(observations.map(() => 1));
      const risks = all.filter(({ type }) => type === RISK_EVENT_TYPE).map(({ id }) => id);
      expect(await timesInGraph('RiskEvent', risks)).toEqual(risks.map(() => 1));
    },
    120_000 + KILLS * 20_000,
  );
});
