/** Platforms on real engines for the projection's suites: one data folder, opened and closed as often as needed. */

import { afterEach } from '@jest/globals';
import { pino } from 'pino';
import { Noted } from '../../src/access/audit/noted.ts';
import { readConfig } from '../../src/cli/config.ts';
import { openLog } from '../../src/cli/openLog.ts';
import { type OpenPlatform, openPlatform, openStore } from '../../src/cli/openPlatform.ts';
import { decodeEnvelope, type Envelope } from '../../src/events/envelope.ts';
import type { EventLog } from '../../src/events/eventLog.ts';
import { ALERT_EVENT_TYPE, readAlertPayload } from '../../src/monitoring/alertEvent.ts';
import { type RiskPayload, readRiskPayload } from '../../src/monitoring/riskEvent.ts';
import type { GraphStore } from '../../src/store/graphStore.ts';
import { TESTER } from '../support/actors.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { emptyNeo4j, NEO4J_URI } from '../support/neo4j.ts';
import { temporaryFolder } from '../support/temporary.ts';

export type Engine = 'embedded' | 'neo4j';
/** The platform of a suite, opened before its tests run. */
export type Given = () => OpenPlatform;

const settings = (engine: Engine, more: NodeJS.ProcessEnv = {}) => readConfig(engine === 'neo4j' ? { NEO4J_URI, ...more } : more);

/** A place for data whose graph has the shipped knowledge and no patients. */
export async function emptyData(engine: Engine): Promise<string> {
  if (engine === 'embedded') return dataFolder('KNOWLEDGE');
  await emptyNeo4j();
  return temporaryFolder();
}

/** The platform over a folder. The caller closes it. */
export function openOn(engine: Engine, data: string, env: NodeJS.ProcessEnv = {}): Promise<OpenPlatform> {
  return openPlatform({ data, config: settings(engine, env), log: pino({ level: 'silent' }), progress: () => undefined });
}

/** Opens platforms that are closed at the end of the test, where the test did not do it. */
export function platformsOf(engine: Engine) {
  const open = new Set<OpenPlatform>();
  afterEach(async () => {
    for (const platform of [...open]) await platform.close();
    open.clear();
  });
  return {
    open: async (data: string, env: NodeJS.ProcessEnv = {}): Promise<OpenPlatform> => {
      const platform = await openOn(engine, data, env);
      open.add(platform);
      return platform;
    },
    close: async (platform: OpenPlatform): Promise<void> => {
      open.delete(platform);
      await platform.close();
    },
  };
}

/** Works on the graph alone, while no platform is open. */
export async function onGraph<T>(engine: Engine, data: string, work: (store: GraphStore) => Promise<T>): Promise<T> {
  const store = openStore(data, settings(engine));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Works on the log alone, while no platform is open. */
export async function onLog<T>(data: string, work: (log: EventLog) => Promise<T>): Promise<T> {
  const log = await openLog(data, readConfig({}));
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

export async function envelopes(log: EventLog): Promise<Envelope[]> {
  const found: Envelope[] = [];
  for await (const item of log.read({ after: '0' })) if (item.kind === 'event') found.push(decodeEnvelope(item.seq, item.body));
  return found;
}

/** The risk events of a patient in the graph, oldest first, once all that is in the log has been looked at. */
export async function risksOf(platform: OpenPlatform, patient: string): Promise<RiskPayload[]> {
  if (!(await platform.projector.settle(60_000))) throw platform.projector.halted ?? new Error('the projection does not settle');
  const { items } = await platform.readerFor(TESTER, new Noted()).risks({ patient }, null, 1000);
  return items.map(({ payload }) => readRiskPayload(JSON.parse(payload))).reverse();
}

/** What happened to the alerts of a patient, by the log: `rule STEP`, in its order. */
export async function alertStepsOf(platform: OpenPlatform, patient: string): Promise<string[]> {
  if (!(await platform.projector.settle(60_000))) throw platform.projector.halted ?? new Error('the projection does not settle');
  return (await envelopes(platform.log))
    .filter(({ subject, type }) => subject === patient && type === ALERT_EVENT_TYPE)
    .map((envelope) => readAlertPayload(platform.codec.decode(envelope)))
    .map(({ rule, step }) => `${rule} ${step}`);
}
