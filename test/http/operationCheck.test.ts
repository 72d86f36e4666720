/** What is refused before any resolver runs, by whichever way it comes: over POST, GET and WebSocket alike. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { costOf, LIMITS } from '../../src/graphql/limits.ts';
import { Budget } from '../../src/http/budget.ts';
import { Held } from '../../src/http/held.ts';
import { readOperations } from '../../src/http/knownOperations.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Documents that ask too much, by what they overdo: each with a size from that on. */
const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  'many aliases': (n) => `{ ${Array.from({ length: 31 + n }, (_, at) => `a${at}: knowledge { name }`).join(' ')} }`,
  'many aliases of __typename': (n) => `{ ${Array.from({ length: 31 + n }, (_, at) => `a${at}: __typename`).join(' ')} }`,
  'aliases in a fragment': (n) =>
    `{ ...F } fragment F on Query { ${Array.from({ length: 31 + n }, (_, at) => `a${at}: knowledge { name }`).join(' ')} }`,
  'many root fields': (n) => `{ ${'knowledge { name } '.repeat(31 + n)} }`,
  'many root fields in fragments': (n) =>
    `{ ...A ...B } fragment A on Query { ${'knowledge { name } '.repeat(16 + n)} } fragment B on Query { ... on Query { ${'me { role } '.repeat(16)} } }`,
  'a long text': (n) => `{ gene(symbol: "${'x'.repeat(50_000 + 1000 * n)}") { name } }`,
  'a long comment': (n) => `{ me { role } } # ${'x'.repeat(50_000 + 1000 * n)}`,
  'many directives': (n) => `{ knowledge { ${'name @include(if: true) '.repeat(51 + n)} } }`,
  'many tokens': (n) => `{ knowledge { ${'name '.repeat(2000 + n)} } }`,
  'a deep tree': (n) =>
    `{ genes(symbols: ["TPMT"]) { direct { gene ${'{ guidelines { genes '.repeat(8 + n)} { symbol } ${'} }'.repeat(8 + n)} } } }`,
  'a wide page': (n) =>
    `{ patients(first: 100) { edges { node { ${Array.from({ length: 12 + (n % 15) }, (_, at) => `a${at}: observations(first: 100) { edges { node { id code } } }`).join(' ')} } } } }`,
  'explanations of a list': (n) =>
    `{ patients(first: ${Math.min(100, 90 + n)}) { edges { node { prediction(model: "news2") { explanation { narrative } plotSvg } } } } }`,
  'a circle of fragments': (n) =>
    `{ ...F0 } ${Array.from({ length: 2 + n }, (_, at) => `fragment F${at} on Query { ...F${(at + 1) % (2 + n)} }`).join(' ')}`,
  introspection: (n) => `{ __schema { types { ${'name '.repeat(1 + n)} } } }`,
  'a type by its name': (n) => `{ ${'__type(name: "Patient") { name } '.repeat(1)} knowledge { ${'name '.repeat(1 + n)} } }`,
};
const MEMBERS = 50;

