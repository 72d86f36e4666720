/** The audit as the platform has it: entries are written, looked up by patient, and checked. Opened with the first of these. */
import type { EventLog } from '../../events/eventLog.ts';
import { AuditChain, type ChainParts } from './auditChain.ts';
import { type Access, type AccessEntry, decodeEntry, type Head } from './entry.ts';
import { ChainVerifier, type Verification } from './verifyChain.ts';

/** An operation without its values: the SHA-256 of its text, and the fields of patients' data that it asks for. */
export interface AuditedDocument {
  readonly document: string;
  readonly fields: readonly string[];
}

export interface AuditParts {
  /** Opens the log of entries, a log of its own. */
  readonly open: () => Promise<EventLog>;
  /** The key that this writer signs with; asked for with the first entry. */
  readonly key: ChainParts['key'];
  readonly onSeal: ChainParts['onSeal'];
}

/** An entry about a patient, with the fields of its operation. */
export interface TrailEntry {
  /** Its place in the log. */
  readonly seq: string;
  readonly hash: string;
  readonly entry: AccessEntry;
  readonly fields: readonly string[];
}

interface Opened {
  readonly log: EventLog;
  readonly chain: AuditChain;
}

export class Audit {
  readonly #parts: AuditParts;
  #opened: Promise<Opened> | undefined;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#parts.open().then((log) => {
      const { key, onSeal } = this.#parts;
      return { log, chain: new AuditChain({ log, key, onSeal }) };
    });
    this.#opened.catch(() => {
      this.#opened = undefined;
    });
    return this.#opened;
  }

  /** Opens the log now, so that what is wrong with it is known at the start. @throws AvicennaError */
  async ready(): Promise<void> {
    await (await this.#open()).log.health();
  }

  /** Resolves when all of it is on disk. @throws AvicennaError AUDIT_UNAVAILABLE: what was to be shown must not be */
  async record(accesses: readonly Access[], asked: AuditedDocument | null = null): Promise<void> {
    if (accesses.length === 0) return;
    const { chain } = await this.#open();
    const written = accesses.map((access) => ({ kind: 'ACCESS', ...access }) as const);
    if (!asked || chain.knows(asked.document)) return chain.add(written);
    return chain.add([{ kind: 'DOCUMENT', document: asked.document, fields: [...asked.fields] }, ...written]);
  }

  /** Entries about a patient, the newest first; those before a place where one is given. */
  async trail(patient: string, before: string | null, limit: number): Promise<TrailEntry[]> {
    const { log } = await this.#open();
    const found = (await log.history(`patient.${patient}`, before, limit)).flatMap(({ seq, msgId, body }) => {
      const entry = decodeEntry(body);
      return entry?.kind === 'ACCESS' ? [{ seq, hash: msgId, entry }] : [];
    });
    const documents = [...new Set(found.flatMap(({ entry: { document } }) => document ?? []))];
    const fields = new Map(await Promise.all(documents.map(async (document) => [document, await fieldsOf(log, document)] as const)));
    return found.map((one) => ({ ...one, fields: fields.get(one.entry.document ?? '') ?? [] }));
  }

  /**
   * Goes through all entries of all writers.
   * @param trusted public keys of the writers, SPKI in base64; null to believe what each says of its own
   * @param heads signed heads that were kept elsewhere
   */
  async verify(trusted: readonly string[] | null, heads: readonly Head[]): Promise<Verification> {
    const { log } = await this.#open();
    const verifier = new ChainVerifier(trusted);
    for (const head of heads) verifier.expect(head);
    for await (const item of log.read({ after: '0' })) if (item.kind === 'event') verifier.take(item);
    return verifier.end();
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    if (!opened) return;
    await opened.chain.close().catch(() => undefined);
    await opened.log.close();
  }
}

async function fieldsOf(log: EventLog, document: string): Promise<readonly string[]> {
  const found = await log.lastBySubject(`document.${document}`);
  const entry = found && decodeEntry(found.body);
  return entry?.kind === 'DOCUMENT' ? entry.fields : [];
}
