/** PREVENT on a patient's record: when it answers, what would lower the risk, and what the graph says of the way there. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

interface Way {
  readonly value: number;
  readonly changes: readonly { readonly label: string; readonly from: string; readonly to: string; readonly cautions: readonly string[] }[];
}

interface Prevent {
  readonly status: string;
  readonly value: number | null;
  readonly abstainReason: string | null;
  readonly components: readonly { readonly name: string; readonly value: number }[];
  readonly counterfactuals: {
    readonly threshold: number;
    readonly found: readonly Way[];
    readonly refused: readonly { readonly label: string; readonly reason: string }[];
    readonly reason: string | null;
    readonly narrative: string;
  } | null;
}

const OPERATION = readFileSync('schema/operations/WhatWouldLowerRisk.graphql', 'utf8');
const BY_ID = `query($id: ID!) { node(id: $id) { ... on Patient { prediction(model: "prevent") { status value abstainReason
  components { name value } counterfactuals { threshold found { value changes { label from to cautions } } refused { label reason } reason narrative } } } } }`;
const AT = '2026-06-01T09:00:00.000Z';
const observation = (code: string, value: number, unit: string) => ({ code, value, unit, observedAt: AT });
const MEASURED = [
  ...[observation('8302-2', 178, 'cm'), observation('29463-7', 98, 'kg'), observation('8480-6', 152, 'mm[Hg]')],
  ...[observation('2093-3', 235, 'mg/dL'), observation('2085-9', 42, 'mg/dL'), observation('2160-0', 1, 'mg/dL')],
  { code: '72166-2', text: 'current smoker', observedAt: AT },
];

describe.each(ENGINES)('PREVENT of a patient on the $engine engine', ({ uri }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(uri, { demo: true });
  }, 180_000);
  afterAll(() => server?.close());

  it('refuses a threshold that is no probability', async () => {
    const query =
      '{ patients(first: 1) { edges { node { prediction(model: "prevent") { counterfactuals(threshold: -5) { threshold } } } } } }';
    const { errors } = await server.query(query);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', at: 'threshold' });
  });

  const ofDemo = async () => {
    const { data, errors } = await server.query<{ patient: { prediction: Prevent } }, object>(OPERATION, { identifier: 'DEMO-0016' });
    expect(errors).toBeUndefined();
    return data.patient.prediction;
  };

  it('answers with the risks of each outcome and ways below the threshold, each with what speaks against it', async () => {
    const { status, value, components, counterfactuals } = await ofDemo();
    expect(status).toBe('OK');
    expect(components.map(({ name }) => name)).toContain('base_30_heart_failure');
    expect(value ?? 0).toBeGreaterThan(counterfactuals?.threshold ?? 1);
    expect(counterfactuals?.found.length).toBeGreaterThan(1);
    for (const { value: then } of counterfactuals?.found ?? []) expect(then).toBeLessThan(counterfactuals?.threshold ?? 0);
    const statin = counterfactuals?.found.flatMap(({ changes }) => changes).find(({ label }) => label === 'Takes a statin');
    expect(statin?.cautions.join(' ')).toMatch(/simvastatin: .* by SLCO1B1/);
    expect(counterfactuals?.narrative).toMatch(/simvastatin: .*not proof/);
  });

  it('abstains until everything that it needs is recorded, and for somebody who has the disease', async () => {
    const patient = await newPatient(server.platform);
    const id = toGlobalId('Patient', patient);
    const ask = async () => {
      const { data, errors } = await server.query<{ node: { prediction: Prevent } }, object>(BY_ID, { id });
      expect(errors).toBeUndefined();
      return data.node.prediction;
    };
    expect(await ask()).toMatchObject({
      status: 'ABSTAINED',
      abstainReason: expect.stringContaining('sbp: missing'),
      counterfactuals: null,
    });
    accepted(await commandsTo(server.platform).observe(patient, MEASURED));
    expect(await ask()).toMatchObject({ status: 'OK' });
    const input = {
      patientId: id,
      idempotencyKey: `infarct-${patient}`,
      code: 'I21.9',
      label: 'Heart attack',
      onsetAt: '2024-01-01T00:00:00.000Z',
    };
    await server.query('mutation($input: RecordConditionInput!) { recordCondition(input: $input) { userErrors { message } } }', { input });
    expect(await ask()).toMatchObject({ status: 'ABSTAINED', abstainReason: expect.stringContaining('Heart attack') });
  });

  const WHAT_IF = `query($with: [SupposedInput!]) { patient(identifier: "DEMO-0016") { prediction(model: "prevent", with: $with) {
    status value abstainReason hypothetical inputs { feature value note } } riskTrajectory(model: "prevent", first: 50) { edges { node { id } } } } }`;
  const whatIf = async (...supposed: { feature: string; value: string }[]) =>
    server.query<
      {
        patient: {
          prediction: Prevent & { hypothetical: boolean; inputs: { feature: string; note: string | null }[] };
          riskTrajectory: unknown;
        };
      },
      object
    >(WHAT_IF, { with: supposed });

  it('answers a what-if as a way said it would, marks it, and keeps nothing of it', async () => {
    const before = await whatIf();
    expect(before.data.patient.prediction).toMatchObject({ hypothetical: false, value: (await ofDemo()).value });
    const [way] = (await ofDemo()).counterfactuals?.found ?? [];
    const levers: Readonly<Record<string, string>> = { 'Systolic blood pressure': 'sbp', Smokes: 'smoking', 'Takes a statin': 'statin' };
    const supposed = way?.changes.map(({ label, to }) => ({ feature: levers[label] ?? label, value: to })) ?? [];
    const { data } = await whatIf(...supposed);
    expect(data.patient.prediction).toMatchObject({ hypothetical: true, value: way?.value });
    expect(data.patient.prediction.inputs.find(({ feature }) => feature === supposed[0]?.feature)?.note).toBe('supposed, not recorded');
    expect((await whatIf()).data.patient).toEqual(before.data.patient);
  });

  it('refuses to suppose what nobody can change, and abstains outside the range', async () => {
    const age = await whatIf({ feature: 'age', value: '40' });
    expect(age.errors?.[0]).toMatchObject({ message: expect.stringContaining('sbp'), extensions: { code: 'BAD_USER_INPUT' } });
    const twice = await whatIf({ feature: 'sbp', value: '120' }, { feature: 'sbp', value: '130' });
    expect(twice.errors?.[0]).toMatchObject({ message: expect.stringContaining('twice'), extensions: { code: 'BAD_USER_INPUT' } });
    expect((await whatIf({ feature: 'sbp', value: '400' })).data.patient.prediction).toMatchObject({
      status: 'ABSTAINED',
      abstainReason: expect.stringContaining('sbp: outside 90 to 180'),
    });
  });
});
