/** The key of each patient: made with the first event, kept in memory for a while, gone for good once it was destroyed. */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AvicennaError } from '../../errors.ts';
import type { KeyStore, StoredKey } from './keyStore.ts';
import { KEY_BYTES, MasterKeys } from './masterKeys.ts';

export const DESTROYED = Symbol('destroyed');
export type PatientKey = Uint8Array | typeof DESTROYED;

const MOST_KEPT = 100_000;
const AT_ONCE = 1000;

/** What a rotation came to. */
export interface Rotated {
  /** Id of the master key in use. */
  readonly masterKey: string;
  readonly rewrapped: number;
  /** Keys that were in the wrapping of the key in use already. */
  readonly current: number;
  readonly destroyed: number;
}

export class PatientKeys {
  readonly #store: KeyStore;
  readonly #master: MasterKeys;
  readonly #kept = new LRUCache<string, Uint8Array | typeof DESTROYED>({ max: MOST_KEPT });

  constructor(store: KeyStore, master: MasterKeys) {
    this.#store = store;
    this.#master = master;
  }

  #take({ subject, wrapped }: StoredKey): PatientKey {
    const key = wrapped ? this.#master.unwrap(subject, wrapped) : DESTROYED;
    this.#kept.set(subject, key);
    return key;
  }

  /** The key where it is in memory. */
  known(subject: string): PatientKey | undefined {
    return this.#kept.get(subject);
  }

  /** @throws AvicennaError KEY_UNAVAILABLE where there is none, or its master key is not given */
  async of(subject: string): Promise<PatientKey> {
    const known = this.#kept.get(subject);
    if (known) return known;
    const [stored] = await this.#store.keys([subject]);
    if (!stored) throw new AvicennaError('KEY_UNAVAILABLE', 'The key of a patient is not in the log, and was not destroyed.', subject);
    return this.#take(stored);
  }

  /** The keys of these subjects; made and on disk where there were none. */
  async ofAll(subjects: readonly string[]): Promise<Map<string, PatientKey>> {
    const found = new Map<string, PatientKey>();
    const unknown = [...new Set(subjects)].filter((subject) => {
      const known = this.#kept.get(subject);
      if (known) found.set(subject, known);
      return !known;
    });
    if (unknown.length === 0) return found;
    const stored = new Set((await this.#store.keys(unknown)).map(({ subject }) => subject));
    const fresh = unknown.filter((subject) => !stored.has(subject));
    if (fresh.length > 0) await this.#make(fresh);
    // What stands: another process may have made one at the same time, or destroyed it.
    for (const key of await this.#store.keys(unknown)) found.set(key.subject, this.#take(key));
    return found;
  }

  /** Keeps new keys. Where their master key was taken out of use meanwhile, whoever did that may not have seen them: they are wrapped again. */
  async #make(subjects: readonly string[]): Promise<void> {
    const id = this.#master.current;
    const made = subjects.map((subject) => ({ subject, key: randomBytes(KEY_BYTES) }));
    const wrapped = made.map(({ subject, key }) => ({ subject, wrapped: this.#master.wrap(subject, key, id) }));
    await this.#store.keepKeys(wrapped);
    if (wrapped[0] && !this.#master.isGiven(wrapped[0].wrapped)) await this.rewrap(await this.#store.keys(subjects));
  }

  /** Puts keys in the wrapping of the master key in use that are in another's. @returns how many */
  async rewrap(keys: readonly StoredKey[]): Promise<number> {
    const id = this.#master.current;
    const old = keys.flatMap(({ subject, wrapped }) =>
      wrapped && MasterKeys.wrapperOf(wrapped) !== id
        ? [{ subject, wrapped: this.#master.wrap(subject, this.#master.unwrap(subject, wrapped), id) }]
        : [],
    );
    if (old.length > 0) await this.#store.rewrapKeys(old);
    return old.length;
  }

  /** Forgets what is in memory: another process destroyed the key. */
  forget(subject: string): void {
    this.#kept.delete(subject);
  }

  async destroy(subject: string): Promise<void> {
    await this.#store.destroyKey(subject, new Date().toISOString());
    this.#kept.set(subject, DESTROYED);
  }

  /** Puts every key in the wrapping of the master key in use; what was put before an interruption stays. */
  async rotate(): Promise<Rotated> {
    const masterKey = this.#master.current;
    let [rewrapped, current, destroyed] = [0, 0, 0];
    for (let after = ''; ; ) {
      const page = await this.#store.keysAfter(after, AT_ONCE);
      const again = await this.rewrap(page);
      const gone = page.filter(({ wrapped }) => !wrapped).length;
      rewrapped += again;
      destroyed += gone;
      current += page.length - again - gone;
      if (page.length < AT_ONCE) return { masterKey, rewrapped, current, destroyed };
      after = page.at(-1)?.subject ?? '';
    }
  }
}
