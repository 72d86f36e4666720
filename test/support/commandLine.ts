/** The command line as a person runs it: a process of its own, from dist/. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this the process is ended and `signal` says so. */
  readonly withinMs?: number;
}

/** The environment without what would point a command at another engine. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const {
    NEO4J_URI: _uri,
    NEO4J_USER: _user,
    NEO4J_PASSWORD: _password,
    NATS_URL: _nats,
    LOG_LEVEL: _level,
    NODE_OPTIONS: _options,
    AVICENNA_MODELS: _models,
    ...rest
  } = process.env;
  return { ...rest, ...more };
}

export async function avicenna(args: readonly string[], { input = '', env = {}, withinMs = 60_000 }: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment(env), timeout: withinMs, killSignal: 'SIGKILL' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

/** What the command said on stderr besides how far it is, which it says where the machine is slow. */
export function withoutProgress({ stderr }: Ran): string {
  return stderr.replace(/^(Calling genotypes|Reading |Explained ).*\n/gm, '');
}

/** The output of the command with the file piped into it by a shell, as `/dev/stdin`. */
export async function piped(file: string, args: readonly string[]): Promise<string> {
  const quoted = [process.execPath, MAIN, ...args].map((part) => `'${part}'`).join(' ');
  const { stdout } = await promisify(execFile)('sh', ['-c', `cat '${file}' | ${quoted}`], { env: environment() });
  return stdout;
}

/** The lines of standard output as JSON; throws where one is not. */
export function jsonLines<T = Record<string, unknown>>({ stdout }: Ran): T[] {
  if (stdout !== '' && !stdout.endsWith('\n')) throw new Error('the last line has no end');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text) as T);
}

export interface Serving {
  readonly url: string;
  readonly pid: number;
  /** Ends it and waits until it has ended; the exit code is null where a signal did it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `serve` on a free port and waits until it says that it is ready. */
export async function serve(
  data: string,
  env: Readonly<Record<string, string>> = {},
  port = 0,
  more: readonly string[] = [],
): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--data', data, '--port', String(port), ...more], {
    env: environment({ LOG_LEVEL: 'fatal', ...env }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, address] = /ready at (http:\S+?)\/ /.exec(said) ?? [];
      if (address) resolve(address);
    });
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return {
    url,
    pid: child.pid as number,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts `serve` and kills it once it has said `words`. */
export async function killWhile(data: string, words: string): Promise<void> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--data', data, '--port', '0'], {
    env: environment({ LOG_LEVEL: 'fatal' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes(words)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  if (!said.includes(words)) throw new Error(`the server ended before it said '${words}'`);
}

/** One request to the API; throws where it does not answer with data. */
export async function ask<T>(url: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: readonly { message: string }[] };
  if (errors || !data) throw new Error(errors?.[0]?.message ?? 'no data');
  return data;
}
