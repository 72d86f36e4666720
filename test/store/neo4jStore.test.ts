import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphStore, statement } from '../../src/store/graphStore.ts';
import { Neo4jStore } from '../../src/store/neo4j/neo4jStore.ts';
import { holdNeo4j, NEO4J_URI, NOT_RUN, openNeo4j } from '../support/neo4j.ts';
import { graphStoreContract } from './contract.ts';

const address = (NEO4J_URI ?? '').replace(/^.*:\/\//, '');

(NEO4J_URI ? describe : describe.skip)(`Neo4j${NOT_RUN}`, () => {
  holdNeo4j();
  graphStoreContract('Neo4j', () => openNeo4j());

  it('ends a statement that is given up, on the server too, and goes on with others', async () => {
    const store = openNeo4j();
    const running = async () => {
      const [row] = await store.read<{ n: number }>(
        statement(
          'test.running',
          "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'given' + ' up here' RETURN count(*) AS n",
        ),
      );
      return row?.n;
    };
    const until = async (wanted: number) => {
      for (let tries = 0; tries < 100 && (await running()) !== wanted; tries += 1) await pause(50);
      return running();
    };
    const leaving = new AbortController();
    const reason = new Error('nobody waits');
    const slow = statement('test.slow', 'UNWIND range(1, 1000000000) AS a WITH a WHERE a % 7 = 8 RETURN count(a) AS n // given up here');
    const asked = store.read(slow, leaving.signal).catch((error: unknown) => error);
    expect(await until(1)).toBe(1);
    leaving.abort(reason);
    expect(await asked).toBe(reason);
    expect(await until(0)).toBe(0);
    await store.close();
  }, 30_000);

  describe.each(['bolt', 'neo4j'])('by the scheme %s', (scheme) => {
    it('writes, and reads what another session wrote before', async () => {
      const store = openNeo4j(`${scheme}://${address}`);
      await store.health();
      const [rows] =
        (await store.write([statement('test.scheme', 'CREATE (n:Scheme {name: $scheme}) RETURN n.name AS name', { scheme })])) ?? [];
      expect(rows).toEqual([{ name: scheme }]);
      const seen = await Promise.all(
        Array.from({ length: 10 }, () =>
          store.read(statement('test.scheme', 'MATCH (n:Scheme {name: $scheme}) RETURN count(n) AS n', { scheme })),
        ),
      );
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
  const nowhere = () => new Neo4jStore({ uri: 'bolt://127.0.0.1:1', user: undefined, password: undefined, database: undefined });
  const one = statement('test.one', 'RETURN 1 AS n');
  const index = statement('test.index', 'CREATE INDEX never IF NOT EXISTS FOR (n:Never) ON (n.n)');

  // The driver tries again for 30 s.
  (process.env['LONG'] ? it : it.skip).each([
    ['reads', (store: GraphStore) => store.read(one)],
    ['writes', (store: GraphStore) => store.write([one])],
  ])(
    'is GRAPH_UNAVAILABLE for %s (LONG)',
    async (_what, ask) => {
      const store = nowhere();
      await expect(ask(store)).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
      await store.close();
    },
    120_000,
  );

  it.each([
    ['its health', (store: GraphStore) => store.health()],
    ['its schema', (store: GraphStore) => store.define(index)],
  ])(
    'is GRAPH_UNAVAILABLE for %s',
    async (_what, ask) => {
      const store = nowhere();
      await expect(ask(store)).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
      await store.close();
    },
    120_000,
  );
});

describe('a Neo4j that takes a connection and says nothing', () => {
  let silent: Server;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it.each([
    ['its health', 3000, (store: GraphStore) => store.health()],
    ['reads', 11_000, (store: GraphStore) => store.read(statement('test.one', 'RETURN 1 AS n'))],
  ])(
    'is GRAPH_UNAVAILABLE for %s within %i ms',
    async (_what, limit, ask) => {
      const { port } = silent.address() as AddressInfo;
      const store = new Neo4jStore({ uri: `bolt://127.0.0.1:${port}`, user: undefined, password: undefined, database: undefined });
      const started = Date.now();
      await expect(ask(store)).rejects.toMatchObject({ code: 'GRAPH_UNAVAILABLE' });
      expect(Date.now() - started).toBeLessThan(limit);
      // Its connections wait for an answer to the end: they are not waited for.
      void store.close();
    },
    20_000,
  );
});
