/** The server as a process: what it logs and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly out: () => string;
}

async function serve(data: string): Promise<Served> {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--port', '0', '--data', data], {
    env: { ...process.env, NEO4J_URI: '', LOG_LEVEL: 'trace' },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      const ready = /ready at (\S+)/.exec(err);
      if (ready?.[1]) resolve(ready[1]);
    });
    child.once('exit', () => reject(new Error(err)));
  });
  return { child, url, out: () => out };
}

const ask = (url: string, query: string) =>
  fetch(new URL('/graphql', url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });

describe('the server process', () => {
  let data = '';
  let served: Served | undefined;

  afterEach(() => {
    served?.child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });

  it('logs JSON lines without an identifier, a drug or a genotype of anyone, even when requests fail', async () => {
    data = mkdtempSync(join(tmpdir(), 'avicenna-'));
    served = await serve(data);
    await ask(served.url, '{ patient(identifier: "DEMO-0001") { prediction(model: "warfarin-dose") { value } } }');
    await ask(served.url, '{ patient(identifier: "CANARY-NOBODY") { id } }');
    await ask(
      served.url,
      'mutation { registerPatient(input: { idempotencyKey: "canary-key-1", identifier: "CANARY-X", birthDate: "1999-09-09", sexAtBirth: MALE }) { eventId } }',
    );
    const ended = new Promise((resolve) => served?.child.once('exit', resolve));
    served.child.kill('SIGTERM');
    await ended;
    const lines = served.out().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(expect.arrayContaining(['ready', 'stopping']));
    expect(served.out()).not.toMatch(/DEMO-|CANARY|canary|1999-09-09|\*3/);
  }, 60_000);

  it('answers the requests it has when it is told to stop, then ends with 0', async () => {
    data = mkdtempSync(join(tmpdir(), 'avicenna-'));
    served = await serve(data);
    const ended = new Promise<number | null>((resolve) => served?.child.once('exit', resolve));
    const running = Array.from({ length: 5 }, () =>
      ask(served?.url ?? '', '{ patients(first: 3) { edges { node { prediction(model: "warfarin-dose") { plotSvg } } } } }'),
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
    served.child.kill('SIGTERM');
    const answers = await Promise.all(running.map(async (response) => (await response).text()));
    expect(answers.every((answer) => answer.includes('"plotSvg":"<svg'))).toBe(true);
    expect(await ended).toBe(0);
  }, 60_000);
});
