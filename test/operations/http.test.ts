import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startServer, type TestServer } from '../support/server.ts';

describe('the HTTP server', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
  });
  afterAll(() => server?.close());

  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${server.url}/graphql`, { method: 'POST', headers, body });

  it('says that it lives and that it is ready', async () => {
    expect(await (await fetch(`${server.url}/livez`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it('counts requests in metrics without a value of anyone', async () => {
    await post(JSON.stringify({ query: '{ patient(identifier: "SECRET-77") { id } }' }));
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/avicenna_graphql_requests_total\{kind="query",result="errors"\} [1-9]/);
    expect(metrics).toContain('avicenna_projected_sequence');
    expect(metrics).not.toContain('SECRET');
  });

  it('serves under a strict content security policy', async () => {
    const policy = (await fetch(`${server.url}/livez`)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
  });

  it.each([
    ['a body that is not JSON', 'rubbish', 400, 'BAD_REQUEST'],
    ['an empty body', '{}', 400, 'BAD_REQUEST'],
    ['a syntax error', '{"query":"{"}', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nobody }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a subscription', '{"query":"subscription { patientRiskChanged { cursor } }"}', 400, 'BAD_USER_INPUT'],
    [
      'a variable of the wrong type',
      '{"query":"query($n: Int!) { patients(first: $n) { totalCount } }","variables":{"n":"x"}}',
      400,
      'BAD_USER_INPUT',
    ],
  ])('answers %s with a code and without its content', async (_what, body, status, code) => {
    const response = await post(body);
    const answer = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect([response.status, answer.errors[0]?.extensions.code]).toEqual([status, code]);
    expect(JSON.stringify(answer)).not.toContain('rubbish');
  });

  it.each([
    [
      'too deep',
      `{ patient(identifier: "x") { ${'diplotypes { gene { guidelines { drugs { guidelines { genes { '.repeat(3)}symbol${' } } } } } }'.repeat(3)} } }`,
    ],
    ['too many aliases', `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: models { name }`).join(' ')} }`],
    ['too many tokens', `{ models { ${'name '.repeat(3000)} } }`],
    ['too costly', '{ patients(first: 100) { edges { node { prediction(model: "warfarin-dose") { explanation { residual } } } } } }'],
  ])('refuses a query that is %s before it is resolved', async (_what, query) => {
    const before = server.platform.store.roundTrips();
    const answer = (await (await post(JSON.stringify({ query }))).json()) as { errors: { extensions: { code: string } }[]; data?: unknown };
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.data ?? null).toBeNull();
    expect(server.platform.store.roundTrips()).toBe(before);
  });

  it.each([
    [
      'too costly',
      '{ patients(first: 100) { edges { node { prediction(model: "warfarin-dose") { explanation { residual } } } } } }',
      'QUERY_TOO_COMPLEX',
    ],
    ['not valid', 'subscription { nobodyChanged }', 'GRAPHQL_VALIDATION_FAILED'],
    ['about a model that is not there', 'subscription { patientRiskChanged(models: ["x"]) { cursor } }', 'MODEL_UNKNOWN'],
  ])('refuses over the WebSocket what is %s', async (_what, query, code) => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const refusal = await new Promise((resolve) =>
      client.subscribe({ query }, { next: resolve, error: resolve, complete: () => resolve('complete') }),
    );
    const errors = (Array.isArray(refusal) ? refusal : ((refusal as { errors?: unknown[] }).errors ?? [])) as {
      extensions: { code: string };
    }[];
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    await client.dispose();
  });

  it('refuses batches and plain forms', async () => {
    expect((await post('[{"query":"{ models { name } }"}]')).status).toBe(400);
    expect((await post('query=x', { 'content-type': 'text/plain' })).status).toBeGreaterThanOrEqual(400);
  });

  it('tells the cost of a query beside its answer', async () => {
    const answer = (await (await post('{"query":"{ models { name } patients(first: 50) { edges { node { id } } } }"}')).json()) as {
      extensions: { cost: { requested: number; actual: number; limit: number } };
    };
    const { requested, actual, limit } = answer.extensions.cost;
    // There are fewer than fifty patients.
    expect([actual > 0, actual < requested, requested < limit]).toEqual([true, true, true]);
  });
});
