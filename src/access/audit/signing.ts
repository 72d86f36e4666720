/** Ed25519 keys that seals are signed with. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { sha256Of } from '../../sha256.ts';

export interface SigningKey {
  /** The first 16 hexadecimal digits of the public key's SHA-256. */
  readonly id: string;
  /** SPKI, base64. */
  readonly publicKey: string;
  sign(text: Uint8Array): string;
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const idOf = (spki: Uint8Array): string => sha256Of(spki).slice(0, 16);
export const keyIdOf = (publicKey: string): string => idOf(Buffer.from(publicKey, 'base64'));

/** @param pem PKCS #8. @throws Error where it is no Ed25519 key */
export function signingKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('expected an Ed25519 key');
  const spki = spkiOf(createPublicKey(key));
  return { id: idOf(spki), publicKey: spki.toString('base64'), sign: (text) => sign(null, text, key).toString('base64') };
}

/** A new key, PKCS #8 in PEM. */
export const newSigningKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** The public key of a PEM file, private or public, SPKI in base64. @throws Error where it is none */
export const publicKeyOf = (pem: string): string => spkiOf(createPublicKey(pem)).toString('base64');

/** Whether a signature is that key's. */
export function isSigned(text: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, text, key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
