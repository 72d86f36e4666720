/** Whether the demo patients were entered to the last one. */
import { type GraphStore, statement } from '../graphStore.ts';

export async function demoIsEntered(store: GraphStore): Promise<boolean> {
  return (await store.read(statement('demo.entered', "MATCH (c:Current {name: 'demo'}) RETURN c.name AS name"))).length > 0;
}

export async function markDemoEntered(store: GraphStore): Promise<void> {
  await store.write([statement('demo.mark', "MERGE (c:Current {name: 'demo'})")]);
}
