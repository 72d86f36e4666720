/** WebSocket exchanges that no honest client has; each tells how it ended: an HTTP status, a close code or an error's code. */
import { request } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';
import type { Attacked } from './attacked.ts';
import { closeCodeAfter } from './bytes.ts';
import type { Dice } from './dice.ts';
import { badTokens } from './tokens.ts';

export type Ended = string | number;
export interface Family {
  /** What each may end with. */
  readonly ends: readonly Ended[];
  readonly make: (dice: Dice, at: number) => Promise<Ended>;
  /** Resolvers that each asks before it turns bad. */
  readonly asks?: number;
}

const PROTOCOL = 'graphql-transport-ws';
const INIT = { type: 'connection_init' };
const STREAM = 'subscription { patientRiskChanged { cursor } }';
const QUERY = '{ knowledge { name } }';
const subscribe = (id: string, query = QUERY, more: object = {}) => ({ id, type: 'subscribe', payload: { query, ...more } });

interface Opening {
  readonly path?: string;
  readonly protocols?: string | string[];
  readonly options?: ClientOptions;
}

/** Opens, sends what it is told to as the server's messages come, until the connection or an operation ends. */
function exchange(
  { port }: Attacked,
  { path = '/graphql', protocols = PROTOCOL, options = {} }: Opening,
  onOpen: (socket: WebSocket) => void,
  onMessage: (message: { type: string; id?: string }, socket: WebSocket) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { handshakeTimeout: 5000, ...options });
    const end = (how: Ended) => {
      clearTimeout(timer);
      socket.terminate();
      resolve(how);
    };
    const timer = setTimeout(() => end('nothing'), 8000);
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => end(statusCode));
    socket.on('error', ({ message }) => /subprotocol/.test(message) && end(message));
    socket.on('open', () => onOpen(socket));
    socket.on('close', (code) => end(code));
    socket.on('message', (bytes) => {
      const message = JSON.parse(String(bytes)) as { type: string; id?: string; payload?: { extensions: { code: string } }[] };
      if (message.type === 'error') end(message.payload?.[0]?.extensions.code ?? 'error');
      else onMessage(message, socket);
    });
  });
}

const say = (socket: WebSocket, ...messages: readonly unknown[]) => {
  for (const message of messages) socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
};

