/** What changed in a patient's dose since a time, on both engines. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

interface Change {
  readonly since: string;
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  readonly modelChanged: boolean;
  readonly narrative: string;
  readonly because: readonly { feature: string; value: string | null; contribution: number; evidence: { nodes: unknown[] }[] }[];
}

interface Answered {
  readonly node: { prediction: { value: number; change: Change | null; plotSvg: string | null } };
}

const QUERY = `query($id: ID!, $since: DateTime!) { node(id: $id) { ... on Patient { prediction(model: "warfarin-dose") { value plotSvg(kind: TIMELINE)
  change(since: $since) { since before after delta modelChanged narrative because { feature value contribution evidence { nodes { __typename } } } } } } } }`;

const HEIGHT = { code: '8302-2', value: 171, unit: 'cm', observedAt: '2026-06-01T09:00:00.000Z' };
const WEIGHT = { code: '29463-7', value: 74, unit: 'kg', observedAt: '2026-06-01T09:00:00.000Z' };

describe.each(ENGINES)('the change of a dose on the $engine engine', ({ uri }) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
  }, 180_000);
  afterAll(() => server?.close());

  const ask = async (patient: string, since: string) => {
    const { data, errors } = await server.query<Answered, object>(QUERY, { id: toGlobalId('Patient', patient), since });
    expect(errors).toBeUndefined();
    return data.node.prediction;
  };
  it('is refused since a time that lies in the future', async () => {
    const patient = await newPatient(server.platform);
    const { errors } = await server.query<Answered, object>(QUERY, { id: toGlobalId('Patient', patient), since: '2999-01-01T00:00:00Z' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', at: 'since' });
  });

  const now = () => new Date().toISOString();
  /** Times are told apart by the millisecond. */
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 5));

  /** Asks until the last answer has been told: that is done beside the command that moved it. */
  const settled = async (patient: string): Promise<Answered['node']['prediction']> => {
    const prediction = await ask(patient, now());
    return prediction.change?.after === prediction.change?.before && prediction.change
      ? prediction
      : aMoment().then(() => settled(patient));
  };

  it('is what changed since then, part by part, and sums to the difference', async () => {
    const beforeAll = now();
    await aMoment();
    const patient = await newPatient(server.platform);
    const to = commandsTo(server.platform);
    accepted(await to.observe(patient, [HEIGHT, WEIGHT]));
    const first = await settled(patient);
    await aMoment();
    const measured = now();
    await aMoment();
    accepted(await to.observe(patient, [{ ...WEIGHT, value: 96, observedAt: '2026-07-01T09:00:00.000Z' }]));
    accepted(await to.start(patient, { drug: 'amiodarone', startedAt: '2026-07-02T09:00:00.000Z' }));

    const { value, change } = await ask(patient, measured);
    expect(change).toMatchObject({ modelChanged: false, before: first.value, after: value });
    expect(change?.because.map(({ feature }) => feature).sort()).toEqual(['amiodarone', 'bodySize']);
    const sum = change?.because.reduce((total, { contribution }) => total + contribution, 0) ?? Number.NaN;
    expect(sum).toBeCloseTo(value - first.value, 9);
    expect(change?.delta).toBeCloseTo(value - first.value, 9);
    expect(change?.narrative).toMatch(/on \d{4}-\d\d-\d\d it was .* What changed in the calculation: .*Amiodarone/);
    expect(change?.because.find(({ feature }) => feature === 'amiodarone')?.evidence.length).toBeGreaterThan(0);

    const unchanged = (await settled(patient)).change;
    expect([unchanged?.delta, unchanged?.because]).toEqual([0, []]);
    expect(unchanged?.narrative).toMatch(/Nothing that the model uses has changed/);
    expect((await ask(patient, beforeAll)).change).toBeNull();
  });

  it('can be seen over time, with the same in words', async () => {
    const patient = await newPatient(server.platform);
    accepted(await commandsTo(server.platform).observe(patient, [HEIGHT, WEIGHT]));
    accepted(await commandsTo(server.platform).start(patient, { drug: 'amiodarone', startedAt: '2026-07-02T09:00:00.000Z' }));
    await settled(patient);
    const { plotSvg, value } = await ask(patient, now());
    expect(plotSvg).toMatch(/^<svg[^>]*role="img"[^>]*><title>Weekly warfarin dose over time<\/title><desc>/);
    expect(plotSvg).toMatch(
      /2026-06-01 09:00 [\d.]+ mg\/week \(Height and weight: [^)]*\); 2026-07-02 09:00 [\d.]+ mg\/week \(Amiodarone: yes\)\.<\/desc>/,
    );
    expect(plotSvg).toContain(`2026-07-02 09:00 ${value.toFixed(1)} mg/week`);
  });
});
