/**
 * Whether the entries are all there, as they were written and in their order. What a writer wrote after its last seal is bound to what
 * came before, but not signed: who holds the log could have cut it off, unless a head is kept elsewhere.
 */
import type { LogEvent } from '../../events/eventLog.ts';
import { sha256Of } from '../../sha256.ts';
import { SEAL_AT, SEAL_EVERY_MS } from './auditChain.ts';
import { type AuditEntry, decodeEntry, type Head, type OpenedEntry, openedText, type SealEntry, sealedText, subjectOf } from './entry.ts';
import { isSigned, keyIdOf } from './signing.ts';

/**
 * ALTERED: the entry is not what its hash was made of, or cannot be read. MISSING: entries before it, or one that another entry or a kept
 * head names, are not there. REORDERED: an entry stands before one that it follows. SIGNATURE: the signature of a seal, or of a chain's
 * first entry, is not its writer's key's. UNKNOWN_KEY: the writer's key is none of those that are trusted, or it has named none. UNSEALED:
 * more entries, or a longer time, without a seal than a writer leaves.
 */
export type ChainFault = 'ALTERED' | 'MISSING' | 'REORDERED' | 'SIGNATURE' | 'UNKNOWN_KEY' | 'UNSEALED';

export interface Fault {
  readonly fault: ChainFault;
  readonly writer: string | null;
  /** Number of the entry within its writer's chain; null where it cannot be read. */
  readonly n: number | null;
  /** Place in the log; null of what is not there. */
  readonly seq: string | null;
}

export interface Verification {
  readonly entries: number;
  readonly writers: number;
  readonly seals: number;
  /** Entries after the last seal of their writer. */
  readonly unsealed: number;
  readonly faults: readonly Fault[];
}

interface Chain {
  n: number;
  hash: string;
  sealed: number;
  /** When the first entry after the last seal was made; null where there is none. */
  unsealedSince: string | null;
  /** Whether it was told that a seal is overdue. */
  overdue: boolean;
  readonly publicKey: string | null;
  /** Hashes of the entries that others name: where it began, and its seals. */
  readonly named: Map<number, string>;
}

/** A seal is late where the log was away or the machine busy, not by this much. */
const MOST_UNSEALED = 2 * SEAL_AT;
const LONGEST_UNSEALED_MS = 15 * SEAL_EVERY_MS;

const MOST_FAULTS = 1000;

/** Whether whoever began the chain had the key that it names. */
const isOpenedBy = (entry: OpenedEntry) => isSigned(openedText(entry), entry.signature ?? '', entry.publicKey);

export class ChainVerifier {
  readonly #trusted: ReadonlySet<string> | null;
  readonly #chains = new Map<string, Chain>();
  readonly #named = new Map<string, Head>();
  readonly #faults: Fault[] = [];
  #entries = 0;
  #seals = 0;

  /** @param trusted public keys, SPKI in base64; null to believe what each writer says of its own */
  constructor(trusted: readonly string[] | null) {
    this.#trusted = trusted && new Set(trusted);
  }

  #fault(fault: ChainFault, entry: Pick<AuditEntry, 'writer' | 'n'> | null, seq: string | null): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push({ fault, writer: entry?.writer ?? null, n: entry?.n ?? null, seq });
  }

  /** Takes the next entry of the log. */
  take({ seq, msgId, subject, body }: LogEvent): void {
    this.#entries += 1;
    const entry = decodeEntry(body);
    const hash = sha256Of(body);
    if (!entry || hash !== msgId || subject !== subjectOf(entry)) this.#fault('ALTERED', entry, seq);
    if (!entry) return;
    this.#named.delete(hash);
    const chain = this.#chains.get(entry.writer) ?? this.#begin(entry, seq);
    this.#follow(chain, entry, hash, seq);
    if (entry.kind === 'SEAL') this.#checkSeal(chain, entry, seq);
    else this.#checkOverdue(chain, entry, seq);
    if (entry.kind !== 'OPENED' && entry.kind !== 'SEAL') return;
    this.#checkAfter(entry, seq);
    chain.named.set(entry.n, hash);
  }

  #begin(entry: AuditEntry, seq: string): Chain {
    const publicKey = entry.kind === 'OPENED' ? entry.publicKey : null;
    if (publicKey === null || (this.#trusted && !this.#trusted.has(publicKey))) this.#fault('UNKNOWN_KEY', entry, seq);
    if (entry.kind === 'OPENED' && !isOpenedBy(entry)) this.#fault('SIGNATURE', entry, seq);
    const chain: Chain = { n: 0, hash: '', sealed: 0, unsealedSince: null, overdue: false, publicKey, named: new Map() };
    this.#chains.set(entry.writer, chain);
    return chain;
  }

  /** Whether the entry is the next of its chain; then the chain goes on from it, that one fault is told once. */
  #follow(chain: Chain, entry: AuditEntry, hash: string, seq: string): void {
    if (entry.n <= chain.n) this.#fault('REORDERED', entry, seq);
    else if (entry.n > chain.n + 1) this.#fault('MISSING', entry, seq);
    else if (entry.prev !== chain.hash) this.#fault('ALTERED', { writer: entry.writer, n: chain.n }, seq);
    if (entry.n <= chain.n) return;
    chain.n = entry.n;
    chain.hash = hash;
  }

  #checkSeal(chain: Chain, seal: SealEntry, seq: string): void {
    this.#seals += 1;
    const isOwn = chain.publicKey !== null && keyIdOf(chain.publicKey) === seal.key;
    if (!isOwn || !isSigned(sealedText(seal), seal.signature, chain.publicKey as string)) this.#fault('SIGNATURE', seal, seq);
    chain.sealed = seal.n;
    chain.unsealedSince = null;
  }

  #checkOverdue(chain: Chain, entry: AuditEntry, seq: string): void {
    chain.unsealedSince ??= entry.at;
    const isOverdue =
      chain.n - chain.sealed > MOST_UNSEALED || Date.parse(entry.at) - Date.parse(chain.unsealedSince) > LONGEST_UNSEALED_MS;
    if (isOverdue && !chain.overdue) this.#fault('UNSEALED', entry, seq);
    chain.overdue ||= isOverdue;
  }

  /** What an entry names as written before it must have been passed, as it was named. */
  #checkAfter({ after, writer, n }: Pick<SealEntry, 'after' | 'writer' | 'n'>, seq: string): void {
    for (const head of after) {
      const chain = this.#chains.get(head.writer);
      if ((chain?.n ?? 0) < head.n) this.#fault('MISSING', { writer, n }, seq);
      else if (chain?.named.get(head.n) !== head.hash) this.#fault('ALTERED', head, null);
    }
  }

  /** A signed head that was kept elsewhere: the entry must be there. Given before the entries are taken. */
  expect(head: Head): void {
    this.#named.set(head.hash, head);
  }

  end(): Verification {
    for (const head of this.#named.values()) this.#fault('MISSING', head, null);
    let unsealed = 0;
    for (const { n, sealed } of this.#chains.values()) unsealed += n - sealed;
    return { entries: this.#entries, writers: this.#chains.size, seals: this.#seals, unsealed, faults: this.#faults };
  }
}
