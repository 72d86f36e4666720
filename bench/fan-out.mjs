// Risk events to many subscribers against a bare `ws` broadcast of the same bytes, in one run: how long after its first receipt
// an event has reached each subscriber, what a subscriber costs in memory, and how long an observation takes to get there,
// and how long the server takes to end with all of them.
// The subscribers are in a process of their own; all share the machine's cores.
// Run: npm run bench:fan-out      SUBSCRIBERS=5000 RATE=4 SECONDS=30 (RATE events a second to each)
// Goals: p99 <= 1.5 x the broadcast's at 20,000 deliveries a second; <= 60 KB a subscriber; flat memory.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';

const ME = fileURLToPath(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SUBSCRIBERS = Number(process.env.SUBSCRIBERS ?? 5000);
const RATE = Number(process.env.RATE ?? 4);
const SECONDS = Number(process.env.SECONDS ?? 30);
const AT_ONCE = 200;
const SUBSCRIPTION = `subscription { patientRiskChanged { cursor event { id value previous delta cause recordedAt
  because { label contribution } model { name } patient { identifier } } } }`;

const quantile = (values, q) => values.sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? Number.NaN;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const residentMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** The subscribers: connects as many as are asked for, and notes when each message with a mark came. */
function subscribers() {
  const sockets = [];
  const closes = [];
  let receipts = new Map();
  const note = (mark, at) => {
    const known = receipts.get(mark);
    if (known) known.push(at);
    else receipts.set(mark, [at]);
  };
  const connect = (url, protocol) =>
    new Promise((resolve, reject) => {
      const socket = protocol ? new WebSocket(url, 'graphql-transport-ws') : new WebSocket(url);
      sockets.push(socket);
      socket.on('error', reject);
      socket.on('close', (code) => closes.push(code));
      socket.on('open', () => (protocol ? socket.send('{"type":"connection_init"}') : resolve()));
      socket.on('message', (data) => {
        const at = performance.now();
        const text = data.toString('latin1');
        if (text.startsWith('{"type":"connection_ack"'))
          return socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } }));
        if (text.includes('"event":null')) return resolve();
        const mark = /"event":\{"id":"([^"]+)"/.exec(text)?.[1];
        if (mark) note(mark, at);
      });
    });
  process.on('message', async ({ url, protocol, count, collect, closed, close }) => {
    if (url) {
      for (let made = 0; made < count; made += AT_ONCE)
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - made) }, () => connect(url, protocol)));
      process.send('ready');
    }
    if (collect) {
      const found = [...receipts.values()];
      receipts = new Map();
      const expected = found.length * sockets.length;
      const spans = found.flatMap((times) => {
        const first = Math.min(...times);
        return times.map((time) => time - first);
      });
      process.send({ events: found.length, expected, received: spans.length, p50: quantile(spans, 0.5), p99: quantile(spans, 0.99) });
    }
    if (closed) process.send({ codes: [...new Set(closes)], count: closes.length });
    if (close) {
      for (const socket of sockets) socket.terminate();
      process.exit(0);
    }
  });
}

function clients() {
  const child = fork(ME, ['subscribers'], { execArgv: ['--max-old-space-size=2048'] });
  const ask = (message) =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.send(message);
    });
  return { ask, end: () => child.send({ close: true }) };
}

/** A server that does nothing but send the same text to all. */
function broadcaster() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => process.send({ port: server.address().port }));
  process.on('message', ({ text }) => {
    for (const socket of server.clients) socket.send(text);
  });
}

async function startServer(data) {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--port', '0', '--data', data], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const ready = /ready at (\S+)/.exec(said);
      if (ready) resolve(new URL('/graphql', ready[1]));
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, url };
}

