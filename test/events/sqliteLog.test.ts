import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { eventLogContract } from './contract.ts';
import { readAll } from './given.ts';

async function open(folder: string): Promise<SqliteLog> {
  const log = new SqliteLog(join(folder, 'events.db'));
  await log.bounds();
  return log;
}

eventLogContract('SQLite', open);

describe('the SQLite log', () => {
  it('says that what it acknowledges is on disk', async () => {
    const log = await open(temporaryFolder());
    expect(await log.health()).toEqual({ durability: 'fsync', engine: 'sqlite', foreign: 0 });
    await log.close();
  });
});

const CLOSING = fileURLToPath(new URL('./closing.mjs', import.meta.url));

describe('the SQLite log that is closed while an append is on its way', () => {
  // In a process of its own: a native library that fails here takes the whole process with it.
  // Several at once: on an idle machine the thread mostly ends before anything can go wrong.
  it('writes it, answers it and ends without a crash', async () => {
    const closing = Array.from({ length: 10 }, async () => {
      const folder = temporaryFolder();
      const { stdout } = await promisify(execFile)(process.execPath, [CLOSING, join(folder, 'events.db')]);
      return { folder, answer: JSON.parse(stdout) as unknown };
    });
    for (const { folder, answer } of await Promise.all(closing)) {
      expect(answer).toEqual([{ seq: '1', duplicate: false }]);
      const log = await open(folder);
      expect((await readAll(log)).map(({ msgId }) => msgId)).toEqual(['m1']);
      await log.close();
    }
  });
});
