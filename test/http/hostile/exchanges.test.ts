/** WebSocket exchanges that no honest client has end with the code that PROTOCOL.md says, before any resolver runs. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { type Attacked, attacked } from './attacked.ts';
import { diceOf } from './dice.ts';
import { type Ended, exchangesWith } from './exchanges.ts';

const MEMBERS = 50;
const AT_ONCE = 25;
const FAMILIES = [
  'no protocol, or another one',
  'pages of other origins',
  'names of other machines',
  'other places',
  'handshakes that are none',
  'frames that are not masked',
  'frames with bits that mean nothing',
  'frames of no kind',
  'pieces of control',
  'texts that are no text',
  'messages that are none',
  'bytes that are no message',
  'messages that are too long',
  'keys that are a prototype',
  'operations that are not there',
  'streams with bad arguments',
  'operations before the connection is one',
  'a second beginning',
  'tokens that are not valid',
  'an id that is in use',
] as const;

describe('exchanges', () => {
  let under: Attacked;
  let families: Awaited<ReturnType<typeof exchangesWith>>;

  beforeAll(async () => {
    under = await attacked(false);
    families = await exchangesWith(under);
  }, 180_000);
  afterAll(() => under?.server.close());

  const answered = async () => {
    const client = createClient({ url: `ws://${under.host}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const said = await new Promise<unknown>((resolve) =>
      client.subscribe({ query: '{ knowledge { name } }' }, { next: resolve, error: resolve, complete: () => resolve('nothing') }),
    );
    await client.dispose();
    return said;
  };

  it('are of the families that are listed', () => {
    expect(Object.keys(families)).toEqual([...FAMILIES]);
  });

  it.each(FAMILIES)(`%s: ${MEMBERS} of them are refused`, async (name) => {
    const dice = diceOf(name.length * 15_485_863);
    const { ends, make, asks = 0 } = families[name] as (typeof families)[string];
    const before = await under.done();
    const ended: Ended[] = [];
    for (let at = 0; at < MEMBERS; at += AT_ONCE)
      ended.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, more) => make(dice, at + more)))));
    expect(ended.flatMap((how, at) => (ends.includes(how) ? [] : [{ at, how }]))).toEqual([]);
    // A stream that was begun in good order may tell more than once; each that was refused would ask two.
    const asked = (await under.done()).resolvers - before.resolvers;
    expect([asked >= asks * MEMBERS, asked < (asks === 0 ? 1 : 2 * asks * MEMBERS)]).toEqual([true, true]);
    expect((await under.done()).events).toBe(before.events);
    expect(await answered()).toMatchObject({ data: { knowledge: {} } });
  });

  it('more operations than one connection may have: 50 are refused beside the 100 that run', async () => {
    const socket = new WebSocket(`ws://${under.host}/graphql`, 'graphql-transport-ws');
    const count = { next: 0, error: 0 };
    const codes = new Set<string>();
    const until = async (what: () => boolean) => {
      while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const ask = (at: number) =>
      socket.send(
        JSON.stringify({ type: 'subscribe', id: String(at), payload: { query: `subscription S${at} { alertRaised { cursor } }` } }),
      );
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (bytes) => {
      const { type, payload } = JSON.parse(String(bytes)) as { type: string; payload: { extensions: { code: string } }[] };
      if (type === 'connection_ack') Array.from({ length: 100 }, (_, at) => at).forEach(ask);
      if (type === 'next') count.next += 1;
      if (type !== 'error') return;
      count.error += 1;
      for (const { extensions } of payload) codes.add(extensions.code);
    });
    await until(() => count.next >= 100);
    const before = await under.done();
    for (let at = 100; at < 150; at += 1) ask(at);
    await until(() => count.error === 50);
    expect([...codes]).toEqual(['TOO_MANY_OPERATIONS']);
    expect((await under.done()).resolvers).toBe(before.resolvers);
    socket.terminate();
    expect(await answered()).toMatchObject({ data: { knowledge: {} } });
  });
});
