/**
 * Whether the graph shows what the log says: the log is replayed into a graph beside it, and the two are compared node by node.
 * What differs is named by label, key and property, never by its value.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEnvelope, plainCodec } from '../events/envelope.ts';
import { compareSeq, type EventLog } from '../events/eventLog.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import { patientEventOf, statementsOf } from '../projection/eventStatements.ts';
import { setAsideSeqs } from '../store/cypher/deadLetters.ts';
import { knowledgeStatements } from '../store/cypher/loadKnowledge.ts';
import { COMPARED_LABELS, type ProjectedNode, projectedNodes } from '../store/cypher/projected.ts';
import { projectionPlace } from '../store/cypher/projection.ts';
import { EmbeddedStore } from '../store/embedded/embeddedStore.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { type Config, readConfig } from './config.ts';
import { openExistingLog } from './openLog.ts';
import { openStore } from './openPlatform.ts';
import { EXIT, endProgress, line, note, progress, refuse } from './output.ts';
import { PLACES } from './places.ts';

export interface Difference {
  readonly label: string;
  readonly key: string;
  /** MISSING: in the log, not in the graph. UNKNOWN: in the graph, not in the log. */
  readonly kind: 'MISSING' | 'UNKNOWN' | 'DIFFERENT';
  /** Names of the properties that differ. */
  readonly properties: readonly string[];
}

export interface Verdict {
  /** The event up to which both were compared. */
  readonly seq: string;
  readonly nodes: number;
  /** Events that the graph has set aside: they are in neither. */
  readonly setAside: number;
  readonly differences: readonly Difference[];
}

/** Writes the events up to `seq` into a graph of its own, those left out that the other graph could not take. */
async function replay(log: EventLog, store: GraphStore, seq: string, left: ReadonlySet<string>): Promise<void> {
  await migrate(store);
  for (const statements of knowledgeStatements(readShippedKnowledge(PLACES.graphSeed))) await store.write(statements);
  for await (const item of log.read({ after: '0' })) {
    if (compareSeq(item.seq, seq) > 0) return;
    if (item.kind !== 'event' || left.has(item.seq)) continue;
    const envelope = decodeEnvelope(item.seq, item.body);
    await store.write(statementsOf(envelope, patientEventOf(envelope, plainCodec), plainCodec));
    if (Number(item.seq) % 1000 === 0) progress(`Replaying the log: event ${item.seq} of ${seq}`);
  }
}

function compare(label: string, expected: ReadonlyMap<string, ProjectedNode>, found: ReadonlyMap<string, ProjectedNode>): Difference[] {
  const differences: Difference[] = [];
  for (const [key, { properties: wanted }] of expected) {
    const properties = found.get(key)?.properties;
    if (!properties) {
      differences.push({ label, key, kind: 'MISSING', properties: [] });
      continue;
    }
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(properties)])].filter((name) => wanted[name] !== properties[name]);
    if (names.length > 0) differences.push({ label, key, kind: 'DIFFERENT', properties: names.sort() });
  }
  for (const key of found.keys()) if (!expected.has(key)) differences.push({ label, key, kind: 'UNKNOWN', properties: [] });
  return differences;
}

/** Compares a graph with the log that it was made of, as far as it shows it. Nothing may be written to either meanwhile. */
export async function verifyGraph(log: EventLog, graph: GraphStore): Promise<Verdict> {
  const { seq } = await projectionPlace(graph, 'graph');
  const left = new Set(await setAsideSeqs(graph));
  const folder = await mkdtemp(join(tmpdir(), 'avicenna-verify-'));
  const beside = EmbeddedStore.open(folder);
  try {
    await replay(log, beside, seq, left);
    const differences: Difference[] = [];
    let nodes = 0;
    for (const label of COMPARED_LABELS) {
      const expected = await projectedNodes(beside, label);
      nodes += expected.size;
      differences.push(...compare(label, expected, await projectedNodes(graph, label)));
    }
    return { seq, nodes, setAside: left.size, differences };
  } finally {
    await beside.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const WORDS = { MISSING: 'is not in the graph', UNKNOWN: 'is not in the log', DIFFERENT: 'is another in the graph' } as const;

async function verifyAt(data: string, config: Config, log: EventLog): Promise<Verdict> {
  const graph = openStore(data, config);
  try {
    return await verifyGraph(log, graph);
  } finally {
    endProgress();
    await graph.close();
  }
}

/** Ends with 1 where anything differs. */
export async function verify({ data, json = false }: { readonly data: string; readonly json?: boolean }): Promise<void> {
  try {
    const config = readConfig(process.env);
    const log = await openExistingLog(data, config);
    const verdict = await verifyAt(data, config, log).finally(() => log.close());
    if (verdict.differences.length > 0) process.exitCode = EXIT.refused;
    if (json) return await line(JSON.stringify(verdict));
    for (const { label, key, kind, properties } of verdict.differences)
      await line(`${label} ${key} ${WORDS[kind]}${properties.length > 0 ? `: ${properties.join(', ')}` : ''}`);
    const { seq, nodes, setAside, differences } = verdict;
    note(`Up to event ${seq}: ${nodes} nodes, ${differences.length} differ${setAside > 0 ? `; ${setAside} events are set aside` : ''}.`);
  } catch (error) {
    await refuse(error, json);
  }
}
