/** What lies about two things of the release in force: one statement, bounded whatever the things are. */
import { AvicennaError } from '../../errors.ts';
import type { PathThing, Spoke, Surroundings } from '../../knowledge/published/graphPaths.ts';
import { type GraphStore, type Statement, statement } from '../graphStore.ts';

/** A thing with more facts is no end of a path: they would not be read within 300 ms (docs/adr/0029). */
export const MOST_FACTS_OF_AN_END = 5_000;
/** Of paths of three: a neighbour with more facts, or none but the one, is passed over, and no more neighbours than this are looked about. */
const MOST_FACTS_BETWEEN = 50;
const MOST_NEIGHBOURS = 120;

const FACT = 'f.source AS source, f.licence AS licence, f.level AS level, f.date AS date';

/** The facts of one thing, outwards or inwards. */
function star(side: 'FROM' | 'TO', param: string, forward: boolean): string {
  const fact = forward ? '-[f {release: $release}]->' : '<-[f {release: $release}]-';
  return `MATCH (x:Thing {key: ${param}}) WHERE COUNT { (x)-[]-() } <= $most MATCH (x)${fact}(m:Thing)
    RETURN '${side}' AS side, x.key AS of, m.key AS to, m.name AS name, COUNT { (m)-[]-() } AS degree, type(f) AS kind, ${forward} AS forward, ${FACT}`;
}

/** The facts of the neighbours that have the fewest. */
function about(param: string, forward: boolean): string {
  const fact = forward ? '-[f {release: $release}]->' : '<-[f {release: $release}]-';
  return `MATCH (x:Thing {key: ${param}}) WHERE COUNT { (x)-[]-() } <= $most MATCH (x)-[{release: $release}]-(n:Thing)
    WITH DISTINCT n, COUNT { (n)-[]-() } AS d WHERE d > 1 AND d <= $between WITH n ORDER BY d, n.key LIMIT ${MOST_NEIGHBOURS} MATCH (n)${fact}(m:Thing)
    RETURN 'BETWEEN' AS side, n.key AS of, m.key AS to, m.name AS name, COUNT { (m)-[]-() } AS degree, type(f) AS kind, ${forward} AS forward, ${FACT}`;
}

const end = (side: 'END_FROM' | 'END_TO', param: string) =>
  `MATCH (x:Thing {key: ${param}}) RETURN '${side}' AS side, x.key AS of, x.key AS to, x.name AS name, COUNT { (x)-[]-() } AS degree,
    '' AS kind, true AS forward, '' AS source, '' AS licence, null AS level, null AS date`;

function surroundingsStatement(release: string, from: string, to: string, maxLength: number): Statement {
  const ends = [end('END_FROM', '$from'), end('END_TO', '$to')];
  const stars = [true, false].flatMap((forward) => [star('FROM', '$from', forward), star('TO', '$to', forward)]);
  const between = maxLength < 3 ? [] : [true, false].flatMap((forward) => [about('$from', forward), about('$to', forward)]);
  return statement('published.surroundings', [...ends, ...stars, ...between].join('\nUNION ALL\n'), {
    ...{ release, from, to, most: MOST_FACTS_OF_AN_END },
    ...(maxLength >= 3 && { between: MOST_FACTS_BETWEEN }),
  });
}

interface Row extends Spoke {
  readonly side: 'END_FROM' | 'END_TO' | 'FROM' | 'TO' | 'BETWEEN';
}

function checkedEnd(rows: readonly Row[], side: Row['side'], argument: string): PathThing {
  const row = rows.find((one) => one.side === side);
  if (!row) throw new AvicennaError('NOT_FOUND', 'The release has nothing of that id.', argument);
  const { to: key, name, degree } = row;
  if (degree > MOST_FACTS_OF_AN_END)
    throw new AvicennaError(
      'QUERY_TOO_COMPLEX',
      `${name} has ${degree} facts: paths are looked for between things of at most ${MOST_FACTS_OF_AN_END}.`,
      argument,
    );
  return { key, name, degree };
}

/** @throws AvicennaError NOT_FOUND, or QUERY_TOO_COMPLEX where one of them is too much of a hub */
export async function surroundingsOf(
  store: GraphStore,
  release: string,
  [from, to]: readonly [string, string],
  maxLength: number,
): Promise<Surroundings> {
  const rows = (await store.read(surroundingsStatement(release, from, to, maxLength))) as unknown as Row[];
  const ends = { from: checkedEnd(rows, 'END_FROM', 'from'), to: checkedEnd(rows, 'END_TO', 'to') };
  const of = (side: Row['side']) => rows.filter((row) => row.side === side);
  return { ...ends, ofFrom: of('FROM'), ofTo: of('TO'), ofNeighbours: of('BETWEEN') };
}
