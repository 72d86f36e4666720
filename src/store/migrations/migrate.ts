import { type GraphStore, statement } from '../graphStore.ts';
import { MIGRATIONS } from './migrations.ts';

/** Brings the graph to the present version; what is done already is not done again. Returns the versions applied. */
export async function migrate(store: GraphStore): Promise<number[]> {
  const done = await store.read<{ version: number }>(statement('migrate.done', 'MATCH (m:Migration) RETURN m.version AS version'));
  const versions = new Set(done.map(({ version }) => version));
  const applied: number[] = [];
  for (const migration of MIGRATIONS) {
    if (versions.has(migration.version)) continue;
    for (const definition of migration.schema) await store.define(definition);
    const mark = statement('migrate.mark', 'MERGE (m:Migration {version: $version}) SET m.name = $name', {
      version: migration.version,
      name: migration.name,
    });
    await store.write([...migration.data, mark]);
    applied.push(migration.version);
  }
  return applied;
}
