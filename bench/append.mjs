// Durable appends a second: each is acknowledged after it is on disk. The baseline is the same rows written by bare libsql
// in one thread, a transaction for as many, with the same settings (WAL, synchronous = FULL).
// Run: npm run bench:append       EVENTS=20000 BATCH=64      NATS_SERVER=/usr/sbin/nats-server adds the log on JetStream
// Goal: >= 20,000 durable acknowledged events a second batched.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { SqliteLog } from '../dist/events/sqlite/sqliteLog.js';

const EVENTS = Number(process.env.EVENTS ?? 20_000);
const BATCH = Number(process.env.BATCH ?? 64);
const ROUNDS = 5;
/** An event with one measurement is about as large. */
const BODY = Buffer.alloc(400, 'x');

let made = 0;
const request = () => {
  made += 1;
  return { subject: `patient.${made % 50}`, msgId: `bench-append-${made}`, body: BODY };
};

async function perSecond(count, work) {
  const start = performance.now();
  await work();
  return (count / (performance.now() - start)) * 1000;
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Ways to send them: one after another, in batches, and all at once as many senders do. */
const figuresOf = async (log) => ({
  serial: await perSecond(500, async () => {
    for (let count = 0; count < 500; count += 1) await log.append([request()]);
  }),
  batched: await perSecond(EVENTS, async () => {
    for (let count = 0; count < EVENTS; count += BATCH) await log.append(Array.from({ length: BATCH }, request));
  }),
  senders: await perSecond(EVENTS, () => Promise.all(Array.from({ length: EVENTS }, () => log.append([request()])))),
});

function bareFigures(file) {
  const db = new Database(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec('CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT, msgId TEXT UNIQUE, body BLOB)');
  const insert = db.prepare('INSERT INTO event (subject, msgId, body) VALUES (?, ?, ?)');
  const write = (count) => {
    db.exec('BEGIN IMMEDIATE');
    for (let at = 0; at < count; at += 1) {
      const { subject, msgId, body } = request();
      insert.run(subject, msgId, body);
    }
    db.exec('COMMIT');
  };
  const rate = (count, each) => {
    const start = performance.now();
    for (let at = 0; at < count; at += each) write(each);
    return (count / (performance.now() - start)) * 1000;
  };
  const figures = { serial: rate(500, 1), batched: rate(EVENTS, BATCH), senders: rate(EVENTS, EVENTS) };
  db.close();
  return figures;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function openJetStream(folder) {
  const { JetStreamLog } = await import('../dist/events/jetstream/jetstreamLog.js');
  const port = await freePort();
  const server = spawn(process.env.NATS_SERVER, ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const options = { servers: `nats://127.0.0.1:${port}`, stream: 'bench', file: join(folder, 'copy.db'), allowWeak: true };
  for (let tries = 0; ; tries += 1) {
    try {
      return { log: await JetStreamLog.open(options), end: () => server.kill() };
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'avicenna-bench-'));
const log = new SqliteLog(join(folder, 'events.db'));
const stream = process.env.NATS_SERVER ? await openJetStream(join(folder, 'nats')) : null;
const rounds = [];
for (let round = 0; round < ROUNDS; round += 1) {
  rounds.push({
    bare: bareFigures(join(folder, `bare-${round}.db`)),
    sqlite: await figuresOf(log),
    ...(stream && { jetstream: await figuresOf(stream.log) }),
  });
}
for (const way of ['serial', 'batched', 'senders']) {
  const rate = (name) => median(rounds.map((round) => round[name][way]));
  const said = { serial: 'one after another', batched: `in calls of ${BATCH}`, senders: `${EVENTS} senders at once` }[way];
  const other = stream ? `; on JetStream ${Math.round(rate('jetstream'))}` : '';
  console.log(
    `${said}: ${Math.round(rate('sqlite'))} events/s, bare libsql ${Math.round(rate('bare'))}: ${(rate('sqlite') / rate('bare')).toFixed(2)} of it${other}`,
  );
}
await log.close();
await stream?.log.close();
stream?.end();
rmSync(folder, { recursive: true, force: true });
