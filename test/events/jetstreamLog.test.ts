import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { LogEvent } from '../../src/events/eventLog.ts';
import { encodeEntry } from '../../src/events/jetstream/entry.ts';
import { EntryStream } from '../../src/events/jetstream/entryStream.ts';
import { fillStream } from '../../src/events/jetstream/fillStream.ts';
import { JetStreamLog } from '../../src/events/jetstream/jetstreamLog.ts';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { NATS_SERVER, type NatsServer, startNats } from '../support/nats.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { eventLogContract } from './contract.ts';
import { event, readAll, seqOf } from './given.ts';

let nats: NatsServer;
const opened: JetStreamLog[] = [];

/** A process's log: its copy lies in the folder; processes of one stream have a folder each. */
async function openOn(server: NatsServer, stream: string, folder: string): Promise<JetStreamLog> {
  const log = await JetStreamLog.open({ servers: server.url, stream, file: join(folder, 'copy.db'), allowWeak: true });
  opened.push(log);
  return log;
}

let streams = 0;
function newStream(): string {
  streams += 1;
  return `events-${streams}`;
}

/** All events, once there are so many: another process's come a moment later. */
async function readUntil(log: JetStreamLog, count: number): Promise<LogEvent[]> {
  for (let tries = 0; tries < 3000 && (await readAll(log)).length < count; tries += 1) await pause(20);
  return readAll(log);
}

function severalProcesses(): void {
  it('shows each process what another appended, in one order, and lets one of them through that expect the same', async () => {
    const stream = newStream();
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => openOn(nats, stream, temporaryFolder())));
    const logs = [a, b, c] as [JetStreamLog, JetStreamLog, JetStreamLog];
    const calls = Array.from({ length: 90 }, (_, call) =>
      logs[call % 3]?.append([event(`patient.${call % 5}`, `m${call}`), event('patient.x', `n${call}`)]),
    );
    const racing = logs.map((log, writer) => log.append([event('patient.raced', `r${writer}`, { expectSubjectSeq: '0' })]));
    const seqs = (await Promise.all(calls)).flatMap((results) => (results ?? []).map(seqOf));
    expect(new Set(seqs).size).toBe(180);
    expect((await Promise.all(racing)).filter(([result]) => result && 'seq' in result)).toHaveLength(1);
    await Promise.all(logs.map((log, writer) => log.append([event('patient.last', `l${writer}`)])));
    const ends = await Promise.all(logs.map((log) => readUntil(log, 184)));
    expect(ends[0]).toHaveLength(184);
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
    const { epoch } = await logs[0].bounds();
    expect((await logs[1].bounds()).epoch).toBe(epoch);
    expect(await logs[2].cursorKey()).toEqual(await logs[0].cursorKey());
  }, 120_000);

  it('wakes who follows it in one process for what another appends', async () => {
    const stream = newStream();
    const [reader, writer] = [await openOn(nats, stream, temporaryFolder()), await openOn(nats, stream, temporaryFolder())];
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const item of reader.read({ after: '0', live: true, signal: stop.signal })) {
        if (item.kind === 'event') seen.push(item.msgId);
        if (seen.length === 20) stop.abort();
      }
    })();
    for (let count = 0; count < 20; count += 1) await writer.append([event('patient.a', `m${count}`)]);
    await following;
    expect(seen).toEqual(Array.from({ length: 20 }, (_, count) => `m${count}`));
  }, 180_000);
}

function copies(): void {
  it('makes its copy anew where the file is lost, or is of another stream', async () => {
    const [stream, folder] = [newStream(), temporaryFolder()];
    const first = await openOn(nats, stream, folder);
    await first.append([event('patient.a', 'm1'), event('patient.a', 'm2')]);
    await first.append([event('patient.b', 'm3')]);
    const before = [await readAll(first), await first.bounds()];
    await first.close();
    const elsewhere = await openOn(nats, stream, temporaryFolder());
    expect([await readAll(elsewhere), await elsewhere.bounds()]).toEqual(before);
    await elsewhere.close();
    const other = await openOn(nats, newStream(), folder);
    expect(await readAll(other)).toEqual([]);
    await other.append([event('patient.z', 'z1')]);
    await other.close();
    const back = await openOn(nats, stream, folder);
    expect([await readAll(back), await back.bounds()]).toEqual(before);
  }, 180_000);

  it('leaves a copy that a reader of SQLite can open', async () => {
    const [stream, folder] = [newStream(), temporaryFolder()];
    const log = await openOn(nats, stream, folder);
    await log.append([event('patient.a', 'm1')]);
    const expected = await readAll(log);
    await log.close();
    const copy = new SqliteLog(join(folder, 'copy.db'));
    expect(await readAll(copy)).toEqual(expected);
    await copy.close();
  });
}

