/** A query that takes too long is answered so, over HTTP and WebSocket alike; a command is waited for. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import * as operations from '../../schema/operations.generated.ts';
import type { Play } from '../../src/explanation/modelGame.ts';
import { Cancellation } from '../../src/graphql/cancellation.ts';
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

describe('a query that nobody waits for any more', () => {
  let server: TestServer;
  /** Signals of the games that were asked for. */
  const asked: AbortSignal[] = [];

  beforeAll(async () => {
    server = await startServer(undefined, { demo: true });
    const { platform } = server;
    const { play } = platform;
    // Each game waits until it is given up.
    const held: Play = async (model, row, space, interactions, signal) => {
      if (!signal) throw new Error('no signal');
      asked.push(signal);
      while (!signal.aborted) await pause(5);
      return play(model, row, space, interactions, signal);
    };
    Object.assign(platform, { play: held });
  }, 180_000);
  afterAll(() => server?.close());
  beforeEach(() => void asked.splice(0));

  const until = async (is: () => boolean) => {
    for (let tries = 0; tries < 2000 && !is(); tries += 1) await pause(5);
    expect(is()).toBe(true);
  };
  const isGivenUp = () => asked.length > 0 && asked.every(({ aborted }) => aborted);

  it('is given up when its client lets go of the request', async () => {
    const leaving = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: SLOW });
    const answer = fetch(`${server.url}/graphql`, { method: 'POST', headers, body, signal: leaving.signal }).catch(() => null);
    await until(() => asked.length > 0);
    expect(isGivenUp()).toBe(false);
    leaving.abort();
    await until(isGivenUp);
    expect(await answer).toBeNull();
    // What is given up is read no further.
    await pause(100);
    const before = server.platform.store.roundTrips();
    await pause(200);
    expect(server.platform.store.roundTrips()).toBe(before);
  });

  it('and when its socket is closed', async () => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    client.subscribe({ query: SLOW }, { next: () => undefined, error: () => undefined, complete: () => undefined });
    await until(() => asked.length > 0);
    await client.dispose();
    client.terminate();
    await until(isGivenUp);
  });
});

describe('what is given up', () => {
  const reason = new Error('nobody waits');

  it('is a query alone, and also where that is known late', () => {
    const [command, query] = [new Cancellation(), new Cancellation()];
    command.giveUp(reason);
    query.giveUp(reason);
    query.allow();
    expect([command.signal.aborted, query.signal.aborted, query.signal.reason]).toEqual([false, true, reason]);
  });
});
