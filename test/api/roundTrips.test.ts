import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PatientPageDocument } from '../../schema/operations.generated.ts';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

describe.each(ENGINES)('round trips to the $engine graph', ({ uri }) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(uri);
  }, 180_000);
  afterAll(() => server?.close());

  const trips = async (ask: () => Promise<{ readonly errors?: unknown }>): Promise<number> => {
    const before = server.platform.store.roundTrips();
    expect((await ask()).errors).toBeUndefined();
    return server.platform.store.roundTrips() - before;
  };
  const ask = (fields: string) => trips(() => server.query(`{ patient(identifier: "DEMO-0001") { identifier ${fields} } }`));

  it('takes one for a whole patient page without connections', async () => {
    expect(await trips(() => server.query(PatientPageDocument, { identifier: 'DEMO-0001' }))).toBe(1);
  });

  it('takes none more for a prediction with its explanation, evidence and picture', async () => {
    expect(await ask('prediction(model: "warfarin-dose") { value plotSvg explanation { attributions { evidence { source } } } }')).toBe(1);
  });

  it('takes one more for each connection', async () => {
    expect(await ask('observations(first: 5) { edges { node { code } } }')).toBe(2);
    expect(
      await ask(
        'observations(first: 5) { edges { node { code } } } riskTrajectory(model: "warfarin-dose", first: 5) { edges { node { value because { evidenceAgreement } } } }',
      ),
    ).toBe(3);
  });

  it('counts a list only when asked for the count', async () => {
    expect(await ask('observations(first: 5) { totalCount edges { node { code } } }')).toBe(3);
  });

  it('takes two for a page of patients, however many: their ids and their records', async () => {
    expect(
      await trips(() =>
        server.query(
          '{ patients(first: 10) { edges { node { identifier conditions { label } prediction(model: "warfarin-dose") { value } } } } }',
        ),
      ),
    ).toBe(2);
  });
});
