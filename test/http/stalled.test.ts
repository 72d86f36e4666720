/** Readers who stop to read, over real sockets. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { dropStalled, STALLED } from '../../src/http/stalled.ts';

/** More than the buffers of the system take. */
const MUCH = Buffer.alloc(32_000_000);

describe('a reader of a socket', () => {
  const open: { close(): void }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });

  async function pair(limits: { readonly afterMs: number; readonly graceMs: number }) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    const stop = dropStalled(server, limits);
    await once(server, 'listening');
    const connected = once(server, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [[socket]] = await Promise.all([connected, once(client, 'open')]);
    open.push({ close: stop }, { close: () => client.terminate() }, server);
    return { client, socket };
  }

  it('who stalls is dropped with a code, which is seen when the reader goes on', async () => {
    const { client, socket } = await pair({ afterMs: 500, graceMs: 60_000 });
    client.pause();
    socket.send(MUCH);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(socket.readyState).toBe(socket.CLOSING);
    const closed = once(client, 'close');
    client.resume();
    expect((await closed)[0]).toBe(STALLED);
  });

  it('who never comes back is let go of', async () => {
    const { client, socket } = await pair({ afterMs: 200, graceMs: 500 });
    client.pause();
    socket.send(MUCH);
    await once(socket, 'close');
    expect(socket.readyState).toBe(socket.CLOSED);
  });

  it('who reads slowly, but reads, stays', async () => {
    const { client, socket } = await pair({ afterMs: 2500, graceMs: 0 });
    let received = 0;
    client.on('message', () => {
      received += 1;
    });
    // The next message is sent before the one before it has been read whole: something waits at each look.
    socket.send(MUCH);
    for (let round = 0; round < 6; round += 1) {
      client.pause();
      socket.send(MUCH);
      await new Promise((resolve) => setTimeout(resolve, 900));
      client.resume();
      const enough = received + 1;
      while (received < enough) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect([socket.readyState, received >= 6]).toEqual([socket.OPEN, true]);
  });
});
