/** A folder with a copy of the event log: how it is made, and what is checked before it is used. */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AvicennaError, faultsInWords } from '../errors.ts';
import { LOG_FILE, sha256OfFile } from '../events/sqlite/copies.ts';
import { copyAside } from '../events/sqlite/copyAside.ts';
import type { Config } from './config.ts';
import { logFile, openLog, streamOf } from './openLog.ts';

const MANIFEST = 'manifest.json';
/** Below the data directory: where the server puts the copies that it is asked for. */
const BACKUPS = 'backups';
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

export type Manifest = z.infer<typeof manifestSchema>;

/** Until this returns the file's bytes may be in memory only. */
export function flush(path: string): void {
  const open = openSync(path, 'r');
  fsyncSync(open);
  closeSync(open);
}

/** The file that has the whole log. A stream's copy is brought up to date first. */
async function wholeLog(data: string, config: Config): Promise<string> {
  if (streamOf(data, config)) await (await openLog(data, config)).close();
  return logFile(data, config);
}

/**
 * Takes a copy of the log, also beside a server that is running on this machine.
 * @throws AvicennaError BAD_USER_INPUT where the folder has a backup already, FILE_UNREADABLE where there is no log
 */
export async function takeBackup(folder: string, data: string, config: Config): Promise<Manifest> {
  const target = join(folder, LOG_FILE);
  if (existsSync(target) || existsSync(join(folder, MANIFEST)))
    throw new AvicennaError('BAD_USER_INPUT', 'The folder has a backup already: name another.', folder);
  mkdirSync(folder, { recursive: true, mode: PRIVATE.folder });
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    const copied = await copyAside(await wholeLog(data, config), partial);
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

/** A copy as the server takes it: under a name, below its data directory. As `takeBackup`. */
export async function takeNamedBackup(name: string, data: string, config: Config): Promise<Manifest & { readonly directory: string }> {
  const directory = resolve(data, BACKUPS, name);
  return { directory, ...(await takeBackup(directory, data, config)) };
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
export async function checkBackup(folder: string): Promise<Manifest> {
  const manifest = readManifest(folder);
  const file = join(folder, LOG_FILE);
  if (!existsSync(file)) throw new AvicennaError('FILE_UNREADABLE', 'The backup has no log.', file);
  if ((await sha256OfFile(file)) !== manifest.sha256)
    throw new AvicennaError('FILE_UNREADABLE', 'The log is not the one that the manifest describes: the backup is damaged.', file);
  return manifest;
}
