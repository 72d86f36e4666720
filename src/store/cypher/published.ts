/**
 * Releases of publishers' files in the graph. A thing is one node (`Thing`, keyed by kind and id) that releases share; what a
 * release says is its edges: facts between things, and from terms to what they name. A release is loaded in batches, each with
 * its place in the same transaction, so that loading goes on where it stopped and does nothing twice; it counts only once the
 * pointer moves. Older releases than the one before go.
 */
import { FACT_KINDS, type FactKind, refText, type ThingKind } from '../../knowledge/published/fact.ts';
import type { FactRow, Manifest, TermRow, ThingRow } from '../../knowledge/published/releaseFiles.ts';
import { type GraphStore, type Statement, statement } from '../graphStore.ts';

export interface LoadedRelease {
  readonly name: string;
  readonly digest: string;
  /** Batches that are in the graph. */
  readonly batches: number;
  readonly complete: boolean;
  readonly inForce: boolean;
}

export async function publishedReleases(store: GraphStore): Promise<LoadedRelease[]> {
  return (await store.read(
    statement(
      'published.releases',
      `MATCH (r:PublishedRelease)
       RETURN r.name AS name, r.digest AS digest, r.batches AS batches, r.complete AS complete,
         EXISTS { MATCH (:Current {name: 'published'})-[:POINTS_TO]->(r) } AS inForce ORDER BY name`,
    ),
  )) as unknown as LoadedRelease[];
}

/** Enters a release of which nothing is loaded yet; one that is there stays as it is. */
export function enterRelease({ name, digest, builtAt }: Manifest): Statement {
  return statement(
    'published.enter',
    `MERGE (r:PublishedRelease {name: $name})
     ON CREATE SET r.digest = $digest, r.builtAt = $builtAt, r.batches = 0, r.complete = false`,
    { name, digest, builtAt },
  );
}

/** Moves the release's place; matches nothing where another process has moved it. */
export function nextBatch({ name, digest }: Manifest, before: number): Statement {
  return statement(
    'published.next',
    'MATCH (r:PublishedRelease {name: $name, digest: $digest}) WHERE r.batches = $before SET r.batches = $after RETURN r.name AS name',
    { name, digest, before, after: before + 1 },
  );
}

export function thingsStatement(kind: ThingKind, rows: readonly ThingRow[]): Statement {
  return statement('published.things', 'UNWIND $rows AS row MERGE (t:Thing {key: row.key}) SET t += row.props', {
    rows: rows.map(([id, name, details]) => ({
      key: refText({ kind, id }),
      props: { kind, id, name, details: details === 0 ? null : JSON.stringify(details) },
    })),
  });
}

/** Two statements: in one, the embedded engine looks for each thing among all. */
export function termStatements(release: string, rows: readonly TermRow[]): Statement[] {
  const named = rows.map(([kind, id, text, type]) => ({ lower: text.toLowerCase(), key: refText({ kind, id }), kind, text, type }));
  return [
    statement('published.terms', 'UNWIND $rows AS row MERGE (w:Term {text: row.lower})', { rows: named }),
    statement(
      'published.names',
      `UNWIND $rows AS row MATCH (w:Term {text: row.lower}) MATCH (t:Thing {key: row.key})
       CREATE (w)-[:NAMES {release: $release, kind: row.kind, text: row.text, type: row.type}]->(t)`,
      { release, rows: named },
    ),
  ];
}

export function factsStatement(release: string, kind: FactKind, rows: readonly FactRow[]): Statement {
  return statement(
    'published.facts',
    `UNWIND $rows AS row MATCH (a:Thing {key: row.from}) MATCH (b:Thing {key: row.to})
     CREATE (a)-[f:${kind} {release: $release}]->(b) SET f += row.props`,
    {
      release,
      rows: rows.map(([fromKind, from, toKind, to, key, level, date, source, licence, details]) => ({
        from: refText({ kind: fromKind, id: from }),
        to: refText({ kind: toKind, id: to }),
        props: {
          source,
          licence,
          ...(key === '' ? {} : { key }),
          ...(level === '' ? {} : { level }),
          ...(date === '' ? {} : { date }),
          ...(details === 0 ? {} : { details: JSON.stringify(details) }),
        },
      })),
    },
  );
}

/** Puts a loaded release in force; which one was before stays known, so that it can be kept. */
export function putInForce(name: string): readonly Statement[] {
  return [
    statement('published.complete', 'MATCH (r:PublishedRelease {name: $name}) SET r.complete = true', { name }),
    statement('published.before', "MATCH (:Current {name: 'published'})-[p:BEFORE]->() DELETE p"),
    statement(
      'published.keep',
      `MATCH (c:Current {name: 'published'})-[p:POINTS_TO]->(r:PublishedRelease) WHERE r.name <> $name
       CREATE (c)-[:BEFORE]->(r) DELETE p`,
      { name },
    ),
    statement(
      'published.current',
      "MERGE (c:Current {name: 'published'}) WITH c MATCH (r:PublishedRelease {name: $name}) MERGE (c)-[:POINTS_TO]->(r)",
      { name },
    ),
  ];
}

/** Releases that are neither in force nor the one before. */
export async function releasesPastKeeping(store: GraphStore): Promise<string[]> {
  const rows = await store.read<{ name: string }>(
    statement(
      'published.past',
      `MATCH (r:PublishedRelease) WHERE r.complete
       AND NOT EXISTS { MATCH (:Current {name: 'published'})-[:POINTS_TO|BEFORE]->(r) } RETURN r.name AS name ORDER BY name`,
    ),
  );
  return rows.map(({ name }) => name);
}

const REMOVED_AT_ONCE = 5000;

/** Takes what a release says out of the graph, batch by batch; things and terms stay, as releases share them. */
export async function removeRelease(store: GraphStore, release: string): Promise<void> {
  for (const type of [...FACT_KINDS, 'NAMES'])
    for (;;) {
      const removed = await store.write([
        statement(
          'published.remove',
          `MATCH ()-[f:${type} {release: $release}]->() WITH f LIMIT ${REMOVED_AT_ONCE} DELETE f RETURN count(*) AS n`,
          {
            release,
          },
        ),
      ]);
      if (Number(removed?.[0]?.[0]?.['n'] ?? 0) < REMOVED_AT_ONCE) break;
    }
  await store.write([statement('published.forget', 'MATCH (r:PublishedRelease {name: $release}) DETACH DELETE r', { release })]);
}
