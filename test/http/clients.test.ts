/** The clients that frontends use, each as its documentation has it: a query, a command, an error with its code and, where the client has them, a stream. */
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { Environment, type GraphQLResponse, Network, Observable, RecordSource, type RequestParameters, Store } from 'relay-runtime';
import WebSocket from 'ws';
import { freshKey, startServer, type TestServer } from '../support/server.ts';

const QUERY = 'query One($identifier: String!) { patient(identifier: $identifier) { id identifier } }';
const COMMAND = `mutation Start($input: StartMedicationInput!) {
  startMedication(input: $input) { eventId userErrors { code field } medication { name } } }`;
const WRONG = 'query Wrong { gene(symbol: "NOSUCH") { symbol } node(id: "broken") { id } }';
const STREAM = 'subscription Risks { patientRiskChanged { cursor } }';
const IDENTIFIER = 'DEMO-0001';

interface One {
  readonly patient: { readonly id: string; readonly identifier: string };
}
interface Started {
  readonly startMedication: {
    readonly eventId: string | null;
    readonly userErrors: readonly { readonly code: string; readonly field: string }[];
    readonly medication: { readonly name: string } | null;
  };
}

/** What one client does, as promises. */
interface Asking {
  readonly ask: <T>(document: string, variables: object) => Promise<T>;
  /** The code of what went wrong, and where. */
  readonly refused: (document: string) => Promise<readonly [code: unknown, path: unknown]>;
  /** The first item of a stream; null of a client that has none. */
  readonly first: ((document: string) => Promise<{ patientRiskChanged: { cursor: string } }>) | null;
}

function apollo(url: string, headers: Record<string, string>, socket: ReturnType<typeof createClient>): Asking {
  const over = (link: HttpLink | GraphQLWsLink) =>
    new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: { fetchPolicy: 'no-cache' } } });
  const client = over(new HttpLink({ uri: url, headers }));
  const isCommand = (document: string) => document.startsWith('mutation');
  const ask = async (document: string, variables: object) =>
    isCommand(document)
      ? (await client.mutate({ mutation: gql(document), variables })).data
      : (await client.query({ query: gql(document), variables })).data;
  return {
    ask: ask as Asking['ask'],
    refused: async (document) => {
      const error = await ask(document, {}).catch((thrown: unknown) => thrown);
      const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
      return [first?.extensions?.['code'], first?.path];
    },
    first: (document) =>
      new Promise((resolve, reject) => {
        over(new GraphQLWsLink(socket))
          .subscribe({ query: gql(document) })
          .subscribe({ next: ({ data }) => resolve(data as never), error: reject });
      }),
  };
}

function urql(url: string, headers: Record<string, string>, socket: ReturnType<typeof createClient>): Asking {
  const client = new Client({
    url,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: variables as Record<string, unknown> }, sink as never),
          }),
        }),
      }),
    ],
  });
  const send = (document: string, variables: object) =>
    (document.startsWith('mutation') ? client.mutation(document, variables) : client.query(document, variables)).toPromise();
  return {
    ask: async (document, variables) => {
      const { data, error } = await send(document, variables);
      if (error) throw error;
      return data as never;
    },
    refused: async (document) => {
      const [first] = (await send(document, {})).error?.graphQLErrors ?? [];
      return [first?.extensions['code'], first?.path];
    },
    first: (document) =>
      new Promise((resolve) => {
        client.subscription(document, {}).subscribe(({ data }) => resolve(data as never));
      }),
  };
}

function request(url: string, headers: Record<string, string>): Asking {
  const client = new GraphQLClient(url, { headers });
  return {
    ask: (document, variables) => client.request(document, variables),
    refused: async (document) => {
      const error = await client.request(document).catch((thrown: unknown) => thrown);
      const [first] = error instanceof ClientError ? (error.response.errors ?? []) : [];
      return [first?.extensions['code'], first?.path];
    },
    first: null,
  };
}

