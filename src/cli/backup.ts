/**
 * Copies of the event log. The graph is made of the log and of the shipped tables, so that a copy of the log is a copy of
 * everything that was recorded; a restore replays it (docs/adr/0015-a-copy-of-the-log.md).
 */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AvicennaError, faultsInWords } from '../errors.ts';
import { plainCodec } from '../events/envelope.ts';
import { checkLog, closeWriteAhead, copyLog, LOG_FILE, renewEpoch, sha256OfFile } from '../events/sqlite/copies.ts';
import { SqliteLog } from '../events/sqlite/sqliteLog.ts';
import { monitoredUpTo } from '../projection/monitoredUpTo.ts';
import { putPlace } from '../store/cypher/projection.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { readConfig } from './config.ts';
import { logFile, openLog, streamOf } from './openLog.ts';
import { openStore } from './openPlatform.ts';
import { line, note, refuse } from './output.ts';
import { rebuild } from './rebuild.ts';

const MANIFEST = 'manifest.json';
/** Only the owner reads what is recorded of patients. */
const PRIVATE = { file: 0o600, folder: 0o700 } as const;

const manifestSchema = z.strictObject({
  format: z.literal('avicenna-backup-1'),
  takenAt: z.iso.datetime(),
  epoch: z.string(),
  lastSeq: z.string().regex(/^\d+$/),
  events: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

type Manifest = z.infer<typeof manifestSchema>;

interface CopyOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** Until this returns the file's bytes may be in memory only. */
function flush(path: string): void {
  const open = openSync(path, 'r');
  fsyncSync(open);
  closeSync(open);
}

/** The file that has the whole log. A stream's copy is brought up to date first. */
async function wholeLog(data: string): Promise<string> {
  const config = readConfig(process.env);
  if (streamOf(data, config)) await (await openLog(data, config)).close();
  return logFile(data, config);
}

/**
 * Takes a copy of the log, also beside a server that is running on this machine.
 * @throws AvicennaError BAD_USER_INPUT where the folder has a backup already, FILE_UNREADABLE where there is no log
 */
export async function takeBackup(folder: string, data: string): Promise<Manifest> {
  const target = join(folder, LOG_FILE);
  if (existsSync(target) || existsSync(join(folder, MANIFEST)))
    throw new AvicennaError('BAD_USER_INPUT', 'The folder has a backup already: name another.', folder);
  mkdirSync(folder, { recursive: true, mode: PRIVATE.folder });
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    const copied = copyLog(await wholeLog(data), partial);
    chmodSync(partial, PRIVATE.file);
    flush(partial);
    const manifest: Manifest = {
      format: 'avicenna-backup-1',
      takenAt: new Date().toISOString(),
      ...copied,
      sha256: await sha256OfFile(partial),
    };
    renameSync(partial, target);
    // The manifest comes last: a folder without one is no backup.
    const path = join(folder, MANIFEST);
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: PRIVATE.file });
    flush(path);
    flush(folder);
    return manifest;
  } finally {
    rmSync(partial, { force: true });
  }
}

function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST);
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new AvicennaError('FILE_UNREADABLE', 'The folder is no backup: its manifest is missing or is not JSON.', path);
  }
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) throw new AvicennaError('FILE_UNREADABLE', `The manifest is wrong: ${faultsInWords(parsed.error)}.`, path);
  return parsed.data;
}

/** The backup, read whole and found to be what its manifest says. */
async function checkBackup(folder: string): Promise<Manifest> {
  const manifest = readManifest(folder);
  const file = join(folder, LOG_FILE);
  if (!existsSync(file)) throw new AvicennaError('FILE_UNREADABLE', 'The backup has no log.', file);
  if ((await sha256OfFile(file)) !== manifest.sha256)
    throw new AvicennaError('FILE_UNREADABLE', 'The log is not the one that the manifest describes: the backup is damaged.', file);
  return manifest;
}

/** Throws DATA_IN_USE where a server has the data directory's graph open. */
async function checkUnused(data: string): Promise<void> {
  const store = openStore(data, readConfig(process.env));
  await store.close();
}

/** Puts the copy in the log's place; the log that was there is kept under another name, which is given back. A stream must have nothing yet. */
async function replaceLog(folder: string, data: string): Promise<string | null> {
  const stream = streamOf(data, readConfig(process.env));
  if (!stream) return replaceFile(folder, data);
  const { fillStream } = await import('../events/jetstream/fillStream.ts');
  mkdirSync(data, { recursive: true });
  // Read from a copy: opening a log writes beside it, and a backup stays as it is.
  const incoming = `${stream.file}.incoming`;
  await copyFile(join(folder, LOG_FILE), incoming);
  checkLog(incoming);
  const log = new SqliteLog(incoming);
  try {
    await fillStream(stream, log);
  } finally {
    await log.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${incoming}${suffix}`, { force: true });
  }
  return null;
}

async function replaceFile(folder: string, data: string): Promise<string | null> {
  mkdirSync(data, { recursive: true });
  const file = join(data, LOG_FILE);
  const incoming = `${file}.incoming`;
  rmSync(incoming, { force: true });
  await copyFile(join(folder, LOG_FILE), incoming);
  checkLog(incoming);
  renewEpoch(incoming);
  closeWriteAhead(incoming);
  flush(incoming);
  const kept = existsSync(file) ? `${file}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}` : null;
  if (kept) {
    closeWriteAhead(file);
    renameSync(file, kept);
  }
  renameSync(incoming, file);
  flush(data);
  return kept;
}

/** The monitor goes on where it was in the copy: a replay tells no risk a second time. */
async function placeMonitor(data: string): Promise<void> {
  const store = openStore(data, readConfig(process.env));
  const log = await openLog(data, readConfig(process.env));
  try {
    await migrate(store);
    const { epoch } = await log.bounds();
    await store.write([putPlace('monitor', epoch, await monitoredUpTo(log, plainCodec))]);
  } finally {
    await log.close();
    await store.close();
  }
}

export async function backup(folder: string, { data, json = false }: CopyOptions): Promise<void> {
  try {
    const manifest = await takeBackup(folder, data);
    if (json) await line(JSON.stringify(manifest));
    else note(`${folder} has the log up to event ${manifest.lastSeq} (${manifest.events} events).`);
  } catch (error) {
    await refuse(error, json);
  }
}

/** Puts a backup in place of what the data directory has, and replays it into the graph. The server must be stopped. */
export async function restore(folder: string, { data, json = false }: CopyOptions): Promise<void> {
  try {
    const manifest = await checkBackup(folder);
    await checkUnused(data);
    const kept = await replaceLog(folder, data);
    if (kept) note(`The log that was there is kept as ${kept}.`);
    await placeMonitor(data);
    await rebuild({ data });
    if (json) await line(JSON.stringify({ ...manifest, kept }));
  } catch (error) {
    await refuse(error, json);
  }
}
