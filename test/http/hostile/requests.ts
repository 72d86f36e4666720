/** HTTP requests that no honest client makes, though what they ask may be harmless: each family makes as many as are wanted. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Attacked } from './attacked.ts';
import { wire } from './bytes.ts';
import type { Dice } from './dice.ts';
import { badTokens } from './tokens.ts';

type Make = (dice: Dice, at: number) => Buffer | Promise<Buffer>;

const QUERY = '{ knowledge { name } }';
const JSON_TYPE = ['content-type', 'application/json'] as const;
const asked = (query = QUERY) => JSON.stringify({ query });
const lengthOf = (body: string | Buffer) => ['content-length', String(Buffer.byteLength(body))] as const;

/** A body cut or spoilt so that it is JSON no more. */
function spoilt(dice: Dice): string {
  const whole = JSON.stringify({ query: QUERY, variables: { n: dice.number(1, 1e6) }, operationName: null });
  for (;;) {
    const at = dice.number(1, whole.length - 1);
    const body = `${whole.slice(0, at)}${dice.one(['', "'", '"', ',', '}', ']', 'NaN', '\u0000', '//', dice.word()])}${dice.one([whole.slice(at), ''])}`;
    try {
      JSON.parse(body);
    } catch {
      return body;
    }
  }
}

const SHAPES: readonly ((dice: Dice) => unknown)[] = [
  (dice) => dice.number(1, 1e9),
  (dice) => dice.word(),
  (dice) => ({ query: dice.number(1, 1e9) }),
  (dice) => ({ query: [dice.word()] }),
  (dice) => ({ query: { [dice.word()]: QUERY } }),
  (dice) => ({ query: { kind: 'Document', definitions: [dice.word()] } }),
  (dice) => ({ query: QUERY, variables: dice.word() }),
  (dice) => ({ query: QUERY, variables: [dice.number(1, 1e9)] }),
  (dice) => ({ query: QUERY, operationName: { [dice.word()]: 1 } }),
  (dice) => ({ query: QUERY, extensions: dice.word() }),
  (dice) => ({ query: QUERY, extensions: [dice.number(1, 1e9)] }),
  (dice) => ({ [dice.word()]: QUERY }),
  (dice) => ({ query: '', variables: { n: dice.number(1, 1e9) } }),
  (dice) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: dice.word() } } }),
];

