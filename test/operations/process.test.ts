/** The server as a process: what it logs and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
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

/** Sends all of a request but its end; what it gives back sends that, and answers with the response's text. */
function begin(url: string, body: string): () => Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sent = request(new URL('/graphql', url), { method: 'POST', headers, agent: new Agent() });
  const answer = new Promise<string>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(text));
    });
  });
  answer.catch(() => undefined);
  sent.write(body.slice(0, -1));
  return () => {
    sent.end(body.slice(-1));
    return answer;
  };
}

/** Waits until the server has so many requests, the one that asks included. */
async function openRequests(url: string, count: number): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    if (Number(/^avicenna_http_requests_open (\d+)/m.exec(metrics)?.[1]) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

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
  }, 180_000);

  it('answers the requests it has when it is told to stop, then ends with 0', async () => {
    data = mkdtempSync(join(tmpdir(), 'avicenna-'));
    served = await serve(data);
    const ended = new Promise<number | null>((resolve) => served?.child.once('exit', resolve));
    const { url, child } = served;
    const body = JSON.stringify({ query: '{ patients(first: 3) { edges { node { prediction(model: "warfarin-dose") { plotSvg } } } } }' });
    const running = Array.from({ length: 5 }, () => begin(url, body));
    await openRequests(url, 6);
    child.kill('SIGTERM');
    const answers = await Promise.all(running.map((finish) => finish()));
    expect(answers.every((answer) => answer.includes('"plotSvg":"<svg'))).toBe(true);
    expect(await ended).toBe(0);
  }, 180_000);
});
