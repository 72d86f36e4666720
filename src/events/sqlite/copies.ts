/** Copies of the log's file: taken while others write to it, checked before one takes the log's place. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import Database from 'libsql';
import { AvicennaError } from '../../errors.ts';
import { KeyTable } from './keyTable.ts';

/** Name of the log's file in a data directory. */
export const LOG_FILE = 'events.db';

export interface LogCopy {
  readonly epoch: string;
  /** Of the last event; `0` of an empty log. */
  readonly lastSeq: string;
  readonly events: number;
}

export const newEpoch = () => randomUUID().replaceAll('-', '').slice(0, 12);

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function open<T>(file: string, use: (db: Database.Database) => T): T {
  if (!existsSync(file)) throw new AvicennaError('FILE_UNREADABLE', 'There is no event log.', file);
  const db = new Database(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    return use(db);
  } catch (error) {
    if (error instanceof AvicennaError) throw error;
    throw new AvicennaError(
      'FILE_UNREADABLE',
      `The event log cannot be read (${(error as { code?: string }).code ?? 'no reason given'}).`,
      file,
    );
  } finally {
    db.close();
  }
}

function describe(db: Database.Database): LogCopy {
  const { events, last } = db.prepare('SELECT count(*) AS events, max(seq) AS last FROM event').get() as {
    events: number;
    last: number | null;
  };
  const { value } = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get() as { value: string };
  return { epoch: value, lastSeq: String(last ?? 0), events };
}

/**
 * Copies the log as of one moment, also while a server appends to it: what was acknowledged before the call is in the copy.
 * @throws AvicennaError FILE_UNREADABLE
 */
export function copyLog(file: string, target: string): LogCopy {
  open(file, (db) => db.prepare('VACUUM INTO ?').run(target));
  return open(target, describe);
}

/**
 * Reads a copy whole: every page and index must fit.
 * @throws AvicennaError FILE_UNREADABLE where it is damaged or no log
 */
export function checkLog(file: string): LogCopy {
  return open(file, (db) => {
    const [first] = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok') throw new AvicennaError('FILE_UNREADABLE', 'The copy of the log is damaged.', file);
    return describe(db);
  });
}

/** Gives a log that is not open another epoch: cursors into what it was before have expired. */
export function renewEpoch(file: string): string {
  const epoch = newEpoch();
  open(file, (db) => db.prepare("UPDATE meta SET value = ? WHERE name = 'epoch'").run(epoch));
  return epoch;
}

/** Removes a log that is not open, with what stands beside it. */
export function removeLog(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

/** Writes what stands beside the file into it, so that the file alone is the log. */
export function closeWriteAhead(file: string): void {
  open(file, (db) => db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;'));
}

const AT_ONCE = 1000;

function* keysOf(db: Database.Database) {
  const table = new KeyTable(db);
  for (let page = table.after('', AT_ONCE); page.length > 0; page = table.after(page.at(-1)?.subject ?? '', AT_ONCE)) yield* page;
}

/** Destroys in one log the keys that were destroyed in another: an older copy brings nobody back. Neither is open. */
export function destroyAsIn(other: string, file: string): void {
  const destroyed = open(other, (db) =>
    [...keysOf(db)].flatMap(({ subject, destroyedAt }) => (destroyedAt ? [{ subject, destroyedAt }] : [])),
  );
  if (destroyed.length === 0) return;
  open(file, (db) => {
    db.exec('PRAGMA secure_delete = ON');
    const table = new KeyTable(db);
    for (const { subject, destroyedAt } of destroyed) table.destroy(subject, destroyedAt);
  });
}

/** A key that is in use in a log that is not open; undefined of one that has none. */
export const someKey = (file: string) =>
  open(file, (db) => {
    for (const key of keysOf(db)) if (key.wrapped) return { subject: key.subject, wrapped: key.wrapped };
    return undefined;
  });