function bodies(port: number): Record<string, Make> {
  const post = (body: string | Buffer, ...headers: (readonly [string, string])[]) =>
    wire(port, { headers: [...headers, lengthOf(body)] }, body);
  return {
    batches: (dice, at) =>
      post(JSON.stringify(Array.from({ length: at }, () => ({ query: dice.one([QUERY, '{ me { role } }']) }))), JSON_TYPE),
    'bodies that are no JSON': (dice) => post(spoilt(dice), JSON_TYPE, ['x-page', dice.word()]),
    'JSON of another shape': (dice, at) => post(JSON.stringify(SHAPES[at % SHAPES.length]?.(dice)), JSON_TYPE),
    'keys that are a prototype': (dice, at) =>
      post(
        [
          `{"query":"${QUERY}","__proto__":{"${dice.word()}":1}}`,
          `{"query":"${QUERY}","variables":{"${dice.word()}":{"__proto__":{"admin":true}}}}`,
          `{"query":"${QUERY}","constructor":{"prototype":{"${dice.word()}":1}}}`,
          `{"query":"${QUERY}","extensions":{"${dice.word()}":[{"__proto__":null}]}}`,
        ][at % 4] as string,
        JSON_TYPE,
      ),
    'what a page can send without asking': (dice, at) =>
      post(
        [asked(), `query=${encodeURIComponent(QUERY)}&${dice.word()}=1`, `${dice.word()}=${asked()}`][at % 3] as string,
        ...dice.one<readonly (readonly [string, string])[]>([
          [],
          [['content-type', 'text/plain']],
          [['content-type', 'application/x-www-form-urlencoded']],
        ]),
        ['x-page', dice.word()],
      ),
    'other types of body': (dice, at) =>
      post(
        asked(),
        [
          'content-type',
          [
            'application/graphql',
            'application/xml',
            'application/jsonx',
            'text/json',
            'application/octet-stream',
            `application/${dice.word()}`,
          ][at % 6] as string,
        ],
        ['x-page', dice.word()],
      ),
    'bodies that are packed': (dice, at) => {
      const plain = `{"query":"${QUERY}","variables":{"pad":"${'x'.repeat(1000 * (1 + at) * dice.number(1, 20))}"}}`;
      const [coding, pack] = (
        [
          ['gzip', gzipSync],
          ['deflate', deflateSync],
          ['br', brotliCompressSync],
        ] as const
      )[at % 3] as ['gzip', typeof gzipSync];
      return post(pack(Buffer.from(plain)), JSON_TYPE, ['content-encoding', coding], ['x-page', dice.word()]);
    },
    'bodies that say they are packed': (dice, at) =>
      post(
        asked(),
        JSON_TYPE,
        ['content-encoding', `${['gzip', 'deflate', 'br', 'compress', 'zstd', 'gzip, gzip', dice.word()][at % 7]}`],
        ['x-page', dice.word()],
      ),
    'bodies that say they are huge': (dice, at) =>
      wire(port, { headers: [JSON_TYPE, ['content-length', String(6_000_001 + at * dice.number(1, 1e9))]] }, asked()),
    'other methods': (dice, at) =>
      wire(port, {
        method: ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE', 'LINK', 'MOVE', 'BREW'][at % 10] as string,
        headers: [JSON_TYPE, ['x-page', dice.word()], ['content-length', '0']],
      }),
    'answers that nobody gives': (dice, at) =>
      post(
        asked(dice.one([QUERY, 'mutation { takeBackup(name: "x") { backup { events } } }'])),
        JSON_TYPE,
        ['accept', [`text/html`, 'image/png', 'application/xml', `text/${dice.word()}`, 'application/json;q=0'][at % 5] as string],
        ['x-page', dice.word()],
      ),
  };
}

const PARTS: readonly ((dice: Dice, part: (name: string, text: string, file?: string) => string) => string)[] = [
  (dice, part) => part('operations', asked()) + part('map', dice.word()),
  (dice, part) => part('operations', spoilt(dice)) + part('map', '{}'),
  (dice, part) => part('operations', asked()) + part('map', `{"0":["variables.${dice.word()}.x"]}`) + part('0', 'x', 'a.vcf'),
  (dice, part) =>
    part('operations', `{"query":"${QUERY}","variables":{"a":"${dice.word()}"}}`) +
    part('map', '{"0":["variables.a.b.c"]}') +
    part('0', 'x', 'a.vcf'),
  (dice, part) =>
    part('operations', asked()) +
    part('map', '{"0":["variables.a"],"1":["variables.b"]}') +
    part('0', dice.word(), 'a') +
    part('1', 'x', 'b'),
  (dice, part) => part('operations', asked()) + part('map', `{"0":"${dice.word()}"}`) + part('0', 'x', 'a'),
  (dice, part) => part('operations', asked()) + part('map', `["${dice.word()}"]`),
  (dice, part) => part('map', '{}') + part('operations', asked()) + part(dice.word(), 'x'),
  (dice, part) => part(dice.word(), asked()),
  (dice, part) => part('operations', `[${asked()},${asked(`{ ${dice.word()} }`)}]`) + part('map', '{}'),
  (dice, part) => part('operations', asked()) + part('map', `{"0":["__proto__.${dice.word()}"]}`) + part('0', 'x', '../../etc/passwd'),
  (dice, part) => part('operations', `{"query":"${QUERY}","variables":{"__proto__":{"${dice.word()}":1}}}`) + part('map', '{}'),
  (dice, part) => part('operations', `${asked()}`) + part('map', `{"0":["constructor.prototype.${dice.word()}"]}`) + part('0', 'x', 'a'),
];

