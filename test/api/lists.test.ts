import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

interface Listed {
  readonly patients: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly id: string; readonly identifier: string; readonly birthDate: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

const LIST = `query($first: Int!, $after: String, $filter: PatientFilterInput, $orderBy: PatientOrderInput) {
  patients(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount edges { node { id identifier birthDate } } pageInfo { hasNextPage endCursor } } }`;

describe.each(ENGINES)('lists and look-ups on the $engine engine', ({ uri }) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(uri);
  }, 180_000);
  afterAll(() => server?.close());

  const list = (variables: Record<string, unknown>) => server.query<Listed, Record<string, unknown>>(LIST, variables);

  async function walk(variables: Record<string, unknown>) {
    const found: Listed['patients']['edges'][number]['node'][] = [];
    for (let after: string | null = null; ; ) {
      const { patients }: Listed = (await list({ first: 3, ...variables, after })).data;
      found.push(...patients.edges.map(({ node }) => node));
      if (!patients.pageInfo.hasNextPage) return found;
      after = patients.pageInfo.endCursor;
    }
  }

  it.each([
    ['IDENTIFIER', 'ASC'],
    ['IDENTIFIER', 'DESC'],
    ['BIRTH_DATE', 'ASC'],
    ['BIRTH_DATE', 'DESC'],
  ])('walk all patients page by page by %s %s, each once and in order', async (field, direction) => {
    const found = await walk({ orderBy: { field, direction } });
    const key = field === 'IDENTIFIER' ? ('identifier' as const) : ('birthDate' as const);
    const sorted = found.map((patient) => patient[key]).sort();
    expect(new Set(found.map(({ id }) => id)).size).toBe(18);
    expect(found.map((patient) => patient[key])).toEqual(direction === 'ASC' ? sorted : sorted.reverse());
  });

  it.each([
    ['a drug by its brand name', { drug: 'Coumadin' }, ['DEMO-0001', 'DEMO-0002', 'DEMO-0003', 'DEMO-0004', 'DEMO-0013', 'DEMO-0014']],
    ['a phenotype', { gene: 'CYP2C19', phenotype: 'Poor Metabolizer' }, ['DEMO-0009']],
    ['race and sex', { race: 'BLACK', sexAtBirth: 'MALE', drug: 'rifampin' }, ['DEMO-0013']],
  ])('filter by %s', async (_what, filter, expected) => {
    const answer = await list({ first: 100, filter });
    expect(answer.data.patients.edges.map(({ node }) => node.identifier)).toEqual(expected);
    expect(answer.data.patients.totalCount).toBe(expected.length);
  });

  it('refuse a cursor of another filter or order', async () => {
    const { endCursor } = (await list({ first: 2 })).data.patients.pageInfo;
    const refused = await list({ first: 2, after: endCursor, filter: { race: 'WHITE' } });
    expect(refused.errors?.[0]?.extensions).toEqual({ code: 'CURSOR_INVALID', at: 'after' });
  });

  it('walk the observations of a patient from the newest, each once', async () => {
    type Observed = {
      patient: {
        observations: {
          totalCount: number;
          edges: { node: { id: string; observedAt: string } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      };
    };
    const query =
      'query($after: String) { patient(identifier: "DEMO-0010") { observations(first: 100, after: $after) { totalCount edges { node { id observedAt } } pageInfo { hasNextPage endCursor } } } }';
    const seen: { id: string; observedAt: string }[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { observations }: Observed['patient'] = (await server.query<Observed, { after: string | null }>(query, { after })).data.patient;
      seen.push(...observations.edges.map(({ node }) => node));
      more = observations.pageInfo.hasNextPage;
      after = observations.pageInfo.endCursor;
      expect(observations.totalCount).toBeGreaterThan(200);
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ observedAt }) => observedAt)).toEqual(
      seen
        .map(({ observedAt }) => observedAt)
        .sort()
        .reverse(),
    );
  });

  it('find anything by its global id, in the order asked for, null where there is nothing', async () => {
    const ids = (
      await server.query<{ patient: { id: string }; gene: { id: string }; drug: { id: string }; model: { id: string } }, never>(
        '{ patient(identifier: "DEMO-0001") { id } gene(symbol: "cyp2c9") { id } drug(name: "Coumadin") { id } model(name: "warfarin-dose") { id } }',
      )
    ).data;
    const nowhere = Buffer.from('Drug:nothing').toString('base64url');
    const all = [ids.model.id, nowhere, ids.patient.id, ids.drug.id, ids.gene.id];
    const found = await server.query<{ nodes: ({ __typename: string; id: string } | null)[] }, { ids: string[] }>(
      'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
      { ids: all },
    );
    expect(found.data.nodes.map((node) => node?.__typename)).toEqual(['Model', undefined, 'Patient', 'Drug', 'Gene']);
    expect(found.data.nodes.map((node) => node?.id)).toEqual([ids.model.id, undefined, ids.patient.id, ids.drug.id, ids.gene.id]);
  });

  it('search over patients, genes, drugs, guidelines and models', async () => {
    type Found = { search: { totalCount: number; edges: { type: string; label: string; node: { __typename: string } }[] } };
    const query = 'query($text: String!) { search(text: $text, first: 10) { totalCount edges { type label node { __typename } } } }';
    const warfarin = (await server.query<Found, { text: string }>(query, { text: 'warf' })).data.search;
    expect(warfarin.edges.map(({ type }) => type)).toEqual(expect.arrayContaining(['DRUG', 'GUIDELINE', 'MODEL']));
    expect(warfarin.edges[0]?.label.toLowerCase()).toMatch(/^warf/);
    const patients = (await server.query<Found, { text: string }>(query, { text: 'DEMO-00' })).data.search;
    expect(patients.edges.every(({ node }) => node.__typename === 'Patient')).toBe(true);
    expect(patients.totalCount).toBe(18);
  });

  it('look up many drugs and genes without dropping one', async () => {
    type Looked = {
      drugs: { direct: { term: string; drug: { name: string } }[]; noMatch: string[] };
      genes: { direct: { gene: { symbol: string } }[]; noMatch: string[] };
    };
    const { drugs, genes } = (
      await server.query<Looked, never>(
        '{ drugs(names: ["Plavix", "11289", "moonshine"]) { direct { term drug { name } } noMatch } genes(symbols: ["CYP2D6", "XYZ"]) { direct { gene { symbol } } noMatch } }',
      )
    ).data;
    expect(drugs.direct.map(({ drug }) => drug.name)).toEqual(['clopidogrel', 'warfarin']);
    expect(drugs.noMatch).toEqual(['moonshine']);
    expect(genes).toEqual({ direct: [{ gene: { symbol: 'CYP2D6' } }], noMatch: ['XYZ'] });
  });
});
