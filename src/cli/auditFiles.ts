/** What the audit keeps beside its entries: the key that heads are signed with, and the signed heads. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Audit } from '../access/audit/audit.ts';
import type { Head } from '../access/audit/entry.ts';
import { newSigningKey, publicKeyOf, type SigningKey, signingKey } from '../access/audit/signing.ts';
import { AvicennaError } from '../errors.ts';
import { writeOnce } from '../writeOnce.ts';
import type { Config } from './config.ts';
import { openAuditLog } from './openLog.ts';

const KEY_FILE = 'audit-key.pem';
/** One signed head a line: to be copied to where whoever runs the server cannot change it. */
export const HEADS_FILE = 'audit-heads.jsonl';

const headSchema = z.object({ writer: z.string(), n: z.number().int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Where a data folder has its key, unless the settings name another. */
export const auditKeyFile = (data: string, config: Config): string => config.AVICENNA_AUDIT_KEY ?? join(data, KEY_FILE);

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new AvicennaError('FILE_UNREADABLE', 'The key of the audit cannot be read.', file);
  }
}

/** The key, made where the data folder has none. @throws AvicennaError FILE_UNREADABLE */
function keyOf(data: string, config: Config): SigningKey {
  const file = auditKeyFile(data, config);
  if (config.AVICENNA_AUDIT_KEY === undefined && !existsSync(file)) writeOnce(file, newSigningKey());
  const pem = readPem(file);
  try {
    return signingKey(pem);
  } catch {
    throw new AvicennaError('FILE_UNREADABLE', 'The key of the audit is no Ed25519 key in PEM (PKCS #8).', file);
  }
}

/** Public keys of files, SPKI in base64. @throws AvicennaError FILE_UNREADABLE */
export function readPublicKey(file: string): string {
  const pem = readPem(file);
  try {
    return publicKeyOf(pem);
  } catch {
    throw new AvicennaError('FILE_UNREADABLE', 'The file has no key in PEM.', file);
  }
}

/** @throws AvicennaError FILE_UNREADABLE, naming the line */
export function readHeads(file: string): Head[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (text.trim() === '') return [];
    try {
      const { writer, n, hash } = headSchema.parse(JSON.parse(text));
      return [{ writer, n, hash }];
    } catch {
      throw new AvicennaError('FILE_UNREADABLE', 'Expected a signed head: {"writer","n","hash"}.', `${file}:${index + 1}`);
    }
  });
}

/** The audit of a data folder. Nothing is opened or made before something is recorded. */
export function auditOf(data: string, config: Config, log: Logger): Audit {
  return new Audit({
    open: () => openAuditLog(data, config),
    key: () => keyOf(data, config),
    onSeal: (head) => {
      appendFileSync(join(data, HEADS_FILE), `${JSON.stringify(head)}\n`, { mode: 0o600 });
      log.info(head, 'the audit is signed up to here');
    },
  });
}