function parts(port: number): Record<string, Make> {
  const send = (body: string, ...headers: (readonly [string, string])[]) =>
    wire(port, { headers: [['content-type', 'multipart/form-data; boundary=b'], ...headers, lengthOf(body)] }, body);
  const part = (name: string, text: string, file?: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"${file ? `; filename="${file}"` : ''}\r\n\r\n${text}\r\n`;
  const preflight = ['apollo-require-preflight', '1'] as const;
  return {
    'forms that are no GraphQL request': (dice, at) => send(`${PARTS[at % PARTS.length]?.(dice, part)}--b--\r\n`, preflight),
    'forms that a page can send': (dice) =>
      send(`${part('operations', JSON.stringify({ query: QUERY, variables: { [dice.word()]: 1 } }))}${part('map', '{}')}--b--\r\n`),
    'forms that do not end': (dice) => {
      const whole = `${part('operations', asked())}${part('map', `{"0":["variables.${dice.word()}"]}`)}`;
      return send(whole.slice(0, dice.number(10, whole.length - 1)), preflight, ['x-page', dice.word()]);
    },
  };
}

function heads({ port, token }: Attacked, bad: Awaited<ReturnType<typeof badTokens>>): Record<string, Make> {
  const body = asked();
  const post = (...headers: (readonly [string, string])[]) => wire(port, { headers: [JSON_TYPE, ...headers, lengthOf(body)] }, body);
  const bearer = ['authorization', `Bearer ${token}`] as const;
  const get = (search: string, ...headers: (readonly [string, string])[]) =>
    wire(port, { method: 'GET', path: `/graphql?${search}`, headers });
  const encoded = encodeURIComponent(QUERY);
  return {
    'tokens that are not valid': async (dice, at) => post(['authorization', `Bearer ${await bad[at % bad.length]?.(dice)}`]),
    'headers that hold no token': (dice, at) =>
      post(
        [
          'authorization',
          [
            `Basic ${dice.word()}`,
            `Bearer`,
            `Bearer  ${token}`,
            token,
            `Token ${token}`,
            `Bearer ${token}, Bearer ${dice.word()}`,
            `Digest username="${dice.word()}"`,
          ][at % 7] as string,
        ],
        ['x-page', dice.word()],
      ),
    'commands by GET': (dice, at) =>
      get(
        `query=${encodeURIComponent([`mutation ${dice.word()} { takeBackup(name: "x") { backup { events } } }`, `subscription ${dice.word()} { alertRaised { cursor } }`][at % 2] as string)}`,
        bearer,
      ),
    'links without a token': (dice, at) =>
      get(
        `query=${encodeURIComponent(`query ${dice.word()} ${QUERY}`)}`,
        ...(([[], [['cookie', `token=${token}`]], [['x-api-key', token]]] as const)[at % 3] as []),
      ),
    'links with odd parts': (dice, at) =>
      get(
        [
          `query=${encoded}&query=${encodeURIComponent(dice.word())}`,
          `query=${encoded}&variables=${dice.word()}`,
          `query=${encoded}&variables=[1]&a=${dice.word()}`,
          `${dice.word()}=${encoded}`,
          `query=${encoded}&extensions=${dice.word()}`,
          `query=&a=${dice.word()}`,
          `query=%E0%A4%A${dice.word()}`,
        ][at % 7] as string,
        bearer,
      ),
    'names of other machines': (dice, at) =>
      post([
        'host',
        [
          `${dice.word()}.example:${port}`,
          `127.0.0.1.${dice.word()}.example`,
          `localhost.${dice.word()}`,
          `${dice.word()}@127.0.0.1`,
          `127.0.0.1:${port}.${dice.word()}`,
          `10.0.0.${at}`,
          `[::2]:${at}`,
        ][at % 7] as string,
      ]),
    'pages of other origins': (dice, at) =>
      post(
        [
          'origin',
          [
            `https://${dice.word()}.example`,
            `http://127.0.0.1:${port + 1 + at}`,
            `http://127.0.0.1.${dice.word()}.example:${port}`,
            `null`,
            `http://${dice.word()}@evil.example`,
            `file://${dice.word()}`,
            `http://localhost:${port}`,
          ][at % 7] as string,
        ],
        ['x-page', dice.word()],
      ),
    'heads that are too long': (dice, at) => post([`x-${dice.word()}`, 'x'.repeat(16_500 + at * 100)], bearer),
    'heads of many lines': (dice) => post(...Array.from({ length: 900 }, (_, line) => [`x-${line}-${dice.word()}`, dice.word()] as const)),
    'preflights of other origins': (dice) =>
      wire(port, {
        method: 'OPTIONS',
        headers: [
          ['origin', `https://${dice.word()}.example`],
          ['access-control-request-method', 'POST'],
          ['access-control-request-headers', 'content-type'],
        ],
      }),
  };
}

const WAYS_UP = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '%252e%252e%252f', '....//', '..;/', '%c0%ae%c0%ae/', '..%00/'] as const;
const FILES = ['etc/passwd', 'data/development-key.json', 'package.json', 'dist/cli/main.js', '.env', 'proc/self/environ'] as const;