function openings(under: Attacked): Record<string, Family> {
  const { port } = under;
  const open = (opening: Opening) => exchange(under, opening, (socket) => say(socket, INIT, subscribe('1')));
  return {
    'no protocol, or another one': {
      ends: [4406, 'Server sent no subprotocol'],
      make: (dice, at) => open({ protocols: at % 5 === 0 ? [] : [dice.one(['graphql-ws', 'soap', `${dice.word()}`]), dice.word()] }),
    },
    'pages of other origins': {
      ends: [401],
      make: (dice, at) =>
        open({
          options: {
            origin: [
              `https://${dice.word()}.example`,
              `http://127.0.0.1:${port + 1 + at}`,
              'null',
              `http://127.0.0.1.${dice.word()}.example`,
            ][at % 4] as string,
          },
        }),
    },
    'names of other machines': {
      ends: [401],
      make: (dice, at) =>
        open({
          options: {
            headers: { host: [`${dice.word()}.example:${port}`, `127.0.0.1.${dice.word()}`, `localhost.${dice.word()}`][at % 3] as string },
          },
        }),
    },
    'other places': {
      ends: [400, 404],
      make: (dice) => open({ path: `/${dice.one(['', 'graphql/', 'subscriptions/', 'GRAPHQL'])}${dice.word()}` }),
    },
    'handshakes that are none': {
      ends: [400, 405, 426],
      make: (dice, at) =>
        new Promise((resolve) => {
          const headers = [
            { 'sec-websocket-version': '12', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
            { 'sec-websocket-version': '13' },
            { 'sec-websocket-version': '13', 'sec-websocket-key': dice.word() },
            { 'sec-websocket-version': dice.word(), 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
          ][at % 4];
          const sent = request(
            {
              port,
              host: '127.0.0.1',
              path: '/graphql',
              headers: { connection: 'Upgrade', upgrade: 'websocket', 'x-page': dice.word(), ...headers },
            },
            (response) => {
              response.resume();
              resolve(response.statusCode ?? 0);
            },
          );
          sent.on('error', () => resolve('cut'));
          sent.on('upgrade', (_response, socket) => {
            socket.destroy();
            resolve('opened');
          });
          sent.end();
        }),
    },
  };
}

/** A frame as a client sends it; `mask: false` is what no client may send. */
function frame(first: number, payload: Buffer, { mask = true, length = payload.length } = {}): Buffer {
  const size = length < 126 ? [length] : [126, length >> 8, length & 255];
  const head = Buffer.from([first, (size[0] as number) | (mask ? 0x80 : 0), ...size.slice(1), ...(mask ? [0, 0, 0, 0] : [])]);
  return Buffer.concat([head, payload]);
}

function frames({ port }: Attacked): Record<string, Family> {
  const text = (dice: Dice) => Buffer.from(JSON.stringify({ ...subscribe('1'), x: dice.word() }));
  const close = (bytes: Buffer) => closeCodeAfter(port, bytes);
  return {
    'frames that are not masked': { ends: [1002], make: (dice) => close(frame(0x81, text(dice), { mask: false })) },
    'frames with bits that mean nothing': { ends: [1002], make: (dice, at) => close(frame(0x81 | (0x10 << (at % 3)), text(dice))) },
    'frames of no kind': {
      ends: [1002],
      make: (dice, at) => close(frame(0x80 | ([3, 4, 5, 6, 7, 11, 12, 13, 14, 15][at % 10] as number), text(dice))),
    },
    'pieces of control': { ends: [1002], make: (dice, at) => close(frame(8 + (at % 3), Buffer.from(dice.word()))) },
    'texts that are no text': {
      ends: [1007],
      make: (dice) => close(frame(0x81, Buffer.from([0xff, 0xfe, dice.number(128, 255), dice.number(0, 255), 0xc0]))),
    },
  };
}

const MALFORMED: readonly ((dice: Dice) => unknown)[] = [
  (dice) => dice.word(),
  (dice) => `{"type":"connection_init"${dice.word()}`,
  (dice) => JSON.stringify([INIT, dice.word()]),
  (dice) => String(dice.number(0, 1e9)),
  (dice) => `${JSON.stringify(INIT)}${JSON.stringify(INIT)}${dice.word()}`,
  (dice) => ({ type: dice.word() }),
  (dice) => ({ type: 'start', id: dice.word(), payload: { query: QUERY } }),
  (dice) => ({ type: 'subscribe', payload: { query: dice.word() } }),
  (dice) => ({ type: 'subscribe', id: dice.number(1, 1e9), payload: { query: QUERY } }),
  (dice) => ({ type: 'subscribe', id: dice.word(), payload: dice.word() }),
  (dice) => ({ type: 'subscribe', id: dice.word(), payload: { query: dice.number(1, 99) } }),
  (dice) => ({ type: 'subscribe', id: dice.word(), payload: { query: QUERY, variables: dice.word() } }),
  (dice) => ({ type: 'subscribe', id: '', payload: { query: dice.word() } }),
  (dice) => ({ type: 'connection_init', payload: dice.word() }),
  (dice) => ({ type: ['subscribe'], id: dice.word() }),
  (dice) => ({ type: 'next', id: dice.word() }),
];

function messages(under: Attacked): Record<string, Family> {
  const afterAck = (...said: readonly unknown[]) =>
    exchange(
      under,
      {},
      (socket) => say(socket, INIT),
      ({ type }, socket) => type === 'connection_ack' && say(socket, ...said),
    );
  return {
    'messages that are none': { ends: [4400], make: (dice, at) => afterAck(MALFORMED[at % MALFORMED.length]?.(dice)) },
    'bytes that are no message': {
      ends: [4400],
      make: (dice, at) =>
        afterAck(
          Buffer.from(
            dice.many(1 + at, () => String.fromCharCode(dice.number(0, 255)), ''),
            'latin1',
          ),
        ),
    },
    'messages that are too long': {
      ends: [1009],
      make: (dice, at) => afterAck(JSON.stringify(subscribe(dice.word(), ' '.repeat(1_000_001 + at * 1000)))),
    },
    'keys that are a prototype': {
      ends: [4400],
      make: (dice, at) =>
        afterAck(
          [
            `{"type":"subscribe","id":"1","payload":{"query":"${QUERY}","variables":{"__proto__":{"${dice.word()}":1}}}}`,
            `{"type":"subscribe","id":"1","payload":{"query":"${QUERY}","extensions":{"constructor":{"prototype":{"${dice.word()}":1}}}}}`,
            `{"type":"ping","payload":{"__proto__":{"${dice.word()}":1}}}`,
            `{"__proto__":{"type":"subscribe"},"type":"subscribe","id":"${dice.word()}","payload":{"query":"${QUERY}"}}`,
          ][at % 4],
        ),
    },
    'operations that are not there': {
      ends: ['OPERATION_RESOLUTION_FAILURE'],
      make: (dice, at) =>
        afterAck(subscribe('1', `query A ${QUERY} query ${dice.word()} ${QUERY}`, at % 2 === 0 ? {} : { operationName: dice.word() })),
    },
    'streams with bad arguments': {
      ends: ['GRAPHQL_VALIDATION_FAILED'],
      make: (dice, at) =>
        afterAck(
          subscribe(
            '1',
            `subscription ${dice.word()} { ${[`patientRiskChanged(minChange: "${dice.word()}") { cursor }`, `patientRiskChanged(${dice.word()}: 1) { cursor }`, 'alertRaised(minSeverity: WORST) { cursor }', `alertRaised { ${dice.word()} }`, 'alertRaised { cursor } patientRiskChanged { cursor }'][at % 5]} }`,
          ),
        ),
    },
  };
}

async function orders(under: Attacked): Promise<Record<string, Family>> {
  const bad = await badTokens(under.token);
  return {
    'operations before the connection is one': {
      ends: [4401],
      make: (dice, at) => exchange(under, {}, (socket) => say(socket, subscribe(dice.word(), at % 2 === 0 ? QUERY : STREAM))),
    },
    'a second beginning': {
      ends: [4429],
      make: (dice, at) =>
        exchange(
          under,
          {},
          (socket) => say(socket, INIT, ...(at % 2 === 0 ? [{ ...INIT, payload: { x: dice.word() } }] : [])),
          ({ type }, socket) => type === 'connection_ack' && say(socket, { ...INIT, payload: { x: dice.word() } }),
        ),
    },
    'tokens that are not valid': {
      ends: [4401],
      make: async (dice, at) => {
        const authorization = `Bearer ${await bad[at % bad.length]?.(dice)}`;
        return exchange(under, {}, (socket) =>
          say(socket, { ...INIT, payload: at % 2 === 0 ? { authorization } : { Authorization: authorization } }),
        );
      },
    },
    'an id that is in use': {
      ends: [4409],
      asks: 1,
      make: (dice) =>
        exchange(
          under,
          {},
          (socket) => say(socket, INIT),
          ({ type }, socket) => {
            if (type === 'connection_ack') say(socket, subscribe('one', STREAM));
            if (type === 'next') say(socket, subscribe('one', `query ${dice.word()} ${QUERY}`));
          },
        ),
    },
  };
}

/** The families, for one server. */
export async function exchangesWith(under: Attacked): Promise<Readonly<Record<string, Family>>> {
  return { ...openings(under), ...frames(under), ...messages(under), ...(await orders(under)) };
}