describe('documents that ask too much', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
  });
  afterAll(() => server?.close());

  const overPost = async (query: string) =>
    (await (
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
    ).json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };

  async function overSocket(queries: readonly string[]) {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const answers: unknown[] = [];
    for (const query of queries)
      answers.push(
        await new Promise((resolve) => {
          let said: unknown;
          client.subscribe(
            { query },
            { next: (value) => (said = value), error: (error) => resolve({ errors: error }), complete: () => resolve(said) },
          );
        }),
      );
    await client.dispose();
    return answers as { data?: unknown; errors?: { extensions: { code: string } }[] }[];
  }

  it.each(Object.keys(FAMILIES))(
    'are refused, %s: 50 of them, over HTTP and WebSocket alike',
    async (name) => {
      const make = FAMILIES[name] as (size: number) => string;
      const queries = Array.from({ length: MEMBERS }, (_, size) => make(size));
      const over = [await Promise.all(queries.map(overPost)), await overSocket(queries)];
      for (const answers of over) {
        expect(answers.filter(({ data }) => data !== undefined && data !== null)).toEqual([]);
        const codes = new Set(answers.flatMap(({ errors }) => (errors ?? []).map(({ extensions }) => extensions.code)));
        expect([...codes].filter((code) => !/^(QUERY_TOO_COMPLEX|GRAPHQL_(PARSE|VALIDATION)_FAILED|FORBIDDEN)$/.test(code))).toEqual([]);
        expect(answers.every(({ errors }) => (errors ?? []).length > 0)).toBe(true);
      }
    },
    180_000,
  );

  it('tells what an answer cost over the WebSocket as over HTTP', async () => {
    const query = '{ me { role } gene(symbol: "TPMT") { symbol } }';
    const [{ extensions } = {}] = (await overSocket([query])) as { extensions?: unknown }[];
    expect(extensions).toEqual(((await overPost(query)) as { extensions?: unknown }).extensions);
    expect(extensions).toEqual({ cost: { requested: 4, actual: 4, limit: 20_000 } });
  });

  it('takes no subscription that is large with its variables, and holds nothing of one that has ended', async () => {
    const token = await server.token({ role: 'ANALYST' });
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
    });
    const query = 'subscription ($models: [String!]) { patientRiskChanged(models: $models) { cursor } }';
    const codes = await new Promise((resolve) => {
      const variables = { models: Array.from({ length: 10_000 }, (_, at) => `model-${at}-of-many`) };
      client.subscribe({ query, variables }, { next: resolve, error: resolve, complete: () => resolve('ended') });
    });
    await client.dispose();
    expect(JSON.stringify(codes)).toContain('QUERY_TOO_COMPLEX');
  });

  it('tells the schema to those who write queries, and to no device', async () => {
    const asked = async (role: 'CLINICIAN' | 'DEVICE' | 'PATIENT') => {
      const token = await server.token({ role, ...(role === 'PATIENT' && { patient: 'X-1' }) });
      const { data, errors } = await server.query<unknown, object>('{ __schema { queryType { name } } }', {}, token);
      const typo = await server.query<unknown, object>('{ patiens { id } }', {}, token);
      return [data ?? null, errors?.[0]?.extensions.code, /Did you mean/.test(typo.errors?.[0]?.message ?? '')];
    };
    expect(await asked('CLINICIAN')).toEqual([{ __schema: { queryType: { name: 'Query' } } }, undefined, true]);
    for (const role of ['DEVICE', 'PATIENT'] as const) expect(await asked(role)).toEqual([null, 'FORBIDDEN', false]);
  });

  it('keeps no answer, and says nothing of an address that is not there', async () => {
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ me { role } }"}',
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const nowhere = await fetch(`${server.url}/jane-roe?x=jane-roe`);
    expect([nowhere.status, await nowhere.text()]).toEqual([404, expect.not.stringContaining('jane')]);
  });

  it('leaves what a person asks: 500 operations, one after another', async () => {
    for (let round = 0; round < 500; round += 1) {
      const answer = await overPost(
        round % 2 === 0
          ? '{ knowledge { name } models { name version } }'
          : `{ gene(symbol: "TPMT") { symbol name } patients(first: ${1 + (round % 20)}) { totalCount } }`,
      );
      expect(answer.errors).toBeUndefined();
    }
  }, 180_000);
});

