/**
 * What every event log must do, whatever its engine. A suite for an engine is one call of `eventLogContract`; `open`
 * opens the log that lies in a folder, or makes it.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { compareSeq, type EventLog, type LogEvent } from '../../src/events/eventLog.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { appendLaws } from './appendLaws.ts';
import { followingContract } from './followingContract.ts';
import { event, type Open, readAll, seqOf } from './given.ts';

const ids = (events: readonly LogEvent[]) => events.map(({ msgId }) => msgId);

function deduplication(open: Open): void {
  it('writes an event once, however often it is appended, and answers with the first sequence', async () => {
    const log = await open();
    const [first] = await log.append([event('patient.a', 'm1')]);
    const [again] = await log.append([event('patient.a', 'm1', { body: Buffer.from('another body') })]);
    expect(first).toMatchObject({ duplicate: false });
    expect(again).toEqual({ seq: seqOf(first), duplicate: true });
    expect((await readAll(log)).map(({ body }) => Buffer.from(body).toString())).toEqual(['body of m1']);
  });

  it('writes an event once where one call has it twice', async () => {
    const log = await open();
    const [first, again, other] = await log.append([event('patient.a', 'm1'), event('patient.a', 'm1'), event('patient.a', 'm2')]);
    expect(again).toEqual({ seq: seqOf(first), duplicate: true });
    expect(other).toMatchObject({ duplicate: false });
    expect(ids(await readAll(log))).toEqual(['m1', 'm2']);
  });

  it('takes a repeated message for the first one even where its expected sequence is out of date', async () => {
    const log = await open();
    const [first] = await log.append([event('patient.a', 'm1', { expectSubjectSeq: '0' })]);
    await log.append([event('patient.a', 'm2')]);
    expect(await log.append([event('patient.a', 'm1', { expectSubjectSeq: '0' })])).toEqual([{ seq: seqOf(first), duplicate: true }]);
  });
}

function compareAndSet(open: Open): void {
  it('appends to a subject only where its last sequence is the expected one, and names that sequence', async () => {
    const log = await open();
    const seq = seqOf((await log.append([event('patient.a', 'm1', { expectSubjectSeq: '0' })]))[0]);
    expect(await log.append([event('patient.a', 'm2', { expectSubjectSeq: '0' })])).toEqual([{ conflict: true, lastSubjectSeq: seq }]);
    expect(await log.append([event('patient.b', 'm3', { expectSubjectSeq: seq })])).toEqual([{ conflict: true, lastSubjectSeq: '0' }]);
    await log.append([event('patient.b', 'm4')]);
    expect(seqOf((await log.append([event('patient.a', 'm5', { expectSubjectSeq: seq })]))[0])).not.toBe(seq);
    expect(ids(await readAll(log))).toEqual(['m1', 'm4', 'm5']);
  });

  it('writes nothing of a call in which one event conflicts, whichever place it has', async () => {
    const log = await open();
    await log.append([event('patient.a', 'm1')]);
    const results = await log.append([
      event('patient.b', 'm2'),
      event('patient.a', 'm3', { expectSubjectSeq: '0' }),
      event('patient.c', 'm4'),
    ]);
    expect(results.some((result) => 'conflict' in result)).toBe(true);
    expect(ids(await readAll(log))).toEqual(['m1']);
    expect(await log.find('m2')).toBeNull();
    expect(await log.lastBySubject('patient.b')).toBeNull();
  });

  it('claims no sequence for an event of a call that was undone', async () => {
    const log = await open();
    await log.append([event('patient.a', 'm1')]);
    const [undone, next] = await Promise.all([
      log.append([event('patient.b', 'm2'), event('patient.a', 'm3', { expectSubjectSeq: '0' })]),
      log.append([event('patient.c', 'm4')]),
    ]);
    expect(seqOf(next?.[0])).toBe((await log.find('m4'))?.seq);
    expect(undone?.filter((result) => 'seq' in result)).toEqual([]);
  });

  it('lets exactly one of several writers through that expect the same sequence', async () => {
    const log = await open();
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, writer) => log.append([event('patient.a', `m${writer}`, { expectSubjectSeq: '0' })])),
    );
    expect(results.filter(([result]) => result && 'seq' in result)).toHaveLength(1);
    expect(await readAll(log)).toHaveLength(1);
  });
}

function ordering(open: Open): void {
  it('gives concurrent appends distinct sequences, rising within each call and along the log', async () => {
    const log = await open();
    const calls = Array.from({ length: 100 }, (_, call) => [0, 1, 2].map((part) => event(`patient.${call % 7}`, `m${call}-${part}`)));
    const results = await Promise.all(calls.map((call) => log.append(call)));
    const seqs = results.map((result) => result.map(seqOf));
    for (const [a, b, c] of seqs) expect(compareSeq(a ?? '', b ?? '') < 0 && compareSeq(b ?? '', c ?? '') < 0).toBe(true);
    expect(new Set(seqs.flat()).size).toBe(300);
    const events = await readAll(log);
    expect(events.map(({ seq }) => seq)).toEqual([...seqs.flat()].sort(compareSeq));
    const stored = new Map(events.map(({ msgId, seq }) => [msgId, seq]));
    expect(calls.map((call) => call.map(({ msgId }) => stored.get(msgId)))).toEqual(seqs);
  });

  it('keeps bytes exactly, those that are no text and none at all', async () => {
    const log = await open();
    const bodies = [Uint8Array.from({ length: 256 }, (_, byte) => byte), new Uint8Array(0), new Uint8Array(1_000_000).fill(7)];
    await log.append(bodies.map((body, index) => event('patient.a', `m${index}`, { body })));
    expect((await readAll(log)).map(({ body }) => Buffer.compare(Buffer.from(body), bodies.shift() ?? Buffer.from('missing')))).toEqual([
      0, 0, 0,
    ]);
  });

  it('tells where it begins and ends, and nothing of an empty log', async () => {
    const log = await open();
    expect(await log.bounds()).toEqual({ epoch: expect.stringMatching(/^\w+$/), firstSeq: '0', lastSeq: '0' });
    expect([await log.find('m1'), await log.lastBySubject('patient.a'), await readAll(log)]).toEqual([null, null, []]);
    const results = await log.append([event('patient.a', 'm1'), event('patient.b', 'm2')]);
    expect(await log.bounds()).toMatchObject({ firstSeq: seqOf(results[0]), lastSeq: seqOf(results[1]) });
    expect(await log.health()).toMatchObject({ engine: expect.stringMatching(/^(sqlite|jetstream)$/) });
  });

  it('finds an event by its message id, and the last one of a subject', async () => {
    const log = await open();
    const results = await log.append([event('patient.a', 'm1'), event('patient.a', 'm2'), event('patient.ab', 'm3')]);
    expect(await log.find('m1')).toMatchObject({ kind: 'event', seq: seqOf(results[0]), subject: 'patient.a', msgId: 'm1' });
    expect(await log.lastBySubject('patient.a')).toMatchObject({ seq: seqOf(results[1]), msgId: 'm2' });
    expect((await log.history('patient.a', null, 10)).map(({ msgId }) => msgId)).toEqual(['m2', 'm1']);
    expect((await log.history('patient.a', seqOf(results[1]), 10)).map(({ msgId }) => msgId)).toEqual(['m1']);
    expect([await log.history('patient.a', null, 1), await log.history('patient.c', null, 1)].map(({ length }) => length)).toEqual([1, 0]);
    expect([await log.find('M1'), await log.lastBySubject('patient.')]).toEqual([null, null]);
  });
}

function reopening(open: Open): void {
  it('keeps events, epoch and cursor key when it is opened again, and another log has its own', async () => {
    const folder = temporaryFolder();
    const log = await open(folder);
    await log.append([event('patient.a', 'm1'), event('patient.b', 'm2')]);
    const before = [await readAll(log), await log.bounds(), Buffer.from(await log.cursorKey()).toString('hex')];
    await log.close();
    const again = await open(folder);
    expect([await readAll(again), await again.bounds(), Buffer.from(await again.cursorKey()).toString('hex')]).toEqual(before);
    const other = await open();
    expect((await other.bounds()).epoch).not.toBe((await again.bounds()).epoch);
    expect(Buffer.from(await other.cursorKey()).toString('hex')).not.toBe(before[2]);
    expect(seqOf((await again.append([event('patient.c', 'm3')]))[0])).toBe((await again.bounds()).lastSeq);
  });

  it('refuses with LOG_UNAVAILABLE after it was closed, and keeps what was appended', async () => {
    const folder = temporaryFolder();
    const log = await open(folder);
    await log.append([event('patient.a', 'm1')]);
    await log.close();
    for (const attempt of [() => log.append([event('patient.a', 'm2')]), () => log.find('m1'), () => log.bounds(), () => log.health()]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    }
    await log.close();
    expect(ids(await readAll(await open(folder)))).toEqual(['m1']);
  });

  it('may be closed by two at once', async () => {
    const log = await open();
    await log.append([event('patient.a', 'm1')]);
    await expect(Promise.all([log.close(), log.close()])).resolves.toHaveLength(2);
  });
}

export function eventLogContract(name: string, openIn: (folder: string) => Promise<EventLog>): void {
  const opened: EventLog[] = [];
  const open: Open = async (folder = temporaryFolder()) => {
    const log = await openIn(folder);
    opened.push(log);
    return log;
  };

  describe(`the event log on ${name}`, () => {
    afterEach(async () => {
      for (const log of opened.splice(0)) await log.close();
    });
    deduplication(open);
    compareAndSet(open);
    ordering(open);
    appendLaws(open);
    followingContract(open);
    reopening(open);
  });
}
