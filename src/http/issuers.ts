/** Who may name users here, with what keys: read from the file that AVICENNA_ISSUERS names and the key files that it names, and again when one of them changes. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AvicennaError, faultsInWords } from '../errors.ts';

export interface Issuer {
  /** The `iss` of its tokens, exactly. */
  readonly issuer: string;
  /** The `aud` of tokens that are for this server, exactly. */
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
}

export interface Trusted {
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** Ids (`jti`) of tokens that are taken back. */
  readonly revoked: ReadonlySet<string>;
  /** Files that it was read from. */
  readonly files: readonly string[];
}

const LOOK_EVERY_MS = 1000;
/** A new key of a publisher is known after so long at most; an unknown one is asked for at once, but not more often than COOLDOWN_MS. */
const KEYS_FRESH_MS = 10 * 60_000;
const COOLDOWN_MS = 30_000;

const fileSchema = z.strictObject({
  issuers: z
    .array(
      z.strictObject({ issuer: z.string().regex(/^[^|]+$/, 'an issuer without |'), audience: z.string().min(1), jwks: z.string().min(1) }),
    )
    .min(1),
  revoked: z.array(z.string()).default([]),
});

const isAddress = (place: string) => /^[a-z]+:\/\//.test(place);

function keysAt(place: string, folder: string): JWTVerifyGetKey {
  if (/^https:\/\//.test(place))
    return createRemoteJWKSet(new URL(place), { cacheMaxAge: KEYS_FRESH_MS, cooldownDuration: COOLDOWN_MS, timeoutDuration: 5000 });
  if (isAddress(place)) throw new Error(`'${place}' is neither a file nor an https address`);
  return createLocalJWKSet(JSON.parse(readFileSync(resolve(folder, place), 'utf8')) as JSONWebKeySet);
}

/** @throws AvicennaError CONFIG_INVALID with what is wrong */
function readIssuers(file: string): Trusted {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) throw new Error(faultsInWords(parsed.error));
    const { issuers, revoked } = parsed.data;
    const read = issuers.map(({ jwks, ...issuer }) => ({ ...issuer, keys: keysAt(jwks, dirname(file)) }));
    const files = [file, ...issuers.filter(({ jwks }) => !isAddress(jwks)).map(({ jwks }) => resolve(dirname(file), jwks))];
    return { issuers: new Map(read.map((one) => [one.issuer, one])), revoked: new Set(revoked), files };
  } catch (error) {
    throw new AvicennaError('CONFIG_INVALID', `AVICENNA_ISSUERS: ${(error as Error).message}`, file);
  }
}

/** When the files were changed last; one that is not there is being replaced. */
const changesOf = (files: readonly string[]) => files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null).join();

/**
 * The issuers of a file, looked at again once a second at most. One that is wrong after a change leaves those before it in force.
 * @param onFault told of a change that is wrong
 */
export function issuersOf(file: string, onFault: (error: AvicennaError) => void): () => Trusted {
  let trusted = readIssuers(file);
  let changed = changesOf(trusted.files);
  let looked = Date.now();
  return () => {
    if (Date.now() - looked < LOOK_EVERY_MS) return trusted;
    looked = Date.now();
    const now = changesOf(trusted.files);
    if (now === changed) return trusted;
    changed = now;
    try {
      trusted = readIssuers(file);
    } catch (error) {
      onFault(error as AvicennaError);
    }
    return trusted;
  };
}
