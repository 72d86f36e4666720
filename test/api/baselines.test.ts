/** What is usual for a patient, beside what is usual for anyone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as operations from '../../schema/operations.generated.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';

const HOUR_MS = 3_600_000;
const BASELINES = `query($identifier: String!, $days: Int, $codes: [String!]) { patient(identifier: $identifier) {
  baselines(days: $days, codes: $codes) { code unit count days median verdict needs latest { value } population { low high source } } } }`;

interface Answer {
  readonly patient: { readonly baselines: readonly Record<string, unknown>[] | null };
}
interface Variables {
  readonly identifier: string;
  readonly days?: number;
  readonly codes?: readonly string[];
}

describe.each(ENGINES)("a patient's own baseline on the $engine engine", ({ uri }) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
    const registered = await server.query(operations.RegisterPatientDocument, {
      input: { idempotencyKey: freshKey(), identifier: 'B-1', birthDate: '1960-05-05', sexAtBirth: 'FEMALE' },
    });
    const patientId = registered.data.registerPatient.patient?.id ?? '';
    // Twelve days, every day's a little other; then one that is high for her and usual for anyone. One is impossible.
    const rates = [52, 54, 50, 53, 51, 55, 49, 52, 56, 53, 51, 54, 400, 78];
    const observations = rates.map((value, index) => ({
      code: '8867-4',
      value,
      unit: '/min',
      observedAt: new Date(Date.now() - (rates.length - index) * 24 * HOUR_MS).toISOString(),
    }));
    await server.query(operations.RecordObservationsDocument, { input: { idempotencyKey: freshKey(), patientId, observations } });
  }, 120_000);
  afterAll(() => server?.close());

  const ask = (variables: Variables) => server.query<Answer, Variables>(BASELINES, variables);

  it('says that a heart rate is high for this patient where it is usual for anyone, and leaves out what cannot be', async () => {
    const { data } = await ask({ identifier: 'B-1' });
    expect(data.patient.baselines).toEqual([
      {
        code: '8867-4',
        unit: '/min',
        count: 12,
        days: 12,
        median: 52.5,
        verdict: 'ABOVE',
        needs: null,
        latest: { value: 78 },
        population: { low: 51, high: 90, source: expect.stringContaining('NEWS2') },
      },
    ]);
  });

  it('says what would settle it where the window is short, and refuses one that is none', async () => {
    const short = await ask({ identifier: 'B-1', days: 5, codes: ['8867-4', '8310-5'] });
    expect(short.data.patient.baselines).toMatchObject([
      { verdict: 'CANNOT_TELL', needs: expect.stringContaining('10 earlier measurements') },
    ]);
    const wrong = await ask({ identifier: 'B-1', days: 0 });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', at: 'days' });
  });
});
