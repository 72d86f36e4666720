import { describe, expect, it } from '@jest/globals';
import { statement } from '../../src/store/graphStore.ts';
import { Neo4jStore } from '../../src/store/neo4j/neo4jStore.ts';
import { holdNeo4j, NEO4J_URI, NOT_RUN, openNeo4j } from '../support/neo4j.ts';
import { graphStoreContract } from './contract.ts';

const address = (NEO4J_URI ?? '').replace(/^.*:\/\//, '');

(NEO4J_URI ? describe : describe.skip)(`Neo4j${NOT_RUN}`, () => {
  holdNeo4j();
  graphStoreContract('Neo4j', () => openNeo4j());

  describe.each(['bolt', 'neo4j'])('by the scheme %s', (scheme) => {
    it('writes, and reads what another session wrote before', async () => {
      const store = openNeo4j(`${scheme}://${address}`);
      await store.health();
      const [rows] = (await store.write([statement('test.scheme', 'CREATE (n:Scheme {name: $scheme}) RETURN n.name AS name', { scheme })])) ?? [];
      expect(rows).toEqual([{ name: scheme }]);
      const seen = await Promise.all(Array.from({ length: 10 }, () => store.read(statement('test.scheme', 'MATCH (n:Scheme {name: $scheme}) RETURN count(n) AS n', { scheme }))));
      expect(seen).toEqual(Array.from({ length: 10 }, () => [{ n: 1 }]));
      await store.write([statement('test.clear', 'MATCH (n:Scheme) DELETE n')]);
      await store.close();
    });

    it('refuses to write in a read', async () => {
      const store = openNeo4j(`${scheme}://${address}`);
      await expect(store.read(statement('test.write', 'CREATE (n:Scheme) RETURN 1 AS n'))).rejects.toThrow();
      await store.close();
    });
  });
});

describe('a Neo4j that does not answer', () => {
  it('is GRAPH_UNAVAILABLE for reads and writes', async () => {
    const store = new Neo4jStore({ uri: 'bolt://127.0.0.1:1', user: undefined, password: undefined, database: undefined });
    await expect(store.read(statement('test.one', 'RETURN 1 AS n'))).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
    await expect(store.write([statement('test.one', 'RETURN 1 AS n')])).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
    await store.close();
  }, 90_000);

  it('is GRAPH_UNAVAILABLE for its health and its schema too', async () => {
    const store = new Neo4jStore({ uri: 'bolt://127.0.0.1:1', user: undefined, password: undefined, database: undefined });
    await expect(store.health()).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
    await expect(store.define(statement('test.index', 'CREATE INDEX never IF NOT EXISTS FOR (n:Never) ON (n.n)'))).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
    await store.close();
  }, 90_000);
});
