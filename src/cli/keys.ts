/** `avicenna keys rotate`: puts the key of every patient in the wrapping of another master key. */

import { existsSync } from 'node:fs';
import { AvicennaError } from '../errors.ts';
import { PatientKeys, type Rotated } from '../events/sealed/patientKeys.ts';
import { SqliteLog } from '../events/sqlite/sqliteLog.ts';
import { readConfig } from './config.ts';
import { addMasterKey, dropOldKeys, masterKeysOf, ownKeyFile } from './masterKeyFile.ts';
import { isSealed, logFile } from './openLog.ts';
import { line, note, refuse } from './output.ts';

interface RotateOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** With the file of the data folder the new key is made here; elsewhere whoever keeps the keys has put it first. */
async function rotated(data: string): Promise<Rotated> {
  const config = readConfig(process.env);
  const file = logFile(data, config);
  if (!isSealed(config))
    throw new AvicennaError('CONFIG_INVALID', 'The payloads of a log in NATS are not sealed: there is no key.', 'NATS_URL');
  if (!existsSync(file)) throw new AvicennaError('FILE_UNREADABLE', 'There is no event log in the folder.', file);
  const own = ownKeyFile(data, config);
  if (own) addMasterKey(own);
  const log = new SqliteLog(file);
  try {
    const keys = new PatientKeys(log, masterKeysOf(data, config));
    const done = await keys.rotate();
    if (!own) return done;
    // Not before every key is in the new one's wrapping: an interruption leaves both. A server may have made a key by the old one a moment
    // ago: what it kept before this is seen now, and what it keeps later it wraps again itself.
    dropOldKeys(own);
    const { rewrapped } = await keys.rotate();
    return { ...done, rewrapped: done.rewrapped + rewrapped };
  } finally {
    await log.close();
  }
}

export async function keysRotate({ data, json = false }: RotateOptions): Promise<void> {
  try {
    const { masterKey, rewrapped, current, destroyed } = await rotated(data);
    if (json) await line(JSON.stringify({ masterKey, rewrapped, current, destroyed }));
    else note(`${rewrapped} keys are in the wrapping of master key ${masterKey} now, ${current} were; ${destroyed} were destroyed.`);
  } catch (error) {
    await refuse(error, json);
  }
}
