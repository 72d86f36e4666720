/** `avicenna audit verify`: whether the audit is as it was written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Head } from '../access/audit/entry.ts';
import type { Fault, Verification } from '../access/audit/verifyChain.ts';
import { AvicennaError } from '../errors.ts';
import { callApi } from './api.ts';
import { auditKeyFile, auditOf, HEADS_FILE, readHeads, readPublicKey } from './auditFiles.ts';
import { readConfig } from './config.ts';
import { AUDIT_FILE } from './openLog.ts';
import { openStore } from './openPlatform.ts';
import { EXIT, line, note, refuse } from './output.ts';

export interface AuditOptions {
  readonly data: string;
  readonly url?: string;
  readonly key?: readonly string[];
  readonly heads?: readonly string[];
  readonly json?: boolean;
}

const BY_SERVER = '{ auditVerification { entries writers seals unsealed faults { fault writer n seq } } }';

const WORDS: Readonly<Record<Fault['fault'], string>> = {
  ALTERED: 'is not as it was written',
  MISSING: 'follows on entries that are not there, or is not there itself',
  REORDERED: 'is out of its order',
  SIGNATURE: "has a signature that is not its writer's",
  UNKNOWN_KEY: 'is of a writer whose key is not among those named, or who names none',
  UNSEALED: 'comes later after the last signature than a writer leaves it',
};

/** Public keys that are believed: those named, or that of the data folder; null where there is neither. */
function trustedKeys({ data, key }: AuditOptions): string[] | null {
  const own = auditKeyFile(data, readConfig(process.env));
  const files = key ?? (existsSync(own) ? [own] : []);
  return files.length === 0 ? null : files.map(readPublicKey);
}

function knownHeads({ data, heads = [] }: AuditOptions): Head[] {
  const own = join(data, HEADS_FILE);
  return [...(existsSync(own) ? [own] : []), ...heads].flatMap(readHeads);
}

async function verifyHere(options: AuditOptions): Promise<Verification> {
  const config = readConfig(process.env);
  const file = join(options.data, AUDIT_FILE);
  if (config.NATS_URL === undefined && !existsSync(file))
    throw new AvicennaError('FILE_UNREADABLE', 'There is no audit in the folder.', file);
  // Two at once in one folder: refused as everywhere.
  const store = openStore(options.data, config);
  const audit = auditOf(options.data, config, pino({ level: 'silent' }));
  try {
    return await audit.verify(trustedKeys(options), knownHeads(options));
  } finally {
    await audit.close();
    await store.close();
  }
}

/** Ends with 1 where anything is wrong. */
export async function auditVerify(options: AuditOptions): Promise<void> {
  const { url, json = false } = options;
  try {
    const found =
      url === undefined
        ? await verifyHere(options)
        : (await callApi<{ auditVerification: Verification }>(url, BY_SERVER, {})).auditVerification;
    if (found.faults.length > 0) process.exitCode = EXIT.refused;
    if (json) return await line(JSON.stringify(found));
    for (const { fault, writer, n, seq } of found.faults)
      await line(`entry ${n ?? '?'} of writer ${writer ?? '?'}${seq === null ? '' : ` (place ${seq})`} ${WORDS[fault]} [${fault}]`);
    const { entries, writers, seals, unsealed, faults } = found;
    note(`${entries} entries of ${writers} writers, ${seals} signatures, ${unsealed} not signed yet: ${faults.length} faults.`);
  } catch (error) {
    await refuse(error, json);
  }
}
