/** NEWS2 and eGFR from a patient's record, now and as of a time, on both engines. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

interface Asked {
  readonly node: {
    readonly prediction: null | {
      readonly status: string;
      readonly value: number | null;
      readonly category: string | null;
      readonly abstainReason: string | null;
      readonly at: string;
      readonly components: readonly { name: string; value: number }[];
      readonly inputs: readonly { feature: string; value: string | null; note: string | null; observedAt: string | null }[];
      readonly explanation: null | { residual: number };
    };
  };
}

const QUERY = `query($id: ID!, $model: String!, $at: DateTime) { node(id: $id) { ... on Patient { prediction(model: $model, at: $at) {
  status value category abstainReason at components { name value } inputs { feature value note observedAt } explanation { residual } } } } }`;

const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** A set of vital signs: RR 22 (2), SpO2 93 (2), oxygen (2), BP 105 (1), pulse 112 (2), confusion (3), 38.4 degrees (1). */
const signs = (observedAt: string, changed: Readonly<Record<string, object>> = {}) =>
  Object.entries({
    '9279-1': { value: 22, unit: '/min' },
    '2708-6': { value: 93, unit: '%' },
    '3151-8': { value: 2, unit: 'L/min' },
    '8480-6': { value: 105, unit: 'mm[Hg]' },
    '8867-4': { value: 112, unit: '/min' },
    '67775-7': { text: 'new confusion' },
    '8310-5': { value: 38.4, unit: 'Cel' },
    ...changed,
  }).map(([code, value]) => ({ code, observedAt, ...value }));

describe.each(ENGINES)('early warning from the record on the $engine engine', ({ uri }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
  }, 180_000);
  afterAll(() => server?.close());

  const ask = async (patient: string, model = 'news2', at: string | null = null) => {
    const { data, errors } = await server.query<Asked, object>(QUERY, { id: toGlobalId('Patient', patient), model, at });
    return { prediction: data.node.prediction, errors };
  };
  const observed = async (observations: ReturnType<typeof signs>) => {
    const patient = await newPatient(server.platform);
    accepted(await commandsTo(server.platform).observe(patient, observations));
    return patient;
  };

  it('adds up the points of the chart, with the category and a reason', async () => {
    const { prediction } = await ask(await observed(signs(ago(1))));
    expect(prediction).toMatchObject({ status: 'OK', value: 13, category: 'HIGH', abstainReason: null });
    expect(Object.fromEntries((prediction?.components ?? []).map(({ name, value }) => [name, value]))).toEqual({
      respirationRate: 2,
      spo2: 2,
      supplementalOxygen: 2,
      systolicBP: 1,
      pulse: 2,
      consciousness: 3,
      temperatureC: 1,
    });
    expect(Math.abs(prediction?.explanation?.residual ?? 1)).toBeLessThan(1e-9);
  });

  it('is another day by day: each time has its own set, and an old sign is none', async () => {
    const patient = await observed([
      ...signs(ago(30)),
      ...signs(ago(2), { '8867-4': { value: 80, unit: '/min' }, '3151-8': { value: 0, unit: 'L/min' } }),
    ]);
    expect((await ask(patient)).prediction).toMatchObject({ status: 'OK', value: 9 });
    const before = await ask(patient, 'news2', ago(29));
    expect(before.prediction).toMatchObject({ status: 'OK', value: 13 });
    const between = await ask(patient, 'news2', ago(10));
    expect(between.prediction).toMatchObject({ status: 'ABSTAINED', value: null });
    expect(between.prediction?.abstainReason).toContain('pulse: missing');
    const pulse = between.prediction?.inputs.find(({ feature }) => feature === 'pulse');
    expect(pulse).toMatchObject({ value: null, note: expect.stringContaining('more than 12 hours ago') });
  });

  it('takes the later in the list of two signs at one time, now and as of that time', async () => {
    const at = ago(1);
    const pulse = (value: number) => ({ code: '8867-4', observedAt: at, value, unit: '/min' });
    const patient = await observed([...signs(at), pulse(80), pulse(135), pulse(70), pulse(60), pulse(92)]);
    const value = async (when: string | null) =>
      (await ask(patient, 'news2', when)).prediction?.inputs.find(({ feature }) => feature === 'pulse')?.value;
    expect([await value(null), await value(ago(0.5))]).toEqual(['92', '92']);
  });

  it('takes scale 2 where it was set, asks for it with hypercapnic respiratory failure, and refuses in pregnancy', async () => {
    const patient = await observed(signs(ago(1), { '2708-6': { value: 93, unit: '%' } }));
    const condition = async (code: string, label: string, onset: string) => {
      const { errors } = await server.query(
        'mutation($input: RecordConditionInput!) { recordCondition(input: $input) { userErrors { message } } }',
        {
          input: {
            patientId: toGlobalId('Patient', patient),
            idempotencyKey: `k-${patient}-${code}`,
            code,
            label,
            onsetAt: onset,
          },
        },
      );
      expect(errors).toBeUndefined();
    };
    await condition('O80', 'Delivery', '2010-01-02T00:00:00Z');
    await condition('J96.12', 'Chronic respiratory failure with hypercapnia', '2026-01-02T00:00:00Z');
    const undecided = await ask(patient);
    expect(undecided.prediction).toMatchObject({ status: 'ABSTAINED', abstainReason: 'spo2Scale: missing' });
    const scale = undecided.prediction?.inputs.find(({ feature }) => feature === 'spo2Scale');
    expect(scale?.note).toContain('a clinician has to set the scale (news2-spo2-scale)');
    accepted(await commandsTo(server.platform).observe(patient, [{ code: 'news2-spo2-scale', text: 'scale 2', observedAt: ago(1) }]));
    // On oxygen, 93 % is above the target of 88 to 92: 1 point instead of 2.
    expect((await ask(patient)).prediction).toMatchObject({ value: 12 });
    await condition('Z34.90', 'Supervision of normal pregnancy', ago(24));
    expect((await ask(patient)).prediction).toMatchObject({ status: 'ABSTAINED', abstainReason: expect.stringContaining('pregnan') });
  });

  it('shows no years to come of a patient whom the model does not fit', async () => {
    const patient = await newPatient(server.platform);
    const { data } = await server.query<{ node: { prediction: unknown } }, object>(
      'query($id: ID!) { node(id: $id) { ... on Patient { prediction(model: "prevent") { status trajectory { age } } } } }',
      { id: toGlobalId('Patient', patient) },
    );
    expect(data.node.prediction).toEqual({ status: 'ABSTAINED', trajectory: null });
  });

  it('gives the eGFR of the latest creatinine, and says what is missing where there is none', async () => {
    const patient = await newPatient(server.platform);
    expect((await ask(patient, 'ckd-epi-2021')).prediction).toMatchObject({ status: 'ABSTAINED', abstainReason: 'cr: missing' });
    accepted(await commandsTo(server.platform).observe(patient, [{ code: '2160-0', value: 1, unit: 'mg/dL', observedAt: ago(1) }]));
    expect((await ask(patient, 'ckd-epi-2021')).prediction?.value).toBeCloseTo(60, -1);
  });

  it('is not asked of the future, nor of a model that takes rows only', async () => {
    const patient = await newPatient(server.platform);
    expect((await ask(patient, 'news2', '2999-01-01T00:00:00Z')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', at: 'at' } },
    ]);
    expect((await ask(patient, 'breast-survival')).errors).toMatchObject([
      { message: expect.stringContaining('news2'), extensions: { code: 'BAD_USER_INPUT', at: 'model' } },
    ]);
  });
});
