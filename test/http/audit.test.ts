/** GraphQL over HTTP as its specification has it, by the audit of graphql-http, and what graphql-cop looks for in a server. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { startServer, type TestServer } from '../support/server.ts';

describe('the HTTP endpoint', () => {
  let server: TestServer;
  let token = '';

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
    token = await server.token({ role: 'CLINICIAN' });
  });
  afterAll(() => server?.close());

  it('passes every audit of graphql-http', async () => {
    const fetchFn = (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` } });
    const results = await auditServer({ url: `${server.url}/graphql`, fetchFn });
    const failed = results
      .filter(({ status }) => status !== 'ok')
      .map(({ id, name, status, ...more }) => `${id} ${status} ${name} ${'reason' in more ? more.reason : ''}`);
    expect(failed).toEqual([]);
    expect(results.length).toBe(61);
  });

  /** Asked without a token, as anybody on the machine can. */
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, text };
  };
  const post = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    ask('/graphql', { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const get = (query: string, headers: Record<string, string> = {}) => ask(`/graphql?query=${encodeURIComponent(query)}`, { headers });

  it.each<[string, () => Promise<{ status: number; text: string }>, RegExp]>([
    [
      'alias overloading',
      () => post({ query: `{ ${Array.from({ length: 101 }, (_, at) => `a${at}: __typename`).join(' ')} }` }),
      /alias|root fields/i,
    ],
    ['batches', () => post(Array.from({ length: 11 }, () => ({ query: '{ __typename }' }))), /batch|400|BAD_REQUEST/i],
    ['directive overloading', () => post({ query: `{ __typename ${'@aa'.repeat(10)} }` }), /errors/],
    [
      'circular introspection',
      () => post({ query: '{ __schema { types { fields { type { fields { type { name } } } } } } }' }),
      /introspection/i,
    ],
    ['introspection', () => post({ query: '{ __schema { types { name } } }' }), /introspection/i],
    ['field suggestions', () => post({ query: '{ patien { id } }' }), /Cannot query field/],
    ['queries by GET', () => get('{ __typename }'), /UNAUTHENTICATED/],
    ['mutations by GET', () => get('mutation { __typename }'), /UNAUTHENTICATED/],
    [
      'queries in the form of a web page',
      () => post('query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
      /BAD_REQUEST/,
    ],
    [
      'traces in the answer',
      () => post({ query: '{ __typename }' }, { 'content-type': 'application/json', 'apollo-tracing': '1' }),
      /^(?!.*tracing)/,
    ],
    ['errors that tell of the inside', () => post({ query: '{ nobody }' }), /^(?!.*(stacktrace|node_modules))/],
    ['an explorer at /graphql', () => ask('/graphql', { headers: { accept: 'text/html' } }), /^(?!.*<html)/],
  ])('gives nothing away by what graphql-cop tries: %s', async (what, attempt, answered) => {
    const { text } = await attempt();
    expect(text).toMatch(answered);
    expect(text).not.toMatch(/Did you mean/);
    if (!['traces in the answer', 'errors that tell of the inside'].includes(what))
      expect(text).not.toMatch(/"data":\{"(__typename|a0|__schema)/);
  });

  it('tells the schema to those with a token, with suggestions', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    expect((await post({ query: '{ __schema { queryType { name } } }' }, headers)).text).toContain('"name":"Query"');
    expect((await post({ query: '{ patien { id } }' }, headers)).text).toContain('Did you mean');
  });

  it('answers no page of another origin, and under no name that is not this machine', async () => {
    const body = { query: '{ knowledge { name } }' };
    const json = { 'content-type': 'application/json' };
    expect((await post(body, { ...json, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(body, { ...json, origin: server.url })).status).toBe(200);
    const { host } = new URL(server.url);
    expect(await statusUnder(host)).toBe(200);
    expect(await statusUnder(`rebound.example:${new URL(server.url).port}`)).toBe(403);
  });

  /** `fetch` sets the header Host by itself. */
  function statusUnder(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(`${server.url}/livez`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }
});