function refusedStreams(): void {
  it('refuses a stream that a restore did not fill to the end, and one that is no log', async () => {
    const [half, foreign] = [newStream(), newStream()];
    const options = (stream: string) => ({ servers: nats.url, stream, file: join(temporaryFolder(), 'copy.db'), allowWeak: true });
    const identity = { epoch: 'e1', cursorKey: new Uint8Array(32), holds: '5' };
    const first = [
      [half, encodeEntry({ id: 'i1', after: '', firstSeq: '1', events: [], identity })],
      [foreign, Buffer.from('hello')],
    ] as const;
    for (const [stream, bytes] of first) {
      const entries = await EntryStream.open(options(stream));
      expect(await entries.append(bytes, { id: 'i1', after: '', place: 0 })).toBe(1);
      await entries.close();
    }
    await expect(JetStreamLog.open(options(half))).rejects.toThrow('did not end');
    await expect(JetStreamLog.open(options(foreign))).rejects.toThrow('no event log');
  });

  it.each([
    ['max_age', { max_age: 3_600_000_000_000 }],
    ['discard', { discard: DiscardPolicy.Old }],
    ['retention', { retention: RetentionPolicy.Interest }],
    ['storage', { storage: StorageType.Memory }],
    ['subjects', { subjects: ['elsewhere.>'] }],
  ])('refuses a stream that somebody made so that it loses events: %s', async (setting, settings) => {
    const stream = newStream();
    const connection = await connect({ servers: nats.url });
    const made = { name: stream, subjects: [`${stream}.entries`], discard: DiscardPolicy.New, deny_delete: true, ...settings };
    await (await jetstreamManager(connection)).streams.add(made);
    await connection.close();
    await expect(openOn(nats, stream, temporaryFolder())).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      at: 'NATS_STREAM',
      message: expect.stringContaining(setting),
    });
  });

  it("leaves out what another program publishes among a log's entries, counts it, and goes on, also in a new process", async () => {
    const [stream, folder] = [newStream(), temporaryFolder()];
    const [a, b] = [await openOn(nats, stream, folder), await openOn(nats, stream, temporaryFolder())];
    const connection = await connect({ servers: nats.url });
    await a.append([event('patient.a', 'm1')]);
    for (const msgId of ['m2', 'm3']) {
      connection.publish(`${stream}.entries`, 'hello');
      connection.publish(`${stream}.entries`, '');
      await connection.flush();
      await b.append([event('patient.a', msgId)]);
    }
    connection.publish(`${stream}.entries`, 'the last');
    await connection.flush();
    await connection.close();
    const known = ['m1', 'm2', 'm3'];
    for (const log of [a, b]) expect((await readUntil(log, 3)).map(({ msgId }) => msgId)).toEqual(known);
    await a.close();
    const again = await openOn(nats, stream, folder);
    expect((await readAll(again)).map(({ msgId }) => msgId)).toEqual(known);
    expect((await again.health()).foreign).toBe(5);
    await again.append([event('patient.a', 'm4')]);
    expect((await readUntil(b, 4)).map(({ msgId }) => msgId)).toEqual([...known, 'm4']);
    expect((await b.health()).foreign).toBe(5);
  }, 180_000);
}

