/**
 * Copies of the event log. The graph is made of the log and of the shipped tables, so that a copy of the log is a copy of
 * everything that was recorded; a restore replays it (docs/adr/0015-a-copy-of-the-log.md).
 */

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AvicennaError } from '../errors.ts';
import { plainCodec } from '../events/envelope.ts';
import { checkLog, closeWriteAhead, destroyAsIn, LOG_FILE, removeLog, renewEpoch, someKey } from '../events/sqlite/copies.ts';
import { SqliteLog } from '../events/sqlite/sqliteLog.ts';
import type { BackupTaken } from '../graphql/context.ts';
import { monitoredUpTo } from '../projection/monitoredUpTo.ts';
import { putPlace } from '../store/cypher/projection.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { callApi } from './api.ts';
import { checkBackup, flush, takeBackup } from './backupFolder.ts';
import { readConfig } from './config.ts';
import { masterKeysOf } from './masterKeyFile.ts';
import { openLog, sealedLog, streamOf } from './openLog.ts';
import { openStore } from './openPlatform.ts';
import { line, note, refuse } from './output.ts';
import { rebuild } from './rebuild.ts';

interface CopyOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** Throws DATA_IN_USE where a server has the data directory's graph open. */
async function checkUnused(data: string): Promise<void> {
  const store = openStore(data, readConfig(process.env));
  await store.close();
}

/** Before anything is replaced: what is damaged or cannot be opened is no copy, and none of it stays. @throws AvicennaError FILE_UNREADABLE, KEY_UNAVAILABLE */
function checkIncoming(file: string, data: string): void {
  try {
    checkLog(file);
    const key = someKey(file);
    if (key) masterKeysOf(data, readConfig(process.env)).unwrap(key.subject, key.wrapped);
  } catch (error) {
    removeLog(file);
    throw error;
  }
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
  checkIncoming(incoming, data);
  const log = sealedLog(new SqliteLog(incoming), data, readConfig(process.env));
  try {
    await fillStream(stream, log);
  } finally {
    await log.close();
    removeLog(incoming);
  }
  return null;
}

async function replaceFile(folder: string, data: string): Promise<string | null> {
  mkdirSync(data, { recursive: true });
  const file = join(data, LOG_FILE);
  const incoming = `${file}.incoming`;
  rmSync(incoming, { force: true });
  await copyFile(join(folder, LOG_FILE), incoming);
  checkIncoming(incoming, data);
  if (existsSync(file)) {
    closeWriteAhead(file);
    destroyAsIn(file, incoming);
  }
  renewEpoch(incoming);
  closeWriteAhead(incoming);
  flush(incoming);
  const kept = existsSync(file) ? `${file}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}` : null;
  if (kept) renameSync(file, kept);
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

const BY_SERVER = `mutation Backup($name: String!) {
  takeBackup(name: $name) { userErrors { message } backup { directory takenAt epoch lastSeq events sha256 } }
}`;

/** The server that runs takes the copy, in a folder of its own. */
async function askServer(name: string, url: string): Promise<BackupTaken> {
  const { takeBackup: answer } = await callApi<{
    takeBackup: { readonly userErrors: readonly { readonly message: string }[]; readonly backup: BackupTaken | null };
  }>(url, BY_SERVER, { name });
  if (!answer.backup) throw new AvicennaError('BAD_USER_INPUT', answer.userErrors[0]?.message ?? 'The server took no copy.', name);
  return answer.backup;
}

export async function backup(folder: string, { data, url, json = false }: CopyOptions & { readonly url?: string }): Promise<void> {
  try {
    const taken =
      url === undefined
        ? { directory: folder, ...(await takeBackup(folder, data, readConfig(process.env))) }
        : await askServer(folder, url);
    if (json) await line(JSON.stringify(taken));
    else note(`${taken.directory} has the log up to event ${taken.lastSeq} (${taken.events} events).`);
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
