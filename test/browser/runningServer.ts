import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { dataFolder } from '../support/dataFolder.ts';

const READY = /is ready at (http:\/\/\S+\/)/;

export interface RunningServer {
  /** `http://127.0.0.1:40123/` */
  readonly url: string;
  /** Ends the program. */
  stop(): Promise<void>;
}

async function readyUrl(server: ChildProcess): Promise<string> {
  if (!server.stderr) throw new Error('the server has no stderr');
  const told: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    told.push(line);
    const url = READY.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error(`The server ended before it was ready:\n${told.join('\n')}`);
}

/** `avicenna serve` from dist/ on a free port, with a graph of demo patients in a folder of its own. */
export async function startServer(): Promise<RunningServer> {
  const data = await dataFolder('DEMO');
  const server = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--data', data, '--port', '0'], {
    // On the embedded graph, whatever the other tests run on: what is tested here is the page.
    env: { ...process.env, NEO4J_URI: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
  };
  try {
    const url = await readyUrl(server);
    server.stderr.resume();
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
