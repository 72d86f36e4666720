/** Loads a release that was built into the graph, batch by batch, and puts it in force. */
import { AvicennaError } from '../errors.ts';
import { FACT_KINDS, THING_KINDS } from '../knowledge/published/fact.ts';
import { factRows, type Manifest, termRows, thingRows } from '../knowledge/published/releaseFiles.ts';
import {
  enterRelease,
  factsStatement,
  nextBatch,
  publishedReleases,
  putInForce,
  releasesPastKeeping,
  removeRelease,
  termStatements,
  thingsStatement,
} from './cypher/published.ts';
import type { GraphStore, Statement } from './graphStore.ts';

/** Rows of one transaction. */
const BATCH = 2000;

export interface LoadReport {
  /** Rows written now: 0 where all was there. */
  readonly rows: number;
  readonly removed: readonly string[];
}

/** Rows in batches of the same size every time, whatever the pieces that they are read in: a place counts batches. */
async function* evenly<Row>(pieces: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
  let waiting: Row[] = [];
  for await (const piece of pieces) {
    waiting = waiting.length === 0 ? piece : [...waiting, ...piece];
    let from = 0;
    for (; waiting.length - from >= BATCH; from += BATCH) yield waiting.slice(from, from + BATCH);
    waiting = waiting.slice(from);
  }
  if (waiting.length > 0) yield waiting;
}

interface Batch {
  readonly rows: number;
  readonly statements: () => readonly Statement[];
}

/** What a release says, in the order in which it is loaded: what is named before what names it. */
async function* batchesOf(data: string, release: string): AsyncGenerator<Batch> {
  for (const kind of THING_KINDS)
    for await (const rows of evenly(thingRows(data, release, kind)))
      yield { rows: rows.length, statements: () => [thingsStatement(kind, rows)] };
  for await (const rows of evenly(termRows(data, release))) yield { rows: rows.length, statements: () => termStatements(release, rows) };
  for (const kind of FACT_KINDS)
    for await (const rows of evenly(factRows(data, release, kind)))
      yield { rows: rows.length, statements: () => [factsStatement(release, kind, rows)] };
}

async function writeBatches(
  store: GraphStore,
  data: string,
  manifest: Manifest,
  done: number,
  onRows: (rows: number) => void,
): Promise<number> {
  let place = 0;
  let written = 0;
  for await (const batch of batchesOf(data, manifest.name)) {
    if (place >= done) {
      if ((await store.write(batch.statements(), nextBatch(manifest, place))) === null)
        throw new AvicennaError('DATA_IN_USE', 'Another process is loading the same release.', manifest.name);
      written += batch.rows;
      onRows(batch.rows);
    }
    place += 1;
  }
  return written;
}

/**
 * Loading goes on where it stopped; loading what is in force changes nothing.
 * @param onRows told how many rows have been written, batch by batch
 * @throws BAD_USER_INPUT where the graph has another release of that name, DATA_IN_USE where another process loads it too
 */
export async function loadRelease(
  store: GraphStore,
  data: string,
  manifest: Manifest,
  onRows: (rows: number) => void = () => undefined,
): Promise<LoadReport> {
  const { name, digest } = manifest;
  await store.write([enterRelease(manifest)]);
  const known = (await publishedReleases(store)).find((one) => one.name === name);
  if (!known || known.digest !== digest)
    throw new AvicennaError('BAD_USER_INPUT', `The graph has another release '${name}': build this one under another name.`, name);
  const rows = known.complete ? 0 : await writeBatches(store, data, manifest, known.batches, onRows);
  if (!known.inForce) await store.write(putInForce(name));
  const removed = await releasesPastKeeping(store);
  for (const past of removed) await removeRelease(store, past);
  return { rows, removed };
}