function relay(url: string, headers: Record<string, string>, socket: ReturnType<typeof createClient>): Asking {
  const environment = new Environment({
    network: Network.create(
      async ({ text }, variables) => {
        const body = JSON.stringify({ query: text, variables });
        const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
        return (await response.json()) as GraphQLResponse;
      },
      ({ text }, variables) =>
        Observable.create((sink) => {
          const unsubscribe = socket.subscribe({ query: text ?? '', variables }, sink as never);
          return unsubscribe;
        }),
    ),
    store: new Store(new RecordSource()),
  });
  const execute = (document: string, variables: object) => {
    const operationKind = /^\w+/.exec(document)?.[0] as RequestParameters['operationKind'];
    const params: RequestParameters = { name: 'One', id: null, cacheID: document, text: document, operationKind, metadata: {} };
    return environment
      .getNetwork()
      .execute(params, variables as never, { force: true })
      .toPromise() as Promise<{
      data: unknown;
      errors?: { extensions?: Record<string, unknown>; path?: unknown }[];
    }>;
  };
  return {
    ask: async (document, variables) => (await execute(document, variables)).data as never,
    refused: async (document) => {
      const [first] = (await execute(document, {})).errors ?? [];
      return [first?.extensions?.['code'], first?.path];
    },
    first: async (document) => (await execute(document, {})).data as never,
  };
}

describe('a client for GraphQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(undefined, { demo: true });
  }, 60_000);
  afterAll(() => server?.close());

  describe.each([
    ['@apollo/client', apollo],
    ['@urql/core', urql],
    ['graphql-request', request],
    ['relay-runtime', relay],
  ] as const)('%s', (name, make) => {
    let socket: ReturnType<typeof createClient>;
    let client: Asking;

    beforeAll(async () => {
      const token = await server.token({ role: 'CLINICIAN' });
      const url = `${server.url}/graphql`;
      const connectionParams = { authorization: `Bearer ${token}` };
      socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
      client = make(url, { authorization: `Bearer ${token}` }, socket);
    }, 60_000);
    afterAll(() => socket?.dispose());

    it('asks, commands, and is told what is wrong with its input', async () => {
      const { patient } = await client.ask<One>(QUERY, { identifier: IDENTIFIER });
      expect(patient.identifier).toBe(IDENTIFIER);
      const input = { idempotencyKey: freshKey(), patientId: patient.id, drug: `drug of ${name}`, startedAt: new Date().toISOString() };
      const { startMedication } = await client.ask<Started>(COMMAND, { input });
      expect(startMedication).toMatchObject({ eventId: expect.any(String), userErrors: [], medication: { name: `drug of ${name}` } });
      const wrong = await client.ask<Started>(COMMAND, { input: { ...input, idempotencyKey: freshKey(), drug: '' } });
      expect(wrong.startMedication.userErrors).toEqual([expect.objectContaining({ field: 'drug', code: 'REQUIRED' })]);
    });

    it('is given the code of an error, and its place in the answer', async () => {
      const [code, path] = await client.refused(WRONG);
      expect([code, path]).toEqual([expect.stringMatching(/^[A-Z_]+$/), expect.arrayContaining([expect.any(String)])]);
    });

    it('follows a stream, where it has streams', async () => {
      if (!client.first) return;
      const told = client.first(STREAM);
      const { patient } = await client.ask<One>(QUERY, { identifier: IDENTIFIER });
      const weigh = `mutation Weigh($input: RecordObservationsInput!) { recordObservations(input: $input) { eventId } }`;
      let isTold = false;
      void told.then(() => {
        isTold = true;
      });
      for (let weight = 61; !isTold && weight < 120; weight += 9) {
        const observations = [{ code: '29463-7', value: weight, unit: 'kg', observedAt: new Date().toISOString() }];
        await client.ask(weigh, { input: { idempotencyKey: freshKey(), patientId: patient.id, observations } });
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      expect((await told).patientRiskChanged).toEqual(expect.objectContaining({ cursor: expect.any(String) }));
    }, 30_000);
  });
});
