/** Requests that no honest client makes are refused with a code, or the connection is cut, before any resolver runs. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answered, type Attacked, attacked } from './attacked.ts';
import { sendBytes } from './bytes.ts';
import { diceOf } from './dice.ts';
import { requestsTo } from './requests.ts';

const MEMBERS = 50;
const FAMILIES = [
  'batches',
  'bodies that are no JSON',
  'JSON of another shape',
  'keys that are a prototype',
  'what a page can send without asking',
  'other types of body',
  'bodies that are packed',
  'bodies that say they are packed',
  'bodies that say they are huge',
  'other methods',
  'answers that nobody gives',
  'forms that are no GraphQL request',
  'forms that a page can send',
  'forms that do not end',
  'tokens that are not valid',
  'headers that hold no token',
  'commands by GET',
  'links without a token',
  'links with odd parts',
  'names of other machines',
  'pages of other origins',
  'heads that are too long',
  'heads of many lines',
  'preflights of other origins',
  'ways up from the files of the explorer',
  'places that are not there',
  'bodies of two lengths',
  'chunks that are none',
  'lines that are none',
  'first lines that are none',
] as const;

describe('requests', () => {
  let under: Attacked;
  let families: Awaited<ReturnType<typeof requestsTo>>;

  beforeAll(async () => {
    under = await attacked(false);
    families = await requestsTo(under);
  }, 180_000);
  afterAll(() => under?.server.close());

  /** Said no to, or nothing said at all; and nothing was told. That operations are not kept by a hash is an answer of 200 by its convention. */
  const isNoLeave = (status: number, text: string) => status === 204 && !/access-control-allow-origin/i.test(text);
  const isRefused = ({ status, text }: Answered) =>
    (isNoLeave(status, text) ||
      (status === 200 && text.includes('"PERSISTED_QUERY_NOT_SUPPORTED"')) ||
      (status >= 400 && status < 500) ||
      status === 501 ||
      status === 505 ||
      (status === 0 && text === '')) &&
    !/"data":\{|root:|BEGIN|"kty"|node_modules| {4}at /.test(text);

  it('are of the families that are listed', () => {
    expect(Object.keys(families)).toEqual([...FAMILIES]);
  });

  it.each(FAMILIES)(`%s: ${MEMBERS} of them are refused`, async (name) => {
    const dice = diceOf(name.length * 104_729);
    const members: Buffer[] = [];
    for (let at = 0; at < MEMBERS; at += 1) members.push(await (families[name] as (typeof families)[string])(dice, at));
    expect(new Set(members.map(String)).size).toBe(MEMBERS);
    const before = await under.done();
    const answers = await Promise.all(members.map((bytes) => sendBytes(under.port, bytes)));
    const taken = answers.flatMap(({ status, text }, at) =>
      isRefused({ status, text }) ? [] : [{ status, text: text.slice(0, 600), sent: String(members[at]).slice(0, 400) }],
    );
    expect(taken.slice(0, 3)).toEqual([]);
    expect(await under.done()).toEqual(before);
    const headers = { 'content-type': 'application/json' };
    const after = await under.http({ method: 'POST', headers, body: '{"query":"{ knowledge { name } }"}' });
    expect([after.status, after.text]).toEqual([200, expect.stringContaining('"data":{"knowledge"')]);
  });
});
