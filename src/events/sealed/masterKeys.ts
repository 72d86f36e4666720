/**
 * Master keys: they wrap the patients' keys and lie apart from the log, in a file or in the environment. The first is the one in use;
 * older ones stay until `avicenna keys rotate` has put every patient's key in the first one's wrapping.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AvicennaError } from '../../errors.ts';
import { sha256Of } from '../../sha256.ts';

/** AES-256-GCM: 256 bits of key, a nonce of 96 bits and a tag of 128 (NIST SP 800-38D). */
const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 8;

/** Nonce, ciphertext, tag. `about` is not hidden, but what was sealed opens with the same only. */
export function seal(key: Uint8Array, plain: Uint8Array, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(about, 'utf8'));
  const hidden = cipher.update(plain);
  return Buffer.concat([nonce, hidden, cipher.final(), cipher.getAuthTag()]);
}

/** Throws where it was sealed with another key, about something else, or is damaged. */
export function unseal(key: Uint8Array, sealed: Uint8Array, about: string): Buffer {
  const tagAt = sealed.length - TAG_BYTES;
  if (tagAt < NONCE_BYTES) throw new Error('too short');
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(about, 'utf8'))
    .setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagAt)), decipher.final()]);
}

const idOf = (key: Uint8Array) => sha256Of(key).slice(0, 2 * ID_BYTES);

export const newMasterKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/** @param text one key a line, base64, the one in use first @throws AvicennaError CONFIG_INVALID, which names no key */
export function parseMasterKeys(text: string, at: string): Uint8Array[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((line) => new Uint8Array(Buffer.from(line, 'base64')));
  if (keys.length === 0 || keys.some(({ length }) => length !== KEY_BYTES))
    throw new AvicennaError('CONFIG_INVALID', 'Expected master keys: 32 bytes each in base64, the one in use first.', at);
  return keys;
}

/** Where the keys are. */
export interface MasterKeySource {
  /** The keys as they are now, the one in use first; made where there are none and `make` asks for it. */
  read(make: boolean): readonly Uint8Array[];
  /** Names the source in errors. */
  readonly name: string;
}

export class MasterKeys {
  readonly #source: MasterKeySource;
  /** Those that were given once, too: another process may just be taking them out of use. */
  readonly #byId = new Map<string, Uint8Array>();
  /** Ids of those that are given now, the one in use first. */
  #given: readonly string[] = [];

  constructor(source: MasterKeySource) {
    this.#source = source;
  }

  #read(make: boolean): void {
    const keys = this.#source.read(make).map((key) => [idOf(key), key] as const);
    for (const [id, key] of keys) this.#byId.set(id, key);
    this.#given = keys.map(([id]) => id);
  }

  /** Id of the key in use: 16 hexadecimal digits. */
  get current(): string {
    this.#read(true);
    return this.#given[0] as string;
  }

  /** Whether a key is in the wrapping of a master key that is given still. */
  isGiven(wrapped: Uint8Array): boolean {
    this.#read(false);
    return this.#given.includes(MasterKeys.wrapperOf(wrapped));
  }

  /** @param id of the master key to wrap it by: the one in use where left out, as the source has it now */
  wrap(subject: string, key: Uint8Array, id = this.current): Uint8Array {
    return Buffer.concat([Buffer.from(id, 'hex'), seal(this.#byId.get(id) as Uint8Array, key, subject)]);
  }

  /** Id of the master key that a key is wrapped by. */
  static wrapperOf(wrapped: Uint8Array): string {
    return Buffer.from(wrapped.subarray(0, ID_BYTES)).toString('hex');
  }

  /** @throws AvicennaError KEY_UNAVAILABLE */
  unwrap(subject: string, wrapped: Uint8Array): Uint8Array {
    const id = MasterKeys.wrapperOf(wrapped);
    // Another process may have rotated the keys since they were read.
    if (!this.#byId.has(id)) this.#read(false);
    const master = this.#byId.get(id);
    if (!master)
      throw new AvicennaError(
        'KEY_UNAVAILABLE',
        `What was recorded is sealed under master key ${id}, which is not among those given: put it back.`,
        this.#source.name,
      );
    try {
      return unseal(master, wrapped.subarray(ID_BYTES), subject);
    } catch {
      throw new AvicennaError('KEY_UNAVAILABLE', "A patient's key is damaged, or was put under another patient.", subject);
    }
  }
}
