/** What every graph store must do, whatever its engine. `open` gives a store on an empty graph. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { movePlace, projectionPlace } from '../../src/store/cypher/projection.ts';
import { type GraphStore, statement } from '../../src/store/graphStore.ts';
import { migrate } from '../../src/store/migrations/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts';
import { emptyGraph } from '../support/neo4j.ts';
import { count, type Given } from './given.ts';
import { knowledgeContract } from './knowledgeContract.ts';
import { publishedContract } from './publishedContract.ts';
import { statementsContract } from './statementsContract.ts';

function migrations(given: Given): void {
  it('is brought to the present version once: a second time changes nothing', async () => {
    const store = given();
    const shape = async () => [
      await count(store),
      await store.read(
        statement('test.places', 'MATCH (c:Projection) RETURN c.name AS name, c.seq AS seq, c.epoch AS epoch ORDER BY name'),
      ),
    ];
    const before = await shape();
    expect(await migrate(store)).toEqual([]);
    expect(await shape()).toEqual(before);
    expect(await count(store, '(m:Migration)')).toBe(MIGRATIONS.length);
  });

  it('does not move a place that is there when a migration is done over again', async () => {
    const store = given();
    await store.write([
      statement('test.move', "MATCH (c:Projection {name: 'monitor'}) SET c.seq = '42'"),
      statement('test.forget', 'MATCH (m:Migration) DELETE m'),
    ]);
    expect(await migrate(store)).toEqual(MIGRATIONS.map(({ version }) => version));
    expect(await projectionPlace(store, 'monitor')).toEqual({ seq: '42', epoch: '' });
    await store.write([statement('test.back', "MATCH (c:Projection {name: 'monitor'}) SET c.seq = '0'")]);
  });

  it.each([
    ['Patient', 'id'],
    ['Patient', 'identifier'],
    ['Observation', 'id'],
    ['GeneCall', 'key'],
    ['Drug', 'name'],
    ['RiskEvent', 'id'],
    ['LatestRisk', 'key'],
    ['Projection', 'name'],
  ])('refuses a second %s with the same %s', async (label, property) => {
    const store = given();
    const create = (value: string) =>
      store.write([statement('test.create', `CREATE (n:${label} {${property}: $value, test: true})`, { value })]);
    await create('unique-1');
    await expect(create('unique-1')).rejects.toThrow();
    await create('unique-2');
    expect(await count(store, `(n:${label} {test: true})`)).toBe(2);
    await store.write([statement('test.clear', `MATCH (n:${label} {test: true}) DETACH DELETE n`)]);
  });
}

function transactions(given: Given): void {
  const create = (value: string) => statement('test.create', 'CREATE (n:Thing {value: $value}) RETURN n.value AS value', { value });
  const things = (value: string) => count(given(), '(n:Thing {value: $value})', { value });

  it('writes all statements of a call and gives the rows of each', async () => {
    expect(await given().write([create('a'), statement('test.none', 'MATCH (n:Nothing) RETURN n.value AS value'), create('b')])).toEqual([
      [{ value: 'a' }],
      [],
      [{ value: 'b' }],
    ]);
    expect([await things('a'), await things('b')]).toEqual([1, 1]);
  });

  it('writes nothing and answers null where the guard finds no row', async () => {
    const guard = statement('test.guard', 'MATCH (n:Nothing) SET n.seen = true RETURN n.seen AS seen');
    expect(await given().write([create('guarded')], guard)).toBeNull();
    expect(await things('guarded')).toBe(0);
  });

  it('undoes what the guard itself wrote where it returns no row', async () => {
    const guard = statement(
      'test.guard',
      "CREATE (n:Thing {value: 'by the guard'}) WITH n WHERE n.value = 'another' RETURN n.value AS value",
    );
    expect(await given().write([create('guarded')], guard)).toBeNull();
    expect([await things('guarded'), await things('by the guard')]).toEqual([0, 0]);
  });

  it('undoes all statements of a call in which one fails, the guard too, and works afterwards', async () => {
    const guard = statement('test.guard', "CREATE (n:Thing {value: 'guard of a failure'}) RETURN n.value AS value");
    await expect(
      given().write(
        [create('before'), statement('test.wrong', 'RETURN 1 / 0 AS n, toInteger({}) AS wrong, nosuch(1) AS none'), create('after')],
        guard,
      ),
    ).rejects.toThrow();
    expect([await things('before'), await things('after'), await things('guard of a failure')]).toEqual([0, 0, 0]);
    expect(await given().write([create('next')])).toEqual([[{ value: 'next' }]]);
  });

  it('undoes a call whose last statement breaks a unique key', async () => {
    const one = statement('test.key', "CREATE (n:Patient {id: 'once'})");
    await given().write([one]);
    await expect(given().write([create('with a duplicate'), one])).rejects.toThrow();
    expect(await things('with a duplicate')).toBe(0);
    await given().write([statement('test.clear', "MATCH (n:Patient {id: 'once'}) DETACH DELETE n")]);
  });

  it('shows what was written to every read that comes after', async () => {
    const store = given();
    for (let round = 0; round < 40; round += 1) {
      await store.write([create(`read ${round}`)]);
      const seen = await Promise.all(Array.from({ length: 5 }, () => things(`read ${round}`)));
      expect(seen).toEqual([1, 1, 1, 1, 1]);
    }
  });

  it('never shows a reader what a call wrote that then failed', async () => {
    const store = given();
    const failing = [create('never committed'), statement('test.wrong', 'RETURN nosuch(1) AS none')];
    const writing = (async () => {
      for (let round = 0; round < 30; round += 1) await store.write(failing).catch(() => null);
    })();
    const seen = new Set<number>();
    for (let round = 0; round < 30; round += 1) seen.add(await things('never committed'));
    await writing;
    expect([...seen]).toEqual([0]);
  });
}

function conflicts(given: Given): void {
  afterEach(async () => {
    await given().write([statement('test.back', "MATCH (c:Projection {name: 'graph'}) SET c.seq = '0'")]);
  });

  it('lets exactly one of several writers move a place from the same sequence', async () => {
    const store = given();
    const rounds = 25;
    for (let round = 0; round < rounds; round += 1) {
      const move = movePlace('graph', String(round), String(round + 1));
      const results = await Promise.all(
        Array.from({ length: 6 }, (_, writer) =>
          store.write([statement('test.won', 'CREATE (n:Won {round: $round, writer: $writer})', { round, writer })], move),
        ),
      );
      expect({ round, winners: results.filter((result) => result !== null).length }).toEqual({ round, winners: 1 });
    }
    expect(await count(store, '(n:Won)')).toBe(rounds);
    expect((await projectionPlace(store, 'graph')).seq).toBe(String(rounds));
  });

  it('moves no place that stands elsewhere, and knows none that is not there', async () => {
    const store = given();
    expect(await store.write([], movePlace('graph', '7', '8'))).toBeNull();
    expect(await projectionPlace(store, 'graph')).toEqual({ seq: '0', epoch: '' });
    expect(await projectionPlace(store, 'nobody' as 'graph')).toEqual({ seq: '0', epoch: '' });
  });
}

const VALUES = {
  text: 'Ω “quoted” \\ $x \n',
  empty: '',
  whole: 42,
  negative: -7,
  large: 2 ** 53 - 1,
  real: 0.1,
  zero: 0,
  yes: true,
  no: false,
  nothing: null,
  list: ['a', 'b'],
  none: [],
};

function values(given: Given): void {
  it('gives values back plain: numbers, texts, null, lists and maps, from parameters and from nodes', async () => {
    const { nothing, ...stored } = VALUES;
    const fields = Object.keys(VALUES)
      .map((name) => `.${name}`)
      .join(', ');
    await given().write([statement('test.values', 'CREATE (n:Values) SET n += $values', { values: { ...stored, nothing } })]);
    const [row] = await given().read(
      statement(
        'test.values',
        `MATCH (n:Values) RETURN n {${fields}} AS stored, $values AS given, count(n) AS n, collect(n.whole) AS list, {inner: [n.real, {deep: n.large}]} AS map`,
        { values: VALUES },
      ),
    );
    expect(row).toEqual({ stored: VALUES, given: VALUES, n: 1, list: [42], map: { inner: [0.1, { deep: 2 ** 53 - 1 }] } });
  });

  it('takes texts that look like Cypher as texts', async () => {
    const value = "'}) DETACH DELETE n //";
    expect(await given().read(statement('test.text', 'RETURN $value AS value, size($value) AS n', { value }))).toEqual([
      { value, n: value.length },
    ]);
  });

  it('counts a read and a write as one round trip each, whatever they hold', async () => {
    const store = given();
    const before = store.roundTrips();
    await store.read(statement('test.one', 'RETURN 1 AS n'));
    await store.write(
      [statement('test.one', 'RETURN 1 AS n'), statement('test.two', 'RETURN 2 AS n')],
      statement('test.guard', 'RETURN 0 AS n'),
    );
    expect(store.roundTrips() - before).toBe(2);
  });

  it('says that it works', async () => {
    await expect(given().health()).resolves.toBeUndefined();
  });
}

export function graphStoreContract(name: string, open: () => Promise<GraphStore> | GraphStore): void {
  describe(`the graph store on ${name}`, () => {
    let store: GraphStore | undefined;
    const given: Given = () => {
      if (!store) throw new Error('the store is not open');
      return store;
    };
    beforeAll(async () => {
      store = await open();
      await emptyGraph(store);
      await migrate(store);
    }, 120_000);
    afterAll(async () => store?.close());
    migrations(given);
    transactions(given);
    conflicts(given);
    values(given);
    knowledgeContract(given);
    publishedContract(given);
    statementsContract(given);
  });
}
