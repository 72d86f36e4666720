/** Reading a log: from a cursor, by subject, and along its growing end. */
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Checkpoint, compareSeq, type EventLog, type LogEvent } from '../../src/events/eventLog.ts';
import { event, type Open, readAll, seqOf } from './given.ts';

const SUBJECTS = ['patient.a', 'patient.b', 'patient.c', 'patient.d'];

async function fill(log: EventLog, count: number): Promise<string[]> {
  const requests = Array.from({ length: count }, (_, index) => event(SUBJECTS[index % SUBJECTS.length] as string, `m${index}`));
  return (await log.append(requests)).map(seqOf);
}

function fromCursor(open: Open): void {
  it('is read from any cursor in order, to the end and no further, however small the buffer is', async () => {
    const log = await open();
    const seqs = await fill(log, 30);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 40 }), async (start, maxBuffered) => {
        const after = start === 0 ? '0' : (seqs[start - 1] as string);
        expect((await readAll(log, { after, maxBuffered })).map(({ seq }) => seq)).toEqual(seqs.slice(start));
      }),
      { numRuns: 60 },
    );
  });

  it('is read by subject with checkpoints, after which a reader may go on without loss', async () => {
    const log = await open();
    const seqs = await fill(log, 40);
    await fc.assert(
      fc.asyncProperty(fc.subarray([...SUBJECTS, 'patient.none']), fc.integer({ min: 1, max: 12 }), async (chosen, maxBuffered) => {
        const subjects = new Set(chosen);
        const items: (LogEvent | Checkpoint)[] = [];
        for await (const item of log.read({ after: '0', subjects, maxBuffered })) items.push(item);
        const wanted = (await readAll(log)).filter(({ subject }) => subjects.has(subject)).map(({ seq }) => seq);
        expect(items.filter(({ kind }) => kind === 'event').map(({ seq }) => seq)).toEqual(wanted);
        expect(items.map(({ seq }) => seq)).toEqual(items.map(({ seq }) => seq).sort(compareSeq));
        expect(items.at(-1)?.seq).toBe(seqs.at(-1));
        for (const [place, { seq }] of items.entries()) {
          const rest = (await readAll(log, { after: seq, subjects })).map((one) => one.seq);
          expect(rest).toEqual(
            items
              .slice(place + 1)
              .filter(({ kind }) => kind === 'event')
              .map((one) => one.seq),
          );
        }
      }),
      { numRuns: 15 },
    );
  });
}

async function writeSlowly(log: EventLog, count: number): Promise<string[]> {
  const seqs: string[] = [];
  for (let written = 0; written < count; ) {
    const size = Math.min(1 + (written % 5), count - written);
    const requests = Array.from({ length: size }, (_, part) => event(SUBJECTS[(written + part) % 4] as string, `live${written + part}`));
    seqs.push(...(await log.append(requests)).map(seqOf));
    written += size;
    if (written % 3 === 0) await turn();
  }
  return seqs;
}

/** Reads until `until` was seen, now and then slower than the writer. */
async function follow(log: EventLog, after: string, until: () => string | undefined, maxBuffered: number): Promise<string[]> {
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const { seq } of log.read({ after, live: true, signal: stop.signal, maxBuffered })) {
    seen.push(seq);
    if (seen.length % 7 === 0) await pause(1);
    if (seq === until()) stop.abort();
  }
  return seen;
}

function liveTail(open: Open): void {
  it.each([1, 3, 256])('is followed past its end without a gap and without repetition (buffer of %i)', async (maxBuffered) => {
    const log = await open();
    const past = await fill(log, 50);
    let last: string | undefined;
    const until = () => last;
    const readers = ['0', past[24] as string, past.at(-1) as string].map((after) => follow(log, after, until, maxBuffered));
    const written = await writeSlowly(log, 400);
    const [end] = await log.append([event('patient.a', 'the end')]);
    last = seqOf(end);
    const all = [...past, ...written, last];
    // A reader that saw the end before `last` was set is woken by one more event.
    await pause(50);
    const more = seqOf((await log.append([event('patient.a', 'after the end')]))[0]);
    last = more;
    const seen = await Promise.all(readers);
    const upTo = (after: string) => [...all, more].filter((seq) => compareSeq(seq, after) > 0);
    for (const [index, after] of ['0', past[24] as string, past.at(-1) as string].entries()) {
      const expected = upTo(after);
      expect([expected, expected.slice(0, -1)]).toContainEqual(seen[index]);
    }
  });

  it('wakes a waiting reader with the next event', async () => {
    const log = await open();
    const reader = log.read({ after: '0', live: true })[Symbol.asyncIterator]();
    const next = reader.next();
    await pause(20);
    await log.append([event('patient.a', 'm1')]);
    expect((await next).value).toMatchObject({ msgId: 'm1' });
    await reader.return?.();
  });
}

function ending(open: Open): void {
  it('lets a waiting reader go when its signal is aborted', async () => {
    const log = await open();
    await fill(log, 3);
    const stop = new AbortController();
    const reading = readAll(log, { live: true, signal: stop.signal });
    await pause(20);
    stop.abort();
    expect(await reading).toHaveLength(3);
  });

  it('gives nothing to a reader whose signal was aborted before', async () => {
    const log = await open();
    await fill(log, 3);
    expect(await readAll(log, { live: true, signal: AbortSignal.abort() })).toEqual([]);
  });

  it('gives no further event once the signal is aborted, even of those held in memory', async () => {
    const log = await open();
    await fill(log, 20);
    const stop = new AbortController();
    let seen = 0;
    for await (const _item of log.read({ after: '0', live: true, signal: stop.signal })) {
      seen += 1;
      if (seen === 2) stop.abort();
    }
    expect(seen).toBe(2);
  });

  it('ends its waiting readers when it is closed', async () => {
    const log = await open();
    await fill(log, 3);
    const reading = readAll(log, { live: true });
    await pause(20);
    await log.close();
    expect(await reading).toHaveLength(3);
  });

  it('ends a reader that is at work when it is closed: what it gave is in order and it does not fail', async () => {
    const log = await open();
    const seqs = await fill(log, 200);
    const reading = readAll(log, { live: true, maxBuffered: 1 });
    await pause(2);
    await log.close();
    const seen = (await reading).map(({ seq }) => seq);
    expect(seen).toEqual(seqs.slice(0, seen.length));
  });
}

export function followingContract(open: Open): void {
  fromCursor(open);
  liveTail(open);
  ending(open);
}