async function ask(url, query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const UNITS = { '9279-1': '/min', '2708-6': '%', '3151-8': 'L/min', '8480-6': 'mm[Hg]', '8867-4': '/min', '8310-5': 'Cel' };
const CALM = { '9279-1': 16, '2708-6': 97, '3151-8': 0, '8480-6': 120, '8867-4': 75, '8310-5': 37 };
const RECORD = 'mutation($input: RecordObservationsInput!) { recordObservations(input: $input) { eventId userErrors { code } } }';

let keys = 0;
function record(url, patientId, values, words = []) {
  keys += 1;
  const observedAt = new Date().toISOString();
  const observations = [
    ...Object.entries(values).map(([code, value]) => ({ code, value, unit: UNITS[code], observedAt })),
    ...words.map((one) => ({ ...one, observedAt })),
  ];
  return ask(url, RECORD, { input: { idempotencyKey: `bench-fan-out-${process.pid}-${keys}`, patientId, observations } });
}

async function paced(seconds, each) {
  const start = performance.now();
  const pending = [];
  for (let index = 0; index < seconds * RATE; index += 1) {
    await wait(Math.max(0, start + (index * 1000) / RATE - performance.now()));
    pending.push(each(index));
  }
  await Promise.all(pending);
  await wait(1500);
}

async function bare(sample) {
  const server = fork(ME, ['broadcaster']);
  const { port } = await new Promise((resolve) => server.once('message', resolve));
  const readers = clients();
  const before = residentMb(server.pid);
  await readers.ask({ url: `ws://127.0.0.1:${port}`, protocol: false, count: SUBSCRIBERS });
  const memory = ((residentMb(server.pid) - before) * 1024) / SUBSCRIBERS;
  const text = (index) =>
    sample.replace(/"id":"[^"]+","type"/, '"id":"1","type"').replace(/"event":\{"id":"[^"]+"/, `"event":{"id":"bare-${index}"`);
  await paced(5, async (index) => server.send({ text: text(`warm-${index}`) }));
  await readers.ask({ collect: true });
  await paced(SECONDS, async (index) => server.send({ text: text(index) }));
  const figures = await readers.ask({ collect: true });
  readers.end();
  server.kill();
  return { ...figures, memory };
}

/** One risk event as it goes over the wire, and how long after the observation was sent it came. */
async function listen(url) {
  const socket = new WebSocket(url.href.replace('http', 'ws'), 'graphql-transport-ws');
  const came = [];
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const text = data.toString();
      if (text.startsWith('{"type":"connection_ack"'))
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } }));
      else if (text.includes('"event":null')) resolve();
      else if (text.includes('"type":"next"')) came.push({ at: performance.now(), text });
    });
  });
  return { came, close: () => socket.terminate() };
}

async function ours() {
  const data = mkdtempSync(join(tmpdir(), 'avicenna-bench-'));
  const { child, url } = await startServer(data);
  const { patient } = await ask(url, '{ patient(identifier: "DEMO-0001") { id } }');
  await record(url, patient.id, CALM, [{ code: '67775-7', text: 'alert' }]);
  const pulse = (index) => record(url, patient.id, { '8867-4': index % 2 === 0 ? 95 : 115 });
  const probe = await listen(url);
  for (let index = 0; index < 20; index += 1) await pulse(index);
  await wait(500);
  const sample = probe.came.at(-1).text;
  const before = residentMb(child.pid);
  const readers = clients();
  await readers.ask({ url: url.href.replace('http', 'ws'), protocol: true, count: SUBSCRIBERS });
  const memory = ((residentMb(child.pid) - before) * 1024) / SUBSCRIBERS;
  await paced(5, pulse);
  await readers.ask({ collect: true });
  const delays = [];
  const resident = [];
  await paced(SECONDS, async (index) => {
    const sent = performance.now();
    const had = probe.came.length;
    await pulse(index);
    while (probe.came.length === had && performance.now() - sent < 5000) await wait(1);
    delays.push((probe.came[had]?.at ?? Number.NaN) - sent);
    if (index % RATE === 0) resident.push(residentMb(child.pid));
  });
  const figures = await readers.ask({ collect: true });
  probe.close();
  const asked = performance.now();
  child.kill('SIGTERM');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const drained = { code, seconds: (performance.now() - asked) / 1000, ...(await readers.ask({ closed: true })) };
  readers.end();
  rmSync(data, { recursive: true, force: true });
  return { ...figures, memory, delays, resident, sample, drained };
}

async function main() {
  const a = await ours();
  const b = await bare(a.sample);
  const line = (name, { events, expected, received, p50, p99, memory }) =>
    `${name}: ${events} events to ${SUBSCRIBERS} subscribers, ${received} of ${expected} deliveries; after the first receipt p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; ${memory.toFixed(0)} KB a subscriber`;
  console.log(line('risk events', a));
  console.log(line('bare ws broadcast', b));
  console.log(`p99: ${(a.p99 / b.p99).toFixed(2)} x (goal 1.5); ${a.memory.toFixed(0)} KB a subscriber (goal 60)`);
  console.log(
    `observation sent to event received: p50 ${quantile(a.delays, 0.5).toFixed(0)} ms, p99 ${quantile(a.delays, 0.99).toFixed(0)} ms (goal 150 with 1,000 subscribers)`,
  );
  console.log(
    `resident memory of the server: ${a.resident[0]?.toFixed(0)} MB at the start, ${a.resident.at(-1)?.toFixed(0)} MB at the end, ${Math.max(...a.resident).toFixed(0)} at most`,
  );
  const { code, seconds, codes, count } = a.drained;
  console.log(
    `drain at SIGTERM: exit ${code} after ${seconds.toFixed(1)} s (goal 10); ${count} of ${SUBSCRIBERS} subscribers closed, with ${codes.join(', ')}`,
  );
  if (a.received !== a.expected) process.exitCode = 1;
}

if (process.argv[2] === 'subscribers') subscribers();
else if (process.argv[2] === 'broadcaster') broadcaster();
else await main();
