/** Tokens for trying things out on one machine: made with a key that lies in the data folder, taken over the loopback interface only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type Actor, type ROLES, WIDEST } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import { writeOnce } from '../writeOnce.ts';
import type { Trusted } from './issuers.ts';

export const DEVELOPMENT_ISSUER = 'avicenna-development';
const AUDIENCE = 'avicenna';
const KEY_FILE = 'development-key.json';
const ALGORITHM = 'ES256';

export type TokenRole = (typeof ROLES)[number];

export interface TokenRequest {
  readonly role: TokenRole;
  readonly subject?: string | undefined;
  readonly patient?: string | undefined;
  readonly sites?: readonly string[] | undefined;
  readonly purpose?: Actor['purpose'] | undefined;
  readonly scope?: string | undefined;
  readonly syntheticOnly?: boolean;
  readonly minutes: number;
}

/** The key of a data folder, made where there is none. @throws AvicennaError FILE_UNREADABLE */
async function keyOf(data: string): Promise<JWK> {
  const file = join(data, KEY_FILE);
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    writeOnce(file, JSON.stringify(await exportJWK(privateKey)));
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch {
    throw new AvicennaError('FILE_UNREADABLE', 'The key of development tokens cannot be read: remove it, and another is made.', file);
  }
}

/** What is trusted where only development tokens are. */
export async function developmentTrust(data: string): Promise<Trusted> {
  const { d: _secret, ...publicKey } = await keyOf(data);
  const keys = createLocalJWKSet({ keys: [{ ...publicKey, alg: ALGORITHM, use: 'sig' }] });
  const issuer = { issuer: DEVELOPMENT_ISSUER, audience: AUDIENCE, keys };
  return { issuers: new Map([[DEVELOPMENT_ISSUER, issuer]]), revoked: new Set(), files: [] };
}

/** @throws AvicennaError FILE_UNREADABLE */
export async function developmentToken(data: string, request: TokenRequest): Promise<string> {
  const { role, subject = `demo-${role.toLowerCase()}`, patient, sites, purpose, scope = WIDEST[role], syntheticOnly, minutes } = request;
  const key = await importJWK(await keyOf(data), ALGORITHM);
  return new SignJWT({
    role,
    scope,
    ...(patient && { patient }),
    ...(sites && { sites }),
    ...(purpose && { purpose }),
    ...(syntheticOnly && { synthetic_only: true }),
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${minutes}m`)
    .sign(key);
}
