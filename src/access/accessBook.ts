/**
 * Decisions at each delivery of a stream: what they rest on is read once for a patient and kept until an event of the log changes it.
 * An event is decided on with all that was recorded before it, so that a withdrawal holds from the next delivery on.
 */
import { LRUCache } from 'lru-cache';
import { AvicennaError } from '../errors.ts';
import { envelopeOf } from '../events/envelope.ts';
import { compareSeq, type EventLog, type LogEvent } from '../events/eventLog.ts';
import type { LiveTail } from '../events/liveTail.ts';
import { Waiter } from '../events/waiter.ts';
import { accessFacts } from '../store/cypher/access.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { type Actor, scopeKey } from './actor.ts';
import { type AccessDecision, decide, type PatientFacts } from './decide.ts';
import { readFacts } from './gate.ts';

export interface BookParts {
  readonly store: GraphStore;
  readonly log: Pick<EventLog, 'bounds'>;
  readonly tail: LiveTail;
  /** Says whether the graph shows an event, within a time. */
  readonly projector: { waitFor(seq: string, timeoutMs: number): Promise<boolean> };
}

const CHANGES_ACCESS: ReadonlySet<string> = new Set(['patient.registered', 'consent.set', 'emergency.opened', 'patient.erased']);
const MOST_PATIENTS = 50_000;
const VISIBLE_WITHIN_MS = 2000;

interface Entry {
  readonly facts: PatientFacts;
  readonly decided: Map<string, AccessDecision>;
}

const keyOf = (actor: Actor, { consents }: PatientFacts) =>
  consents.some(({ openedBy }) => openedBy !== null) ? `${actor.id} ${scopeKey(actor)}` : scopeKey(actor);

export class AccessBook {
  readonly #parts: BookParts;
  readonly #entries = new LRUCache<string, Entry>({ max: MOST_PATIENTS });
  /** Patients who are being read: true once an event changed them meanwhile, so that what was read is not kept. */
  readonly #reading = new Map<string, { stale: boolean }>();
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #started: Promise<void> | undefined;
  #seq = '0';
  #failed = false;

  constructor(parts: BookParts) {
    this.#parts = parts;
  }

  #start(): Promise<void> {
    this.#started ??= this.#parts.log.bounds().then(({ lastSeq }) => {
      this.#seq = lastSeq;
      void this.#follow().catch(() => this.#end());
    });
    return this.#started;
  }

  async #follow(): Promise<void> {
    for await (const item of this.#parts.tail.read({ after: this.#seq, signal: this.#stop.signal })) {
      if (item.kind === 'event') this.#note(item);
      this.#seq = item.seq;
      for (const wake of this.#waiting) wake();
    }
    this.#end();
  }

  /** The log is followed no more: nothing can be decided. */
  #end(): void {
    this.#failed = true;
    for (const wake of this.#waiting) wake();
  }

  #note(item: LogEvent): void {
    if (!CHANGES_ACCESS.has(typeOf(item))) return;
    const patient = item.subject.replace(/^patient\./, '');
    this.#entries.delete(patient);
    const reading = this.#reading.get(patient);
    if (reading) reading.stale = true;
  }

  /** Waits until every event up to this one was looked at. */
  async #reached(seq: string): Promise<void> {
    const waiter = new Waiter();
    this.#waiting.add(waiter.wake);
    while (compareSeq(this.#seq, seq) < 0 && !this.#failed) {
      waiter.look();
      await waiter.next();
    }
    this.#waiting.delete(waiter.wake);
    if (this.#failed) throw new AvicennaError('LOG_UNAVAILABLE', 'The log is followed no more: what may be seen cannot be decided.');
  }

  /** Reads what the graph shows once it shows all that was looked at in the log: a change that was acknowledged is among it. */
  async #read(patient: string): Promise<Entry | null> {
    const reading = { stale: false };
    this.#reading.set(patient, reading);
    try {
      if (!(await this.#parts.projector.waitFor(this.#seq, VISIBLE_WITHIN_MS)))
        throw new AvicennaError('GRAPH_UNAVAILABLE', 'The graph does not show yet what the patient agreed to.');
      const [row] = await this.#parts.store.read<{ facts: PatientFacts }>(accessFacts([patient]));
      if (!row) return null;
      const entry = { facts: readFacts(row.facts), decided: new Map() };
      if (!reading.stale) this.#entries.set(patient, entry);
      return entry;
    } finally {
      if (this.#reading.get(patient) === reading) this.#reading.delete(patient);
    }
  }

  /**
   * What the actor may see of a patient at the delivery of an event; null where there is no such patient.
   * @throws AvicennaError LOG_UNAVAILABLE, GRAPH_UNAVAILABLE where it cannot be decided
   */
  async at(seq: string, actor: Actor, patient: string): Promise<AccessDecision | null> {
    await this.#start();
    if (compareSeq(this.#seq, seq) < 0 || this.#failed) await this.#reached(seq);
    const entry = this.#entries.get(patient) ?? (await this.#read(patient));
    if (!entry) return null;
    const now = new Date().toISOString();
    const key = keyOf(actor, entry.facts);
    const known = entry.decided.get(key);
    if (known && (known.until === null || known.until > now)) return known;
    const decision = decide(actor, entry.facts, now);
    entry.decided.set(key, decision);
    return decision;
  }

  close(): void {
    this.#stop.abort();
  }
}

function typeOf(item: LogEvent): string {
  try {
    return envelopeOf(item).type;
  } catch {
    return '';
  }
}
