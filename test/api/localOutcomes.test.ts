/** Outcomes recorded here, held against the answers before them, on both engines. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

interface Local {
  readonly model: {
    readonly localValidity: null | {
      readonly statement: string;
      readonly people: number | null;
      readonly leading: string | null;
      readonly figures: readonly { metric: string; value: number }[];
      readonly groups: readonly { by: string; level: string; n: number | null }[];
    };
  };
}

interface Similar {
  readonly node: {
    readonly prediction: { readonly similarPatients: null | { statement: string; count: number | null; median: number | null } };
  };
}

const LOCAL =
  'query($name: String!) { model(name: $name) { localValidity { statement people leading figures { metric value } groups { by level n } } } }';
const SIMILAR =
  'query($id: ID!) { node(id: $id) { ... on Patient { prediction(model: "warfarin-dose") { similarPatients { statement count median } } } } }';

const HEIGHT = { code: '8302-2', value: 171, unit: 'cm', observedAt: '2026-06-01T09:00:00.000Z' };
const WEIGHT = { code: '29463-7', unit: 'kg', observedAt: '2026-06-01T09:00:00.000Z' };

describe.each(ENGINES)('outcomes on the $engine engine', ({ uri }) => {
  let server: TestServer;
  const patients: string[] = [];
  const local = async (name: string) => {
    const { data, errors } = await server.query<Local, object>(LOCAL, { name });
    expect(errors).toBeUndefined();
    return data.model.localValidity;
  };
  const similar = async (patient = '') =>
    (await server.query<Similar, object>(SIMILAR, { id: toGlobalId('Patient', patient) })).data.node.prediction.similarPatients;

  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
    for (let index = 0; index < 13; index += 1) {
      const patient = await newPatient(server.platform);
      accepted(await commandsTo(server.platform).observe(patient, [HEIGHT, { ...WEIGHT, value: 60 + index }]));
      patients.push(patient);
    }
  }, 180_000);
  afterAll(() => server?.close());

  /** A stable dose now; the answer before it has been told. */
  const record = async (patient: string | undefined, value: number, unit: string) => {
    const risk = async () =>
      (await server.query<{ riskEvents: { totalCount: number } }, object>('{ riskEvents(first: 1) { totalCount } }')).data;
    while ((await risk()).riskEvents.totalCount < 26) await new Promise((resolve) => setTimeout(resolve, 50));
    accepted(
      await commandsTo(server.platform).outcome(patient ?? '', { kind: 'STABLE_DOSE', value, unit, observedAt: new Date().toISOString() }),
    );
  };

  it('shows nothing of ten, and says so', async () => {
    for (const patient of patients.slice(0, 10)) await record(patient, 35, 'mg/wk');
    expect(await local('warfarin-dose')).toMatchObject({
      people: null,
      leading: null,
      figures: [],
      groups: [],
      statement: expect.stringContaining('Fewer than 11'),
    });
    expect(await similar(patients[12])).toMatchObject({ count: null, median: null });
  });

  it('holds each against the answer before it, in its unit, and leaves out what came before any answer', async () => {
    await record(patients[10], 5, 'mg/d');
    await record(patients[11], 35, '[lb_av]');
    const early = { kind: 'STABLE_DOSE', value: 999, unit: 'mg/wk', observedAt: '2026-01-01T00:00:00.000Z' } as const;
    accepted(await commandsTo(server.platform).outcome(patients[12] ?? '', early));
    const found = await local('warfarin-dose');
    expect([found?.people, found?.leading]).toEqual([11, 'mae']);
    const figures = Object.fromEntries((found?.figures ?? []).map(({ metric, value }) => [metric, value]));
    expect(figures['mae']).toBeGreaterThan(0);
    expect(Math.abs(figures['bias'] ?? 0)).toBeCloseTo(figures['mae'] ?? 0, 6);
    expect(found?.statement).toContain('are left out');
    expect(found?.groups.find(({ by }) => by === 'sex')).toMatchObject({ level: 'female', n: 11 });
    expect(await similar(patients[12])).toMatchObject({ count: 11, median: 35, statement: expect.stringContaining('11 patients') });
    // He himself is none of the others.
    expect(await similar(patients[0])).toMatchObject({ count: null });
  });

  it('is null of a model whose answers no outcome of a record can be held against', async () => {
    expect(await local('news2')).toBeNull();
  });

  it('says of a risk over years that it is too early', async () => {
    expect(await local('prevent')).toMatchObject({ people: null, figures: [] });
  });
});
