/** Bytes over a bare connection: what no client would send. */
import { connect } from 'node:net';
import type { Answered } from './attacked.ts';

const LONGEST_MS = 5000;

export interface Head {
  readonly method?: string;
  readonly path?: string;
  /** In this order, as they are, also twice. */
  readonly headers?: readonly (readonly [string, string])[];
}

/** A request as it stands on the wire; the connection ends with its answer. */
export function wire(port: number, { method = 'POST', path = '/graphql', headers = [] }: Head, body: string | Buffer = ''): Buffer {
  const own = headers.some(([name]) => name.toLowerCase() === 'host') ? [] : [['host', `127.0.0.1:${port}`] as const];
  const lines = [...own, ['connection', 'close'] as const, ...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), Buffer.from(body as string)]);
}

/** What comes back until the server ends it; a status of 0 where it ends without a word. */
export function sendBytes(port: number, bytes: Buffer): Promise<Answered> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    socket.setTimeout(LONGEST_MS, end);
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
    });
    socket.once('end', end);
    socket.once('error', end);
    socket.once('close', end);
  });
}

/** Opens a WebSocket by hand, sends the bytes after the handshake, and tells the code it is closed with: 1006 for none. */
export function closeCodeAfter(port: number, frames: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const handshake = wire(port, {
      method: 'GET',
      headers: [
        ['connection', 'Upgrade'],
        ['upgrade', 'websocket'],
        ['sec-websocket-version', '13'],
        ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
        ['sec-websocket-protocol', 'graphql-transport-ws'],
      ],
    });
    const withoutClose = Buffer.from(String(handshake).replace('connection: close\r\n', ''), 'latin1');
    let heard = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1', () => socket.write(withoutClose));
    const end = () => {
      socket.destroy();
      const at = heard.indexOf('\r\n\r\n');
      const [opcode, length = 0] = heard.subarray(at + 4);
      resolve(opcode === 0x88 && length >= 2 ? heard.readUInt16BE(at + 6) : 1006);
    };
    socket.setTimeout(LONGEST_MS, end);
    let sent = false;
    socket.on('data', (part: Buffer) => {
      heard = Buffer.concat([heard, part]);
      if (!sent && heard.includes('\r\n\r\n')) {
        sent = true;
        socket.write(frames);
      }
      const at = heard.indexOf('\r\n\r\n');
      if (at >= 0 && heard.length > at + 6 && heard[at + 4] === 0x88) end();
    });
    socket.once('end', end);
    socket.once('error', end);
    socket.once('close', end);
  });
}
