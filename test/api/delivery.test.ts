/** One event to several subscribers who ask for it in their own words: shared work must not mix them up. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SCORE_5, SCORE_7, vitalSigns } from '../support/vitalSigns.ts';

interface Asked {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

describe('the delivery of an event', () => {
  let server: TestServer;
  let client: Client;
  let patient = '';
  let minutes = 60;
  const observe = async (score: Parameters<typeof vitalSigns>[1]) => {
    minutes -= 1;
    accepted(await commandsTo(server.platform).observe(patient, vitalSigns(new Date(Date.now() - minutes * 60_000).toISOString(), score)));
  };

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
    patient = await newPatient(server.platform);
    client = createClient({ url: `${server.url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    await observe({});
    await server.platform.projector.settle(60_000);
  }, 180_000);
  afterAll(async () => {
    await client?.dispose();
    await server?.close();
  });

  /** Opens all, lets `happen`, and gives the results with an event, `count` of each. */
  async function deliver(asked: readonly Asked[], count: number, happen: () => Promise<unknown>): Promise<Record<string, unknown>[][]> {
    const iterators = asked.map(({ query, variables }) => client.iterate<Record<string, unknown>>({ query, variables: variables ?? {} }));
    for (const iterator of iterators) await iterator.next();
    const reading = iterators.map(async (iterator) => {
      const found: Record<string, unknown>[] = [];
      while (found.length < count) {
        const { value } = await iterator.next();
        if (value?.errors) throw new Error(JSON.stringify(value.errors));
        found.push(value?.data as Record<string, unknown>);
      }
      await iterator.return?.();
      return found;
    });
    await happen();
    return Promise.all(reading);
  }

  it('gives each its own selection, names and cursor', async () => {
    const mine = JSON.stringify([toGlobalId('Patient', patient)]);
    const [plain, same, other, named, shown, hidden] = await deliver(
      [
        { query: 'subscription { patientRiskChanged { cursor event { value } } }' },
        { query: 'subscription { patientRiskChanged { cursor event { value } } }' },
        { query: `subscription { patientRiskChanged(patientIds: ${mine}) { cursor event { value } } }` },
        {
          query:
            'subscription { r: patientRiskChanged { __typename one: cursor event { v: value ...on RiskEvent { cause } } two: cursor } }',
        },
        {
          query: 'subscription($x: Boolean!) { patientRiskChanged { cursor event { value cause @include(if: $x) } } }',
          variables: { x: true },
        },
        {
          query: 'subscription($x: Boolean!) { patientRiskChanged { cursor event { value cause @include(if: $x) } } }',
          variables: { x: false },
        },
      ],
      1,
      () => observe(SCORE_7),
    );
    const cursor = expect.stringMatching(/^[^.]+\.\d+\.[\w-]{22}$/);
    expect(plain).toEqual([{ patientRiskChanged: { cursor, event: { value: 7 } } }]);
    expect(same).toEqual(plain);
    expect(other).toEqual([{ patientRiskChanged: { cursor, event: { value: 7 } } }]);
    expect(other).not.toEqual(plain);
    const of = named?.[0]?.['r'] as { one: string; two: string };
    expect(of).toEqual({ __typename: 'RiskStreamItem', one: cursor, event: { v: 7, cause: 'OBSERVATION' }, two: of.one });
    expect(shown).toEqual([{ patientRiskChanged: { cursor, event: { value: 7, cause: 'OBSERVATION' } } }]);
    expect(hidden).toEqual([{ patientRiskChanged: { cursor, event: { value: 7 } } }]);
  });

  it('keeps the order for each of many subscribers', async () => {
    await server.platform.projector.settle(60_000);
    const asked = Array.from({ length: 40 }, () => ({ query: 'subscription { patientRiskChanged { cursor event { value } } }' }));
    const scores = [SCORE_5, {}, SCORE_7, {}, SCORE_5];
    const all = await deliver(asked, scores.length, async () => {
      for (const score of scores) await observe(score);
    });
    for (const results of all)
      expect(results.map((one) => (one['patientRiskChanged'] as { event: { value: number } }).event.value)).toEqual([5, 0, 7, 0, 5]);
    expect(new Set(all.map((results) => JSON.stringify(results))).size).toBe(1);
  });
});
