/** Readers who have stopped to read: they are dropped with a code, and go on from their last cursor when they come back. */
import type { IncomingMessage } from 'node:http';
import type { WebSocket, WebSocketServer } from 'ws';

/** Close code of a subscriber that did not take its messages (PROTOCOL.md). */
export const STALLED = 4410;
const STALLED_AFTER_MS = 10_000;
/** How long a dropped reader may take to see the code. */
const GRACE_MS = 30_000;
const LOOK_EVERY_MS = 1000;

/** What has left the process, in bytes, and since when it has been no more. */
interface Progress {
  readonly flushed: number;
  readonly since: number;
}

/** Looks at all sockets once a second. @returns how to stop */
export function dropStalled(sockets: WebSocketServer, { afterMs = STALLED_AFTER_MS, graceMs = GRACE_MS } = {}): () => void {
  const connections = new WeakMap<WebSocket, IncomingMessage['socket']>();
  const progress = new WeakMap<WebSocket, Progress>();
  sockets.on('connection', (socket, { socket: connection }) => connections.set(socket, connection));
  const standstill = (socket: WebSocket, now: number): number => {
    const { bytesWritten = 0, writableLength = 0 } = connections.get(socket) ?? {};
    const flushed = bytesWritten - writableLength;
    const before = progress.get(socket);
    const goesOn = socket.bufferedAmount === 0 || before?.flushed !== flushed;
    const since = goesOn ? now : before.since;
    progress.set(socket, { flushed, since });
    return now - since;
  };
  const look = () => {
    const now = Date.now();
    for (const socket of sockets.clients) {
      const ms = standstill(socket, now);
      if (ms >= afterMs + graceMs) socket.terminate();
      else if (ms >= afterMs && socket.readyState === socket.OPEN) socket.close(STALLED, 'Subscriber stalled');
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
