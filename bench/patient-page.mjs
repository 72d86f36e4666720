// A patient page through the whole API against a raw driver call of the same statement, interleaved in one run, on
// the embedded engine and, where NEO4J_URI names one (an empty database: it is seeded), on Neo4j.
// Latency: one request at a time on one kept connection. CPU: the server process's own, per request. Rate: 16 at once.
// Run: npm run bench:patient-page     Goals on Neo4j: <= 2 x the raw call's latency, <= 1 ms of CPU a page.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import neo4j from 'neo4j-driver';
import { patientByIdentifier } from '../dist/store/cypher/patientPage.js';
import { EmbeddedStore } from '../dist/store/embedded/embeddedStore.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const WARM = 300;
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const PER_ROUND = 100;
const AT_ONCE = 16;
const TICKS_PER_SECOND = 100;
const IDENTIFIER = 'DEMO-0001';
const page = readFileSync(join(root, 'schema/operations/PatientPage.graphql'), 'utf8');
const record = page.replace(/\n {4}recommendations \{[\s\S]*\n {4}\}\n/, '\n');

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

const { NEO4J_URI: uri, ...plainEnv } = process.env;

async function startServer(data, env) {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--port', '0', '--data', data], {
    cwd: root,
    env: { ...plainEnv, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const ready = /ready at (\S+)/.exec(text);
      if (ready) resolve(new URL('/graphql', ready[1]));
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
  return { child, url };
}

function client(url, query, sockets) {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const body = JSON.stringify({ query, variables: { identifier: IDENTIFIER } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          text.includes(`"identifier":"${IDENTIFIER}"`) && !text.includes('"errors"')
            ? resolve(text.length)
            : reject(new Error(text.slice(0, 300))),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

async function timed(call, count) {
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function rate(call) {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, () => timed(call, PER_ROUND)));
  return (AT_ONCE * PER_ROUND * 1000) / (performance.now() - startedAt);
}

async function measure(engine, server, raw) {
  const calls = { raw, record: client(server.url, record, 1), page: client(server.url, page, 1) };
  const times = { raw: [], record: [], page: [] };
  for (const call of Object.values(calls)) await timed(call, WARM);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, call] of Object.entries(calls)) times[name].push(...(await timed(call, PER_ROUND)));
  const base = quantile(times.raw, 0.5);
  const before = process.cpuUsage();
  const rawPerSecond = await rate(raw);
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${engine}: raw call of the same statement p50 ${base.toFixed(2)} ms, p95 ${quantile(times.raw, 0.95).toFixed(2)} ms, ${rawPerSecond.toFixed(0)} calls/s, CPU ${((user + system) / 1000 / (AT_ONCE * PER_ROUND)).toFixed(2)} ms a call (${AT_ONCE} at once)`,
  );
  for (const [name, query] of [
    ['record', record],
    ['page', page],
  ]) {
    const cpuBefore = cpuSeconds(server.child.pid);
    const many = client(server.url, query, AT_ONCE);
    const perSecond = await rate(many);
    const cpuMs = ((cpuSeconds(server.child.pid) - cpuBefore) * 1000) / (AT_ONCE * PER_ROUND);
    const p50 = quantile(times[name], 0.5);
    const what = name === 'page' ? 'page with recommendations' : 'page without connections';
    console.log(
      `${engine}: ${what} p50 ${p50.toFixed(2)} ms (${(p50 / base).toFixed(2)} x raw), p95 ${quantile(times[name], 0.95).toFixed(2)} ms, ${perSecond.toFixed(0)} pages/s, CPU ${cpuMs.toFixed(2)} ms a page, ${await calls[name]()} bytes`,
    );
  }
}

async function onEmbedded() {
  const data = mkdtempSync(join(tmpdir(), 'avicenna-page-'));
  const copy = mkdtempSync(join(tmpdir(), 'avicenna-page-'));
  const seeding = await startServer(copy, {});
  seeding.child.kill('SIGTERM');
  await new Promise((resolve) => seeding.child.on('exit', resolve));
  const store = EmbeddedStore.open(copy);
  const server = await startServer(data, {});
  await measure('embedded', server, async () => {
    if ((await store.read(patientByIdentifier(IDENTIFIER))).length !== 1) throw new Error('the raw call touched nothing');
  });
  server.child.kill('SIGTERM');
  await store.close();
  for (const folder of [data, copy]) rmSync(folder, { recursive: true });
}

async function onNeo4j(uri) {
  const data = mkdtempSync(join(tmpdir(), 'avicenna-page-'));
  const driver = neo4j.driver(uri, undefined, { disableLosslessIntegers: true });
  await driver.executeQuery('MATCH (n) DETACH DELETE n');
  const server = await startServer(data, { NEO4J_URI: uri });
  const { text, params } = patientByIdentifier(IDENTIFIER);
  const inSession = async () => {
    const session = driver.session({ defaultAccessMode: 'READ' });
    const { records } = await session.executeRead((transaction) => transaction.run(text, params));
    if (records.length !== 1) throw new Error('the raw call touched nothing');
    await session.close();
  };
  await measure('neo4j', server, inSession);
  server.child.kill('SIGTERM');
  await driver.close();
  rmSync(data, { recursive: true });
}

await onEmbedded();
if (uri) await onNeo4j(uri);
else console.log('neo4j: skipped, NEO4J_URI is not set');
process.exit(0);
