/** A query that takes too long is answered so, over HTTP and WebSocket alike; a command is waited for. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import * as operations from '../../schema/operations.generated.ts';
import { freshKey, startServer, type TestServer } from '../support/server.ts';

const SLOW = '{ patients(first: 5) { edges { node { prediction(model: "warfarin-dose") { explanation { narrative } } } } } }';

describe('a query that takes longer than it may', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: true, timeLimitMs: 1 });
  }, 180_000);
  afterAll(() => server?.close());

  it('is answered with TIME_SPENT over HTTP', async () => {
    const { data, errors } = await server.query<unknown, never>(SLOW);
    expect([data ?? null, errors?.map(({ extensions }) => extensions.code)]).toEqual([null, ['TIME_SPENT']]);
  });

  it('and over the WebSocket', async () => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const said = await new Promise<unknown>((resolve) => {
      client.subscribe({ query: SLOW }, { next: resolve, error: resolve, complete: () => undefined });
    });
    await client.dispose();
    expect(JSON.stringify(said)).toContain('TIME_SPENT');
  });

  it('but a command is waited for: it may be durable already', async () => {
    const input = { idempotencyKey: freshKey(), identifier: 'SLOW-1', birthDate: '1950-01-01', sexAtBirth: 'MALE' } as const;
    const { data } = await server.query(operations.RegisterPatientDocument, { input });
    expect(data.registerPatient).toMatchObject({ eventId: expect.any(String), userErrors: [] });
  });
});
