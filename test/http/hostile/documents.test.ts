/** Documents that ask too much or are none are refused before any resolver runs, by whichever way they come; what people ask is not. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import { type Attacked, attacked } from './attacked.ts';
import { diceOf } from './dice.ts';
import { type Asked, DOCUMENTS, needsNoToken } from './documents.ts';
import { legitimate } from './legitimate.ts';

const MEMBERS = 50;
/** A multipart request is a POST once it is read, and a link has the same document. */
const IN_PARTS = 5;
const IN_LINKS = 10;
const CODES =
  /^(QUERY_TOO_COMPLEX|GRAPHQL_(PARSE|VALIDATION)_FAILED|FORBIDDEN|BAD_USER_INPUT|BAD_REQUEST|UNAUTHENTICATED|OPERATION_RESOLUTION_FAILURE)$/;

const JSON_BODY = { 'content-type': 'application/json' };
const bearer = (token: string | undefined): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {});

interface Said {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

describe('documents', () => {
  let under: Attacked;

  beforeAll(async () => {
    under = await attacked();
  }, 180_000);
  afterAll(() => under?.server.close());

  const overPost = async (asked: Asked, token?: string): Promise<Said> =>
    JSON.parse((await under.http({ method: 'POST', headers: { ...JSON_BODY, ...bearer(token) }, body: JSON.stringify(asked) })).text);

  async function overMultipart(asked: Asked, token?: string): Promise<Said> {
    const part = (name: string, text: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
    const body = `${part('operations', JSON.stringify(asked))}${part('map', '{}')}--b--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'apollo-require-preflight': '1', ...bearer(token) };
    return JSON.parse((await under.http({ method: 'POST', headers, body })).text);
  }

  async function overGet({ query, variables, operationName }: Asked, token?: string): Promise<Said> {
    const asked = new URLSearchParams({
      query,
      ...(variables !== undefined && { variables: JSON.stringify(variables) }),
      ...(operationName && { operationName }),
    });
    const { status, text } = await under.http({ path: `/graphql?${asked}`, headers: bearer(token) });
    // A document that does not fit into a request's head is refused with it.
    return status === 431 ? { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } : JSON.parse(text);
  }

  /** All at once over one connection. */
  async function overSocket(documents: readonly Asked[], token?: string): Promise<Said[]> {
    const socket = new WebSocket(`${under.server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const said: Said[] = [];
    await new Promise<void>((resolve, reject) => {
      let open = documents.length;
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) })),
      );
      const heard: Readonly<Record<string, (id: string, payload: never) => void>> = {
        connection_ack: () =>
          documents.forEach((one, at) => {
            socket.send(JSON.stringify({ type: 'subscribe', id: String(at), payload: one }));
          }),
        next: (id, payload) => {
          said[Number(id)] = payload;
        },
        error: (id, errors) => {
          said[Number(id)] = { errors };
          open -= 1;
        },
        complete: () => {
          open -= 1;
        },
      };
      socket.on('message', (bytes) => {
        const { type, id, payload } = JSON.parse(String(bytes)) as { type: string; id: string; payload: never };
        heard[type]?.(id, payload);
        if (open === 0) resolve();
      });
    });
    socket.removeAllListeners('close');
    socket.close();
    return said;
  }

  const isRefused = ({ data, errors }: Said) =>
    (data ?? null) === null && (errors ?? []).length > 0 && (errors ?? []).every(({ extensions }) => CODES.test(extensions.code));

  it('come in more than thirty families', () => {
    expect(Object.keys(DOCUMENTS).length).toBeGreaterThan(30);
  });

  it.each(Object.keys(DOCUMENTS))(
    `%s: ${MEMBERS} of them are refused over POST and WebSocket, and some by GET and in parts`,
    async (name) => {
      const dice = diceOf(name.length * 7919);
      const make = DOCUMENTS[name] as (typeof DOCUMENTS)[string];
      const members = Array.from({ length: MEMBERS }, (_, at) => make(dice, at));
      expect(new Set(members.map((member) => JSON.stringify(member))).size).toBe(MEMBERS);
      const token = needsNoToken(name) ? undefined : under.token;
      const before = await under.done();
      const ways = {
        post: await Promise.all(members.map((one) => overPost(one, token))),
        multipart: await Promise.all(members.slice(0, IN_PARTS).map((one) => overMultipart(one, token))),
        get: await Promise.all(members.slice(0, IN_LINKS).map((one) => overGet(one, token))),
        socket: await overSocket(members, token),
      };
      for (const [way, answers] of Object.entries(ways)) {
        expect([way, answers.length]).toEqual([way, { multipart: IN_PARTS, get: IN_LINKS }[way] ?? MEMBERS]);
        const taken = answers.flatMap((answer, at) => (isRefused(answer) ? [] : [{ way, ...members[at], answer }]));
        expect(taken.slice(0, 3)).toEqual([]);
      }
      expect(await under.done()).toEqual(before);
      expect((await overPost({ query: '{ knowledge { name } }' })).errors).toBeUndefined();
    },
  );

  it('that people send are answered: 510 operations, each another, over POST, GET and WebSocket', async () => {
    const { server } = under;
    const tokens = await Promise.all(Array.from({ length: 4 }, (_, at) => server.token({ role: 'CLINICIAN', subject: `dr-${at}` })));
    const operations = legitimate(diceOf(1), 510);
    expect(new Set(operations.map((one) => JSON.stringify(one))).size).toBe(510);
    const failed: unknown[] = [];
    const note = (asked: Asked | undefined, { data, errors }: Said) => {
      if (errors || (data ?? null) === null) failed.push({ asked, errors });
    };
    for (let at = 0; at < operations.length; at += 30) {
      const some = operations.slice(at, at + 30);
      const token = tokens[(at / 30) % tokens.length];
      const isRead = ({ query }: Asked) => !query.includes('mutation');
      const [get, rest] = [some.slice(0, 10).filter(isRead), [...some.slice(0, 10).filter((one) => !isRead(one)), ...some.slice(10, 20)]];
      await Promise.all([
        ...get.map(async (one) => note(one, await overGet(one, token))),
        ...rest.map(async (one) => note(one, await overPost(one, token))),
        overSocket(some.slice(20), token).then((said) => said.forEach((one, which) => void note(some[20 + which], one))),
      ]);
    }
    expect(failed.slice(0, 3)).toEqual([]);
  });
});
