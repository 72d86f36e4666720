/**
 * One writer's chain of entries in a log of its own. Entries get their place when they are given, and are acknowledged once they are on
 * disk; those that come while others are written go together. The head is signed now and then, and when the writer ends.
 */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AvicennaError } from '../../errors.ts';
import type { AppendRequest, EventLog } from '../../events/eventLog.ts';
import { sha256Of } from '../../sha256.ts';
import { type AuditEntry, decodeEntry, encodeEntry, type Head, openedText, type Said, SEALS, sealedText, subjectOf } from './entry.ts';
import type { SigningKey } from './signing.ts';

export interface ChainParts {
  readonly log: EventLog;
  /** The key to sign with; asked for with the first entry. */
  readonly key: () => SigningKey;
  /** Told of each signed head: to be kept where the log's keeper cannot change it. */
  readonly onSeal: (head: Head & { readonly at: string }) => void;
}

export const SEAL_EVERY_MS = 60_000;
/** Entries that are signed together, at most. */
export const SEAL_AT = 1000;
/** Entries that are written together, at most. */
const MOST_AT_ONCE = 256;
/** Seals of others that are looked at for their heads, at most. */
const MOST_HEADS = 10;
/** Operations remembered as written down. */
const MOST_DOCUMENTS = 1000;

export class AuditChain {
  readonly #parts: ChainParts;
  readonly #writer = randomUUID();
  readonly #documents = new LRUCache<string, true>({ max: MOST_DOCUMENTS });
  readonly #waiting: AppendRequest[] = [];
  readonly #timer: NodeJS.Timeout;
  #n = 0;
  #hash = '';
  /** Number of the last seal, or of the entry that began the chain. */
  #sealed = 0;
  /** When the first entry after it was added. */
  #unsealedSince = 0;
  #seal: string | null = null;
  #opened: Promise<void> | undefined;
  #writing: Promise<void> | undefined;
  #sealing: Promise<void> | undefined;
  #key: SigningKey | undefined;

  constructor(parts: ChainParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.seal().catch(() => undefined), SEAL_EVERY_MS).unref();
  }

  /** The next place in the chain. */
  #next(): Pick<AuditEntry, 'writer' | 'n' | 'prev' | 'at'> {
    return { writer: this.#writer, n: this.#n + 1, prev: this.#hash, at: new Date().toISOString() };
  }

  /** Puts an entry at the place that it was given. */
  #put(entry: AuditEntry): void {
    const body = encodeEntry(entry);
    this.#n = entry.n;
    this.#hash = sha256Of(body);
    this.#waiting.push({ subject: subjectOf(entry), msgId: this.#hash, body });
  }

  #add(said: Said): void {
    this.#put({ ...this.#next(), ...said } as AuditEntry);
  }

  /** Heads that were signed, or begun, since this writer last named them. */
  async #othersHeads(): Promise<Head[]> {
    const heads = new Map<string, Head>();
    for (const { body, msgId } of await this.#parts.log.history(SEALS, null, MOST_HEADS)) {
      const entry = decodeEntry(body);
      if (!entry) continue;
      if (msgId === this.#seal) break;
      const { writer, n } = entry;
      if (writer !== this.#writer && !heads.has(writer)) heads.set(writer, { writer, n, hash: msgId });
    }
    return [...heads.values()];
  }

  /** The first entry of the chain, before any other. */
  #open(): Promise<void> {
    this.#opened ??= this.#othersHeads().then(
      (after) => {
        this.#key = this.#parts.key();
        const { publicKey } = this.#key;
        const linked = this.#next();
        this.#put({ ...linked, kind: 'OPENED', publicKey, after, signature: this.#key.sign(openedText({ ...linked, publicKey, after })) });
        this.#seal = this.#hash;
        this.#sealed = this.#n;
      },
      (error: unknown) => {
        this.#opened = undefined;
        throw error;
      },
    );
    return this.#opened;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.slice(0, MOST_AT_ONCE);
      // Written again where it is not known whether it was: the log takes an entry once, by its hash.
      await this.#parts.log.append(some);
      this.#waiting.splice(0, some.length);
    }
  }

  /** Waits until all that was added is on disk. */
  async #written(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  /**
   * Resolves when all of it is on disk.
   * @throws AvicennaError AUDIT_UNAVAILABLE: what was to be shown must not be
   */
  async add(entries: readonly Said[]): Promise<void> {
    if (entries.length === 0) return;
    try {
      await this.#open();
      // What could not be written comes first: the chain has no gap, and does not grow without end either.
      if (this.#waiting.length > MOST_AT_ONCE) await this.#written();
      // Where this program slept a seal is due before anything else.
      if (this.#n > this.#sealed && Date.now() - this.#unsealedSince > 2 * SEAL_EVERY_MS) await this.seal();
      if (this.#n === this.#sealed) this.#unsealedSince = Date.now();
      for (const said of entries) {
        // Those who come meanwhile wait here too: no more than so many stand without a signature.
        while (this.#n - this.#sealed >= SEAL_AT) await this.seal();
        this.#add(said);
      }
      await this.#written();
    } catch {
      throw new AvicennaError('AUDIT_UNAVAILABLE', 'It cannot be recorded who sees what: nothing is shown. Try again.');
    }
  }

  /** Whether an operation's fields were written down by this writer; from now on they were. */
  knows(document: string): boolean {
    if (this.#documents.has(document)) return true;
    this.#documents.set(document, true);
    return false;
  }

  /** Signs what was written since the last time. */
  seal(): Promise<void> {
    this.#sealing ??= this.#sealNow().finally(() => {
      this.#sealing = undefined;
    });
    return this.#sealing;
  }

  async #sealNow(): Promise<void> {
    const key = this.#key;
    if (!key || this.#n === this.#sealed) return;
    const after = await this.#othersHeads();
    const linked = { ...this.#next(), after };
    const { writer, n, prev, at } = linked;
    this.#put({ writer, n, prev, at, kind: 'SEAL', key: key.id, after, signature: key.sign(sealedText(linked)) });
    const head = { writer, n, hash: this.#hash };
    this.#sealed = n;
    this.#seal = head.hash;
    await this.#written();
    this.#parts.onSeal({ ...head, at });
  }

  /** Signs the last entries. The log is closed by whoever opened it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#written();
    await this.seal();
  }
}