function paths(port: number): Record<string, Make> {
  return {
    'ways up from the files of the explorer': (dice, at) =>
      wire(port, {
        method: 'GET',
        path: `/${dice.one(['', 'assets/', 'index.html/'])}${(WAYS_UP[at % WAYS_UP.length] as string).repeat(dice.number(1, 12))}${dice.one(FILES)}`,
        headers: [['x-page', dice.word()]],
      }),
    'places that are not there': (dice) =>
      wire(port, {
        method: dice.one(['GET', 'POST']),
        path: `/${dice.one(['admin', 'graphql/', 'GRAPHQL', 'graphql;', 'api/graphql', '.git/config', 'metrics/'])}${dice.word()}`,
        headers: [['content-length', '0']],
      }),
  };
}

/** Two readers of the same bytes must not find two different requests in them. */
function smuggled(port: number): Record<string, Make> {
  const body = asked();
  const chunked = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const head = (lines: readonly string[], rest: string) =>
    Buffer.from(
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${rest}`,
      'latin1',
    );
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return {
    'bodies of two lengths': (dice, at) =>
      head(
        [
          ['transfer-encoding: chunked', length],
          [length, `content-length: ${dice.number(1, 500)}`],
          [`content-length: ${dice.number(1, 9)}, ${dice.number(10, 99)}`],
          [`content-length: -${dice.number(1, 99)}`],
          [`content-length: 0x${dice.number(1, 99)}`],
          [`content-length: ${dice.word()}`],
          [`transfer-encoding: ${dice.word()}`, length],
          ['transfer-encoding: chunked', `transfer-encoding: ${dice.word()}`],
        ][at % 8]?.concat(`x-page: ${dice.word()}`) as string[],
        at % 2 === 0 ? chunked : body,
      ),
    'chunks that are none': (dice) =>
      head(
        ['transfer-encoding: chunked'],
        `${dice.one(['g', '-1', '0x5', ' 5', 'fffffffffffffffff'])}${dice.word()}\r\n${body}\r\n0\r\n\r\n`,
      ),
    'lines that are none': (dice, at) =>
      head(
        [
          [`x y: ${dice.word()}`],
          [`${dice.word()}`],
          [`: ${dice.word()}`],
          [`x-${dice.word()} : 1`],
          [`x: ${dice.word()}\u0000`],
          [`x: 1\n${dice.word()}: 2\r`, length],
          [`x\u0001${dice.word()}: 1`],
        ][at % 7]?.concat(at % 7 === 5 ? [] : [length]) as string[],
        body,
      ),
    'first lines that are none': (dice, at) =>
      Buffer.from(
        `${[`POST /graphql HTTP/9.${at}`, `POST  /graphql HTTP/1.1`, `${dice.word()} /graphql HTTP/1.1`, `POST /graphql${dice.word()}`, `POST /gra phql HTTP/1.1`, `CONNECT ${dice.word()}.example:443 HTTP/1.1`][at % 6]}\r\nhost: 127.0.0.1:${port}\r\nx-page: ${dice.word()}\r\n\r\n`,
      ),
  };
}

/** The families, for one server. */
export async function requestsTo(under: Attacked): Promise<Readonly<Record<string, Make>>> {
  const { port, token } = under;
  return { ...bodies(port), ...parts(port), ...heads(under, await badTokens(token)), ...paths(port), ...smuggled(port) };
}
