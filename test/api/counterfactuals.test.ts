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
});