function lostEntries(): void {
  /** A stream that a server has lost and that somebody began anew, with as many entries as a process has read. */
  async function begunAnew(server: NatsServer, stream: string, entries: number): Promise<void> {
    const connection = await connect({ servers: server.url });
    await (await jetstreamManager(connection)).streams.delete(stream);
    await connection.close();
    const log = await openOn(server, stream, temporaryFolder());
    for (let count = 0; count < entries; count += 1) await log.append([event('patient.other', `other-${count}`)]);
  }

  it.each([
    ['fewer', 0],
    ['as many', 3],
    ['more', 6],
  ])(
    'says so where the stream has lost what it acknowledged, and mixes nothing: %s entries than were read',
    async (_what, entries) => {
      const [stream, folder] = [newStream(), temporaryFolder()];
      const log = await openOn(nats, stream, folder);
      for (let count = 0; count < 3; count += 1) await log.append([event('patient.a', `m${count}`)]);
      await begunAnew(nats, stream, entries);
      await expect(log.append([event('patient.a', 'm3')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
      expect((await readAll(log)).map(({ msgId }) => msgId)).toEqual(['m0', 'm1', 'm2']);
      await log.close();
      const again = await openOn(nats, stream, folder);
      expect((await readAll(again)).map(({ msgId }) => msgId)).toEqual(Array.from({ length: entries }, (_, count) => `other-${count}`));
    },
    40_000,
  );
}

function servers(): void {
  it('refuses a server of which it cannot be told that it keeps what it acknowledges', async () => {
    const refused = JetStreamLog.open({ servers: nats.url, stream: newStream(), file: join(temporaryFolder(), 'c.db'), allowWeak: false });
    await expect(refused).rejects.toMatchObject({ code: 'LOG_TOO_WEAK', at: 'NATS_URL' });
    const lazy = {
      servers: nats.url,
      monitors: nats.monitor,
      stream: newStream(),
      file: join(temporaryFolder(), 'c.db'),
      allowWeak: false,
    };
    await expect(JetStreamLog.open(lazy)).rejects.toMatchObject({ code: 'LOG_TOO_WEAK' });
    const log = await openOn(nats, newStream(), temporaryFolder());
    expect(await log.health()).toEqual({ durability: 'weak', engine: 'jetstream', foreign: 0 });
  });

  it('says that nobody answers, where nobody does', async () => {
    const nowhere = { servers: 'nats://127.0.0.1:9', stream: 'events', file: join(temporaryFolder(), 'c.db'), allowWeak: true };
    await expect(JetStreamLog.open(nowhere)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await expect(JetStreamLog.open({ ...nowhere, monitors: 'http://127.0.0.1:9' })).rejects.toMatchObject({ at: 'NATS_MONITOR_URL' });
  });

  it('is not filled from a log of which one event is too large for a message: nothing is written', async () => {
    const given = new SqliteLog(join(temporaryFolder(), 'events.db'));
    await given.append([event('patient.a', 'm1'), event('patient.a', 'm2', { body: new Uint8Array(1_100_000) })]);
    const options = { servers: nats.url, stream: newStream(), allowWeak: true };
    await expect(fillStream(options, given)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('Event 2') });
    await given.close();
    const stream = await EntryStream.open(options);
    expect(await stream.lastPlace()).toBe(0);
    await stream.close();
  });

  it('refuses what is too large for a message, and goes on', async () => {
    const log = await openOn(nats, newStream(), temporaryFolder());
    const large = event('patient.a', 'm1', { body: new Uint8Array(1_100_000) });
    const results = await Promise.allSettled([
      log.append([event('patient.a', 'm0')]),
      log.append([large]),
      log.append([event('patient.a', 'm2')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await readAll(log)).map(({ msgId }) => msgId)).toEqual(['m0', 'm2']);
  });

  it('refuses a stream that is full, keeps what it had and takes no more', async () => {
    const full = await startNats('max_file_store: 200KB');
    const log = await openOn(full, 'events', temporaryFolder());
    const acknowledged: string[] = [];
    let refusal: unknown;
    for (let count = 0; count < 40 && !refusal; count += 1) {
      const msgId = `m${count}`;
      const call = log.append([event('patient.a', msgId, { body: new Uint8Array(10_000) })]);
      await call.then(() => acknowledged.push(msgId)).catch((error: unknown) => (refusal = error));
    }
    expect(refusal).toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(acknowledged.length).toBeGreaterThan(5);
    expect((await readAll(log)).map(({ msgId }) => msgId)).toEqual(acknowledged);
  }, 120_000);

  it('loses nothing that was acknowledged while the server is killed and comes again', async () => {
    const server = await startNats();
    const folder = temporaryFolder();
    const log = await openOn(server, 'events', folder);
    const acknowledged = new Map<string, string>();
    let stopped = false;
    const write = async (writer: number) => {
      for (let count = 0; !stopped; count += 1) {
        const msgId = `${writer}-${count}`;
        // As a sender does: again, with the same id, until it is acknowledged.
        for (let seq = ''; seq === '' && !stopped; ) {
          seq = await log.append([event(`patient.${writer}`, msgId)]).then(
            ([result]) => seqOf(result),
            () => '',
          );
          if (seq) acknowledged.set(msgId, seq);
        }
      }
    };
    const writing = Promise.all([0, 1, 2, 3].map(write));
    for (let kills = 0; kills < (process.env['LONG'] ? 20 : 3); kills += 1) {
      await pause(100 + Math.random() * 400);
      await server.kill();
      await server.start();
      const before = acknowledged.size;
      for (let waited = 0; acknowledged.size === before && waited < 1200; waited += 1) await pause(50);
    }
    stopped = true;
    await writing;
    const events = await readAll(log);
    expect(acknowledged.size).toBeGreaterThan(100);
    const stored = new Map(events.map(({ msgId, seq }) => [msgId, seq]));
    expect(stored.size).toBe(events.length);
    expect([...acknowledged].filter(([msgId, seq]) => stored.get(msgId) !== seq)).toEqual([]);
    const fresh = await openOn(server, 'events', temporaryFolder());
    expect(await readAll(fresh)).toEqual(events);
  }, 300_000);
}

if (NATS_SERVER) {
  beforeAll(async () => {
    nats = await startNats();
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
  });
  eventLogContract('JetStream', (folder) =>
    JetStreamLog.open({ servers: nats.url, stream: basename(folder), file: join(folder, 'copy.db'), allowWeak: true }),
  );
  describe('the event log on JetStream', () => {
    severalProcesses();
    copies();
    refusedStreams();
    lostEntries();
    servers();
  });
} else {
  describe('the event log on JetStream (NATS_SERVER is not set)', () => {
    it.skip('keeps the contract', () => undefined);
  });
}
