/** NATS servers of the program that NATS_SERVER names, each with a folder of its own; they end with the test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from '@jest/globals';
import { temporaryFolder } from './temporary.ts';

export const NATS_SERVER = process.env['NATS_SERVER'] || undefined;

export interface NatsServer {
  readonly url: string;
  readonly monitor: string;
  kill(): Promise<void>;
  /** On the same address and folder. */
  start(): Promise<void>;
}

const running = new Set<ChildProcess>();
const READY_MS = 60_000;

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(monitor: string): Promise<void> {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await pause(50)) {
    const answer = await fetch(`${monitor}/healthz`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error('nats-server does not answer');
}

/** @param jetstream further lines of the section `jetstream` of its settings */
export async function startNats(jetstream = ''): Promise<NatsServer> {
  const folder = temporaryFolder();
  const [port, http] = [await freePort(), await freePort()];
  const settings = join(folder, 'nats.conf');
  writeFileSync(
    settings,
    `host: 127.0.0.1\nport: ${port}\nhttp: "127.0.0.1:${http}"\njetstream {\n  store_dir: "${folder}"\n  ${jetstream}\n}\n`,
  );
  const monitor = `http://127.0.0.1:${http}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(NATS_SERVER ?? 'nats-server', ['-c', settings], { stdio: 'ignore' });
    running.add(child);
    await untilReady(monitor);
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    monitor,
    start,
    kill: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      running.delete(child);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

afterAll(async () => {
  for (const child of running) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  running.clear();
});
