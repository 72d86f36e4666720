/** The event log that the settings name: a file of the data directory, or a stream of NATS JetStream with a copy in that directory. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AvicennaError } from '../errors.ts';
import type { EventLog } from '../events/eventLog.ts';
import type { JetStreamLogOptions } from '../events/jetstream/jetstreamLog.ts';
import { PatientKeys } from '../events/sealed/patientKeys.ts';
import { SealedLog } from '../events/sealed/sealedLog.ts';
import { LOG_FILE } from '../events/sqlite/copies.ts';
import { SqliteLog } from '../events/sqlite/sqliteLog.ts';
import type { Config } from './config.ts';
import { masterKeysOf } from './masterKeyFile.ts';

/** Name of the copy in a data directory: replaced where it is not one of the stream. */
const COPY_FILE = 'events-copy.db';

/** The stream that the settings name; null where the log is the data directory's own file. */
export function streamOf(data: string, config: Config): JetStreamLogOptions | null {
  if (config.NATS_URL === undefined) return null;
  return {
    servers: config.NATS_URL,
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    stream: config.NATS_STREAM,
    monitors: config.NATS_MONITOR_URL,
    allowWeak: config.NATS_ALLOW_WEAK === '1',
    file: join(data, COPY_FILE),
  };
}

/** The file in which this machine has the log, whole or as a copy. */
export const logFile = (data: string, config: Config): string => streamOf(data, config)?.file ?? join(data, LOG_FILE);

/** Name of the file with the audit's entries, and of the copy where they are in a stream. */
export const AUDIT_FILE = 'audit.db';
const AUDIT_COPY_FILE = 'audit-copy.db';

/** The stream where there is one, or the file. */
async function open(stream: JetStreamLogOptions | null, file: string): Promise<EventLog> {
  // Loaded where it is used: the client of NATS is not small.
  if (stream) return (await import('../events/jetstream/jetstreamLog.ts')).JetStreamLog.open(stream);
  const log = new SqliteLog(file);
  await log.bounds();
  return log;
}

/** Whether payloads are sealed: in the data directory's own file they are, in a stream not yet (SECURITY.md). */
export const isSealed = ({ NATS_URL }: Config): boolean => NATS_URL === undefined;

/** A log in a file, read and written with the keys of its patients. */
export const sealedLog = (log: SqliteLog, data: string, config: Config): SealedLog =>
  new SealedLog(log, new PatientKeys(log, masterKeysOf(data, config)));

/** @throws AvicennaError LOG_UNAVAILABLE, LOG_TOO_WEAK */
export async function openLog(data: string, config: Config): Promise<SealedLog> {
  const log = await open(streamOf(data, config), join(data, LOG_FILE));
  return log instanceof SqliteLog ? sealedLog(log, data, config) : new SealedLog(log, null);
}

/** The log of who saw what: beside the log of events, in the same engine. @throws AvicennaError LOG_UNAVAILABLE, LOG_TOO_WEAK */
export function openAuditLog(data: string, config: Config): Promise<EventLog> {
  const stream = streamOf(data, config);
  const apart = stream && { ...stream, stream: `${stream.stream}-audit`, file: join(data, AUDIT_COPY_FILE) };
  return open(apart, join(data, AUDIT_FILE));
}

/** As `openLog`; a log that is not there is not made. @throws AvicennaError FILE_UNREADABLE */
export async function openExistingLog(data: string, config: Config): Promise<SealedLog> {
  const file = join(data, LOG_FILE);
  if (config.NATS_URL === undefined && !existsSync(file))
    throw new AvicennaError('FILE_UNREADABLE', 'There is no event log in the folder.', file);
  return openLog(data, config);
}
