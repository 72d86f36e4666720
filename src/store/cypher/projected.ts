/** All that was projected from the log, to be compared with what a replay of it gives. */
import { type GraphStore, type Row, statement } from '../graphStore.ts';
import { PROJECTED_LABELS } from '../migrations/migrations.ts';

/** Dead letters, and their count at a patient, are of a graph and not of the log. */
const NOT_OF_THE_LOG: ReadonlySet<string> = new Set(['DeadLetter']);
const COUNTED = 'setAside';

export const COMPARED_LABELS = PROJECTED_LABELS.filter((label) => !NOT_OF_THE_LOG.has(label));

/** A node of one label, named by what identifies it, with its properties and where its relations lead, as text that is the same for equal ones. */
export interface ProjectedNode {
  readonly key: string;
  readonly properties: Readonly<Record<string, string>>;
}

const RELATIONS = 'relations';

const keyOf = (properties: Row): string => String(properties['id'] ?? properties['key']);

function asTexts(properties: Row): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name, value]) => name !== COUNTED && value !== null)
      .map(([name, value]) => [name, JSON.stringify(value)]),
  );
}

/** The nodes of a label by their keys. Relations that lead to knowledge are left out: that is another release's affair. */
export async function projectedNodes(store: GraphStore, label: (typeof COMPARED_LABELS)[number]): Promise<Map<string, ProjectedNode>> {
  const nodes = await store.read<{ node: Row }>(statement('projected.nodes', `MATCH (n:${label}) RETURN n {.*} AS node`));
  const related = await store.read<{ key: string; type: string; target: string | null }>(
    statement(
      'projected.relations',
      `MATCH (n:${label})-[r]->(m) RETURN coalesce(n.id, n.key) AS key, type(r) AS type, coalesce(m.id, m.key) AS target`,
    ),
  );
  const relations = new Map<string, string[]>();
  for (const { key, type, target } of related) {
    if (target === null) continue;
    const own = relations.get(String(key));
    if (own) own.push(`${type} ${target}`);
    else relations.set(String(key), [`${type} ${target}`]);
  }
  return new Map(
    nodes.map(({ node }) => {
      const key = keyOf(node);
      return [key, { key, properties: { ...asTexts(node), [RELATIONS]: (relations.get(key) ?? []).sort().join(', ') } }];
    }),
  );
}
