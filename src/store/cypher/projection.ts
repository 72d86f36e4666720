/** Where the projection stands: one node per consumer, moved only from the sequence that was expected. */

import { type GraphStore, type Statement, statement } from '../graphStore.ts';
import { PROJECTED_LABELS } from '../migrations/migrations.ts';

export type ProjectionName = 'graph' | 'monitor';

export interface ProjectionPlace {
  readonly seq: string;
  readonly epoch: string;
}

export async function projectionPlace(store: GraphStore, name: ProjectionName): Promise<ProjectionPlace> {
  const [row] = await store.read<{ seq: string; epoch: string }>(
    statement('projection.place', 'MATCH (c:Projection {name: $name}) RETURN c.seq AS seq, c.epoch AS epoch', { name }),
  );
  return row ?? { seq: '0', epoch: '' };
}

/**
 * Moves from `expected` to `next`; no row means that another projector was there first. The first SET takes the node's
 * write lock before the sequence is read: Neo4j reads committed values without a lock, and two writers that had both
 * read the same sequence would both move it (100 of 100 rounds with eight writers).
 */
export function movePlace(name: ProjectionName, expected: string, next: string): Statement {
  return statement(
    'projection.move',
    'MATCH (c:Projection {name: $name}) SET c.asked = $next WITH c WHERE c.seq = $expected SET c.seq = $next RETURN c.seq AS seq',
    {
      name,
      expected,
      next,
    },
  );
}

/** Takes the log's epoch for all places. A place in another log means nothing in this one: it starts from the beginning. */
export function adoptEpoch(epoch: string): Statement {
  return statement(
    'projection.epoch',
    "MATCH (c:Projection) SET c.seq = CASE WHEN c.epoch IN ['', $epoch] THEN c.seq ELSE '0' END, c.epoch = $epoch",
    { epoch },
  );
}

/** Puts a place where it is in another log than the one that the graph was made of. */
export function putPlace(name: ProjectionName, epoch: string, seq: string): Statement {
  return statement('projection.put', 'MATCH (c:Projection {name: $name}) SET c.seq = $seq, c.epoch = $epoch', { name, epoch, seq });
}

const PER_TRANSACTION = 5_000;
/** A replay asks no model again: what one could not say of an event stays noted. */
const KEPT: Readonly<Record<string, string>> = { DeadLetter: "WHERE n.step = 'PROJECT'" };

/** Drops everything that was projected and puts the place of the graph back to the start. The log is not touched. */
export async function dropProjection(store: GraphStore): Promise<void> {
  for (const label of PROJECTED_LABELS) {
    for (let left = PER_TRANSACTION; left === PER_TRANSACTION; ) {
      const [rows] = (await store.write([
        statement('projection.drop', `MATCH (n:${label}) ${KEPT[label] ?? ''} WITH n LIMIT $limit DETACH DELETE n RETURN count(n) AS n`, {
          limit: PER_TRANSACTION,
        }),
      ])) ?? [[]];
      left = Number(rows?.[0]?.['n'] ?? 0);
    }
  }
  await store.write([statement('projection.reset', "MATCH (c:Projection {name: 'graph'}) SET c.seq = '0', c.epoch = ''")]);
}
