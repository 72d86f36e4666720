import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { compareSeq, type LogEvent } from '../../src/events/eventLog.ts';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readAll } from './given.ts';

const APPENDER = fileURLToPath(new URL('./appender.mjs', import.meta.url));
const KILLS = process.env['LONG'] ? 100 : 10;

/** Lets the appender run, kills it, and gives the events that it saw acknowledged: message id -> sequence. */
async function appendAndKill(file: string, round: number): Promise<Map<string, string>> {
  const child = spawn(process.execPath, [APPENDER, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = new Map<string, string>();
  const lines = createInterface({ input: child.stdout });
  // readline gives an unfinished last line too; a whole one ends with the part's digit.
  lines.on('line', (line) => {
    const [, seq, msgId] = /^(\d+) (\d+-\d+-\d+-\d)$/.exec(line) ?? [];
    if (seq && msgId) acknowledged.set(msgId, seq);
  });
  const drained = once(lines, 'close');
  await once(lines, 'line');
  await pause(20 + Math.random() * 300);
  child.kill('SIGKILL');
  await drained;
  return acknowledged;
}

function check(events: readonly LogEvent[], acknowledged: ReadonlyMap<string, string>): void {
  const seqs = events.map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].sort(compareSeq));
  const stored = new Map(events.map(({ msgId, seq }) => [msgId, seq]));
  expect(stored.size).toBe(events.length);
  expect([...acknowledged].filter(([msgId, seq]) => stored.get(msgId) !== seq)).toEqual([]);
  expect(events.filter(({ msgId, body }) => Buffer.from(body).toString() !== `body of ${msgId}`)).toEqual([]);
}

/** A call has up to three events, of which the log must have all or none. */
function checkWhole(events: readonly LogEvent[]): void {
  const parts = new Map<string, number>();
  for (const { msgId } of events) {
    const call = msgId.slice(0, msgId.lastIndexOf('-'));
    parts.set(call, (parts.get(call) ?? 0) + 1);
  }
  const sizeOf = (call: string) => {
    const [, writer, count] = call.split('-').map(Number);
    return 1 + (((count ?? 0) + (writer ?? 0)) % 3);
  };
  expect([...parts].filter(([call, found]) => found !== sizeOf(call))).toEqual([]);
}

describe('the event log of a process that is killed', () => {
  it(
    `loses nothing that was acknowledged, has nothing twice and no half of a call (${KILLS} kills)`,
    async () => {
      const file = join(temporaryFolder(), 'events.db');
      const acknowledged = new Map<string, string>();
      let epoch: string | undefined;
      for (let round = 0; round < KILLS; round += 1) {
        for (const [msgId, seq] of await appendAndKill(file, round)) acknowledged.set(msgId, seq);
        const log = new SqliteLog(file);
        const events = await readAll(log);
        check(events, acknowledged);
        checkWhole(events);
        const bounds = await log.bounds();
        expect(bounds.epoch).toBe(epoch ?? bounds.epoch);
        epoch = bounds.epoch;
        await log.close();
      }
      expect(acknowledged.size).toBeGreaterThan(KILLS * 10);
    },
    KILLS * 20_000,
  );
});