describe('the cost of a document', () => {
  const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
  const cost = (query: string, variables: object = {}, key = query) => costOf(schema, parse(query), { ...variables }, null, key);
  const PAGE = '{ edges { node { prediction(model: "news2") { explanation { narrative } } } } }';

  it('goes by what variables leave out or put in, whichever was asked first', () => {
    const query = `query ($x: Boolean!, $n: Int!) { me { id } patients(first: $n) @include(if: $x) ${PAGE} }`;
    const small = cost(query, { x: false, n: 100 });
    expect(cost(query, { x: true, n: 100 })).toBeGreaterThan(100 * small);
    expect(cost(query, { x: false, n: 100 })).toBe(small);
    expect(cost(query, { x: true, n: 1 })).toBeLessThan(cost(query, { x: true, n: 2 }));
  });

  it.each([
    '{ drug(name: "x") { interactions { drugs { interactions { drugs { interactions { drugs { interactions { id } } } } } } } } }',
    '{ patient(identifier: "x") { recommendations { because { gene { guidelines { drugs { interactions { drugs { name } } } } } } } } }',
    '{ patient(identifier: "x") { recommendations { drug { guidelines { genes { alleles { name } } } } } } }',
    '{ gene(symbol: "x") { guidelines { drugs { guidelines { genes { guidelines { genes { alleles { name } } } } } } } } }',
  ])('is over the limit of what grows with each level: %s', (query) => expect(cost(query)).toBeGreaterThan(LIMITS.cost));

  it('counts lists whose length nobody states, and rows of a connection once', () => {
    const options = 'treatmentOptions(condition: "DOID:3910")';
    const few = cost(`{ patient(identifier: "x") { ${options} { options { standing } } } }`);
    expect(cost(`{ patient(identifier: "x") { ${options} { options { standing evidence { id text } } } } }`)).toBeGreaterThan(3 * few);
    // Of what ships the dearest is far from the limit.
    const shipped = (name: string) => readFileSync(`schema/operations/${name}.graphql`, 'utf8');
    const why = cost(shipped('WhyNotThisDrug'), { identifier: 'x', condition: 'x', therapy: 'x' });
    const paths = cost(shipped('EvidencePaths'), { from: 'x', to: 'y', maxLength: 3, first: 20 });
    expect(Math.max(why, paths)).toBeLessThan(LIMITS.cost / 2);
    const one = cost('{ patients(first: 1) { edges { node { identifier } } } }');
    expect(cost('{ patients(first: 10) { edges { node { identifier } } } }')).toBeLessThan(10 * one);
  });
});

describe('what subscriptions hold', () => {
  it('is bounded for all together, and given back once', () => {
    const held = new Held(100);
    const [first, second] = [held.take(60), held.take(40)];
    expect([held.take(1), held.characters]).toEqual([null, 100]);
    first?.();
    first?.();
    expect(held.characters).toBe(40);
    second?.();
    expect([typeof held.take(100), held.take(1)]).toEqual(['function', null]);
  });
});

describe('a budget', () => {
  it('is put right by what an answer cost in the end', () => {
    const budget = new Budget({ most: 100, perSecond: 10 });
    budget.settle('a', 150, 0);
    expect(budget.spend('a', 1, 4000)?.message).toContain('again in 2 s');
    expect(budget.spend('a', 1, 6000)).toBeUndefined();
    budget.settle('a', -500, 6000);
    expect([budget.spend('a', 101, 6000)?.message, budget.spend('a', 100, 6000)]).toEqual([expect.any(String), undefined]);
  });

  it('is spent, comes back with time, and is one of each actor', () => {
    const budget = new Budget({ most: 100, perSecond: 10 });
    expect([budget.spend('a', 60, 0), budget.spend('a', 40, 0)]).toEqual([undefined, undefined]);
    const refused = budget.spend('a', 30, 1000);
    expect([refused?.message, (refused?.extensions['http'] as { status: number } | undefined)?.status]).toEqual([
      expect.stringContaining('again in 2 s'),
      429,
    ]);
    expect([budget.spend('b', 100, 1000), budget.spend('a', 30, 3000)]).toEqual([undefined, undefined]);
  });
});

describe('operations that are listed', () => {
  it('are known in whatever spacing, with their fragments, and no others are', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.graphql'), 'query A { ...K } query B { me { role } } fragment K on Query { knowledge { name } }');
    const known = readOperations(folder);
    const isKnown = (text: string, name?: string) => known(parse(text), name);
    expect(isKnown('query   A{...K}\n# a word\nfragment K on Query { knowledge { name } } query B { me { role } }', 'A')).toBe(true);
    expect(isKnown('query A { ...K } fragment K on Query { knowledge { digest } }', 'A')).toBe(false);
    expect(isKnown('{ me { role } }')).toBe(false);
    expect(isKnown('query B { me { role } }', 'C')).toBe(false);
  });

  it('must be there and be GraphQL', () => {
    const empty = temporaryFolder();
    expect(() => readOperations(empty)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => readOperations(join(empty, 'nowhere'))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    mkdirSync(join(empty, 'x'));
    writeFileSync(join(empty, 'x', 'a.graphql'), 'query {');
    expect(() => readOperations(join(empty, 'x'))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', at: join(empty, 'x', 'a.graphql') }),
    );
  });
});
