/**
 * The Neo4j that NEO4J_URI names. It has one database, so the test files that write to it take turns: a file holds
 * the lock from `holdNeo4j()` until it ends.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import { type GraphStore, type Row, statement } from '../../src/store/graphStore.ts';
import { Neo4jStore } from '../../src/store/neo4j/neo4jStore.ts';

export const NEO4J_URI = process.env['NEO4J_URI'] || undefined;
/** Added to the name of a suite that is not run. */
export const NOT_RUN = NEO4J_URI ? '' : ' (NEO4J_URI is not set)';

const WAIT_MS = 900_000;
const PER_TRANSACTION = 5_000;

export function openNeo4j(uri = NEO4J_URI ?? 'bolt://nowhere'): Neo4jStore {
  return new Neo4jStore({
    uri,
    user: process.env['NEO4J_USER'],
    password: process.env['NEO4J_PASSWORD'],
    database: process.env['NEO4J_DATABASE'],
  });
}

async function deleteNodes(store: GraphStore, which: string, params: Row): Promise<void> {
  const text = `MATCH (n) ${which} WITH n LIMIT $limit DETACH DELETE n RETURN count(n) AS n`;
  for (let left = 1; left > 0; ) {
    const [rows] = (await store.write([statement('test.empty', text, { ...params, limit: PER_TRANSACTION })])) ?? [];
    left = Number(rows?.[0]?.['n'] ?? 0);
  }
}

/** Deletes every node and relationship; the schema stays. */
export function emptyGraph(store: GraphStore): Promise<void> {
  return deleteNodes(store, '', {});
}

const KNOWLEDGE = [
  'Migration',
  'KnowledgeRelease',
  ...['Gene', 'Variant', 'Allele', 'AlleleFrequency', 'PhenotypeRule', 'Modulator'],
  ...['Drug', 'Interaction', 'InteractionRule', 'InteractionDrug', 'Guideline', 'Recommendation', 'Evidence'],
  ...['Tumour', 'TumourEvidence', 'DrugCaution', 'Regimen'],
];

/** Whether the graph has one release of the shipped knowledge, whole, which a test can start from. */
async function hasKnowledge(store: GraphStore): Promise<boolean> {
  const [row] = await store.read<{ n: number; current: number }>(
    statement(
      'test.releases',
      `MATCH (r:KnowledgeRelease) WITH count(r) AS n
       OPTIONAL MATCH (:Current {name: 'knowledge'})-[:POINTS_TO]->(r:KnowledgeRelease) RETURN n, count(r) AS current`,
    ),
  );
  return row?.n === 1 && row.current === 1;
}

/** Empties the graph of all but the shipped knowledge, where that is what it has: to load it takes a test longer than all it does. */
export async function emptyNeo4j(): Promise<void> {
  const store = openNeo4j();
  if (await hasKnowledge(store)) {
    await deleteNodes(store, `WHERE none(label IN labels(n) WHERE label IN $kept) AND coalesce(n.name, '') <> 'knowledge'`, {
      kept: [...KNOWLEDGE, 'Projection'],
    });
    await store.write([statement('test.places', "MATCH (p:Projection) SET p.seq = '0', p.epoch = ''")]);
  } else await emptyGraph(store);
  await store.close();
}

const lock = join(tmpdir(), `avicenna-test-${(NEO4J_URI ?? '').replace(/^.*:\/\//, '').replaceAll(/\W/g, '-')}.lock`);

function holderIsGone(): boolean {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function take(): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS; Date.now() < deadline; await pause(100)) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch {
      if (holderIsGone()) rmSync(lock, { recursive: true, force: true });
    }
  }
  throw new Error(`${lock} was not released`);
}

/** Call it inside a `describe`: the suite has the database for itself. */
export function holdNeo4j(): void {
  beforeAll(take, WAIT_MS);
  afterAll(() => rmSync(lock, { recursive: true, force: true }));
}
