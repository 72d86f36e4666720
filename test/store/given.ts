/** What the suites over a graph store share. */
import { type GraphStore, type Row, statement } from '../../src/store/graphStore.ts';

/** The store of the suite, opened before its tests run. */
export type Given = () => GraphStore;

export async function count(store: GraphStore, pattern = '(n)', params: Row = {}): Promise<number> {
  const [row] = await store.read<{ n: number }>(statement('test.count', `MATCH ${pattern} RETURN count(*) AS n`, params));
  return row?.n ?? -1;
}
