/** Many readers of one tail: nothing missed and nothing twice, wherever a reader starts and however slow it is. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compareSeq } from '../../src/events/eventLog.ts';
import { LiveTail } from '../../src/events/liveTail.ts';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('the tail of the log', () => {
  let log: SqliteLog;
  let tail: LiveTail;
  let appended = 0;
  beforeEach(async () => {
    appended = 0;
    log = new SqliteLog(join(temporaryFolder(), 'events.db'));
    await append(50);
    tail = new LiveTail(log);
  });
  afterEach(async () => {
    await tail.close();
    await log.close();
  });

  /** Events of ten subjects in turn. */
  async function append(count: number): Promise<void> {
    const requests = Array.from({ length: count }, () => {
      appended += 1;
      return { subject: `patient.${appended % 10}`, msgId: `event-${appended}`, body: Buffer.from(String(appended)) };
    });
    await log.append(requests);
  }

  interface Reading {
    readonly after?: string;
    readonly subjects?: ReadonlySet<string>;
    /** Called after each item. */
    readonly pause?: (items: number) => Promise<unknown> | undefined;
  }

  /** What a reader is told up to `last`: the message ids of events, and `-` for a checkpoint. */
  async function read(last: string, { after = '0', subjects, pause }: Reading = {}): Promise<string[]> {
    const stop = new AbortController();
    const told: string[] = [];
    for await (const item of tail.read({ after, signal: stop.signal, ...(subjects && { subjects }) })) {
      told.push(item.kind === 'event' ? item.msgId : '-');
      await pause?.(told.length);
      if (compareSeq(item.seq, last) >= 0) break;
    }
    return told;
  }

  const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `event-${from + index}`);
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it('gives each of many readers every event once, whether it was there before or comes', async () => {
    const readers = [
      ...Array.from({ length: 20 }, () => read('3050')),
      ...Array.from({ length: 20 }, () => read('3050', { after: '40' })),
      ...Array.from({ length: 20 }, () => read('3050', { after: '50' })),
    ];
    for (let round = 0; round < 30; round += 1) await append(100);
    const told = await Promise.all(readers);
    for (const [index, one] of told.entries()) expect(one).toEqual(ids(index < 20 ? 1 : index < 40 ? 41 : 51, 3050));
  });

  it('loses nothing for a reader who falls behind what is held', async () => {
    const slow = read('5050', { after: '50', pause: (items) => (items < 5 ? wait(100) : undefined) });
    for (let round = 0; round < 50; round += 1) await append(100);
    expect(await slow).toEqual(ids(51, 5050));
  });

  it('gives a reader of some subjects theirs, and tells it how far it has come', async () => {
    const reader = read('4047', { after: '50', subjects: new Set(['patient.3', 'patient.7']) });
    for (let round = 0; round < 40; round += 1) await append(100);
    const told = await reader;
    expect(told.filter((one) => one !== '-')).toEqual(ids(51, 4050).filter((id) => /[37]$/.test(id)));
    const other = read('8050', { after: '4050', subjects: new Set(['patient.none']) });
    for (let round = 0; round < 40; round += 1) await append(100);
    const checkpoints = await other;
    expect(new Set(checkpoints)).toEqual(new Set(['-']));
    expect(checkpoints.length).toBeGreaterThan(10);
    expect(checkpoints.length).toBeLessThanOrEqual(40);
  });

  it('ends for its readers when it is closed', async () => {
    const reader = read('999999', { after: '50' });
    await append(3);
    await wait(50);
    await tail.close();
    expect(await reader).toEqual(ids(51, 53));
  });
});
