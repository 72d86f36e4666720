/** Runs of events: what is at hand goes together, no two of one patient, in the log's order. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Checkpoint, LogEvent } from '../../src/events/eventLog.ts';
import { runsOf } from '../../src/projection/runs.ts';

const event = (seq: number, patient: string): LogEvent => ({
  kind: 'event',
  seq: String(seq),
  subject: `patient.${patient}`,
  msgId: `m${seq}`,
  body: new Uint8Array(),
});

async function runs(items: AsyncIterable<LogEvent | Checkpoint>, most = 64): Promise<string[][]> {
  const found: string[][] = [];
  for await (const run of runsOf(items, most)) found.push(run.events.map(({ seq }) => seq));
  return found;
}

describe('runs of events', () => {
  it('end before a second event of a patient, at the size that is asked for, and leave checkpoints out', async () => {
    async function* items() {
      yield event(1, 'a');
      yield event(2, 'b');
      yield { kind: 'checkpoint', seq: '3' } as const;
      yield event(4, 'c');
      yield event(5, 'b');
      yield event(6, 'b');
      yield event(7, 'a');
      yield event(8, 'd');
      yield event(9, 'e');
    }
    expect(await runs(items(), 3)).toEqual([['1', '2', '4'], ['5'], ['6', '7', '8'], ['9']]);
    expect(await runs(items())).toEqual([['1', '2', '4'], ['5'], ['6', '7', '8', '9']]);
  });

  it('say how far the log was read over what is not to be seen, also where nothing else comes', async () => {
    async function* items() {
      yield event(1, 'a');
      yield { kind: 'checkpoint', seq: '2' } as const;
      yield { kind: 'checkpoint', seq: '3' } as const;
      await pause(30);
      yield { kind: 'checkpoint', seq: '4' } as const;
      await pause(30);
      yield { kind: 'checkpoint', seq: '5' } as const;
      yield event(6, 'a');
    }
    const found: [string[], string | null][] = [];
    for await (const { events, passed } of runsOf(items(), 64)) found.push([events.map(({ seq }) => seq), passed]);
    expect(found).toEqual([
      [['1'], '3'],
      [[], '4'],
      [['6'], null],
    ]);
  });

  it('do not wait for what is not there yet, and give it once it comes', async () => {
    async function* items() {
      yield event(1, 'a');
      yield event(2, 'b');
      await pause(30);
      yield event(3, 'c');
    }
    expect(await runs(items())).toEqual([['1', '2'], ['3']]);
  });

  it('give what came before a failure, then throw it', async () => {
    async function* items() {
      yield event(1, 'a');
      await pause(5);
      throw new Error('the log is gone');
    }
    const iterator = runsOf(items(), 64);
    expect((await iterator.next()).value.events.map(({ seq }: LogEvent) => seq)).toEqual(['1']);
    await pause(20);
    await expect(iterator.next()).rejects.toThrow('the log is gone');
  });

  it('let their reader go though the next event never comes', async () => {
    async function* items() {
      yield event(1, 'a');
      await new Promise(() => undefined);
    }
    for await (const run of runsOf(items(), 64)) {
      expect(run.events).toHaveLength(1);
      break;
    }
  });
});
