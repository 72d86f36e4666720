/** Where the master keys are: a file or the environment, as the settings say, or a file of the data folder. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AvicennaError } from '../errors.ts';
import { type MasterKeySource, MasterKeys, newMasterKey, parseMasterKeys } from '../events/sealed/masterKeys.ts';
import { writeOnce } from '../writeOnce.ts';
import type { Config } from './config.ts';

const OWN_FILE = 'master-key';

function read(file: string): readonly Uint8Array[] {
  try {
    return parseMasterKeys(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof AvicennaError) throw error;
    throw new AvicennaError('FILE_UNREADABLE', 'The file of the master keys cannot be read.', file);
  }
}

/** The data folder's own file; null where the settings name another place. */
export const ownKeyFile = (data: string, config: Config): string | null =>
  config.AVICENNA_MASTER_KEY === undefined && config.AVICENNA_MASTER_KEY_FILE === undefined ? join(data, OWN_FILE) : null;

/** @throws AvicennaError CONFIG_INVALID, FILE_UNREADABLE when they are read */
export function masterKeysOf(data: string, config: Config): MasterKeys {
  return new MasterKeys(sourceOf(data, config));
}

function sourceOf(data: string, { AVICENNA_MASTER_KEY: given, AVICENNA_MASTER_KEY_FILE: file }: Config): MasterKeySource {
  if (given !== undefined) return { name: 'AVICENNA_MASTER_KEY', read: () => parseMasterKeys(given, 'AVICENNA_MASTER_KEY') };
  if (file !== undefined) return { name: file, read: () => read(file) };
  const own = join(data, OWN_FILE);
  return {
    name: own,
    read: (make) => {
      if (make && !existsSync(own)) writeOnce(own, `${newMasterKey()}\n`);
      return existsSync(own) ? read(own) : [];
    },
  };
}

/** Puts other lines into the file at once: whoever reads it sees the old ones or the new ones. */
function replaceLines(file: string, lines: readonly string[]): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, `${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(partial, file);
}

const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split(/\s+/).filter(Boolean) : []);

/** A new key before those that are in the file. */
export const addMasterKey = (file: string): void => replaceLines(file, [newMasterKey(), ...linesOf(file)]);

/** Leaves the key in use alone in the file. */
export const dropOldKeys = (file: string): void => replaceLines(file, linesOf(file).slice(0, 1));
