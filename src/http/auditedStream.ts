/** The audit of one subscription: its start, each patient's first event before it is sent, and its end with the range of cursors. */
import type { AuditedDocument } from '../access/audit/audit.ts';
import { type Asked, accessOf } from '../access/audit/noted.ts';
import type { Context } from '../graphql/context.ts';
import type { StreamItem } from '../graphql/eventStream.ts';

/** Patients remembered as delivered; beyond that they are noted again. */
const MOST_PATIENTS = 10_000;

export class AuditedStream {
  readonly #context: Context;
  readonly #document: AuditedDocument;
  readonly #asked: Asked;
  readonly #delivered = new Set<string>();
  #first: string | null = null;
  #last: string | null = null;
  #ended = false;

  constructor(context: Context, document: AuditedDocument, operation: string | null) {
    this.#context = context;
    this.#document = document;
    this.#asked = { document: document.document, operation };
  }

  #record(said: Parameters<typeof accessOf>[2]): Promise<void> {
    const { audit, actor } = this.#context;
    return audit.record([accessOf(actor, this.#asked, said)], this.#document);
  }

  /** @throws AvicennaError AUDIT_UNAVAILABLE: the stream does not begin */
  started(): Promise<void> {
    return this.#record({ action: 'STREAM_STARTED' });
  }

  /** Writes down, before an item is sent, that its patient's events are. @throws AvicennaError AUDIT_UNAVAILABLE */
  async before({ about }: StreamItem<unknown>): Promise<void> {
    if (!about || this.#delivered.has(about.patient)) return;
    await this.#record({ action: 'STREAM_DELIVERED', ...about });
    if (this.#delivered.size >= MOST_PATIENTS) this.#delivered.clear();
    this.#delivered.add(about.patient);
  }

  sent(cursor: string): void {
    this.#first ??= cursor;
    this.#last = cursor;
  }

  /** Once, however often it is called. That it cannot be written keeps nothing open. */
  async ended(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const cursors: [string, string] | null = this.#first !== null && this.#last !== null ? [this.#first, this.#last] : null;
    await this.#record({ action: 'STREAM_ENDED', cursors }).catch(() => undefined);
  }
}
