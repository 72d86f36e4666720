/**
 * A log whose payloads are sealed with a key of each patient (docs/adr/0026-sealed-payloads-and-erasure.md): they are sealed when they are
 * appended and opened when they are read, so that nothing else knows of it. What was recorded of a patient whose key was destroyed is passed
 * over, as events of somebody else are.
 */
import { AvicennaError } from '../../errors.ts';
import { decodeEnvelope, type Envelope, ERASED, encodeEnvelope, envelopeOf } from '../envelope.ts';
import type { AppendRequest, AppendResult, Checkpoint, EventLog, LogEvent, ReadRequest } from '../eventLog.ts';
import { seal, unseal } from './masterKeys.ts';
import { DESTROYED, type PatientKey, type PatientKeys } from './patientKeys.ts';

const PATIENT = 'patient.';
/** A patient has one key; the number says which, should there be more one day. */
const KEY_ID = '1';

/** What a payload is bound to: moved to another event it does not open. */
const aboutOf = ({ id, type, subject }: Envelope) => `${subject} ${type} ${id}`;

const isSealed = ({ keyId }: Envelope) => keyId !== null;
const bodyWith = (envelope: Envelope, keyId: string | null, payload: Uint8Array) => {
  const { seq: _seq, ...head } = envelope;
  return encodeEnvelope({ ...head, keyId, payload });
};

/** What is to be sealed of a request: null of the tombstone, and of what is no envelope, which nobody can read as it is. */
function toSeal(request: AppendRequest): Envelope | null {
  if (!request.subject.startsWith(PATIENT)) return null;
  try {
    const envelope = decodeEnvelope('', request.body);
    return envelope.type === ERASED ? null : envelope;
  } catch {
    return null;
  }
}

export class SealedLog implements EventLog {
  readonly #log: EventLog;
  /** Null of a log whose payloads are plain. */
  readonly #keys: PatientKeys | null;

  constructor(log: EventLog, keys: PatientKeys | null) {
    this.#log = log;
    this.#keys = keys;
  }

  /** @throws AvicennaError ERASURE_UNAVAILABLE of a log whose payloads are plain */
  checkErasable(): void {
    if (!this.#keys)
      throw new AvicennaError('ERASURE_UNAVAILABLE', 'The payloads of this log are not sealed: nothing in it can be made unreadable.');
  }

  /** Destroys the key of a patient; in a log whose payloads are plain there is none. */
  async erase(subject: string): Promise<void> {
    await this.#keys?.destroy(subject);
  }

  async append(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    const keys = this.#keys;
    if (!keys) return this.#log.append(requests);
    const sealing = new Map<AppendRequest, Envelope>();
    for (const request of requests) {
      const envelope = toSeal(request);
      if (envelope) sealing.set(request, envelope);
    }
    const found = await keys.ofAll([...sealing.keys()].map(({ subject }) => subject));
    const erased = [...sealing.keys()].filter(({ subject }) => found.get(subject) === DESTROYED);
    if (erased.length > 0) return this.#withoutErased(requests, new Set(erased));
    return this.#log.append(
      requests.map((request) => {
        const [envelope, key] = [sealing.get(request), found.get(request.subject)];
        return envelope && key instanceof Uint8Array
          ? { ...request, body: bodyWith(envelope, KEY_ID, seal(key, envelope.payload, aboutOf(envelope))) }
          : request;
      }),
    );
  }

  /** Of an erased patient nothing is written: a command is decided again, and what the platform makes itself counts as written already. */
  async #withoutErased(requests: readonly AppendRequest[], erased: ReadonlySet<AppendRequest>): Promise<AppendResult[]> {
    const [conflicting] = [...erased].filter(({ expectSubjectSeq }) => expectSubjectSeq !== undefined);
    if (conflicting) {
      const lastSubjectSeq = await this.#lastSeq(conflicting.subject);
      return requests.map(() => ({ conflict: true, lastSubjectSeq }));
    }
    const written = await this.append(requests.filter((request) => !erased.has(request)));
    const conflict = written.find((result) => 'conflict' in result);
    if (conflict) return requests.map(() => conflict);
    const next = written.values();
    return Promise.all(
      requests.map(async (request) =>
        erased.has(request) ? { seq: await this.#lastSeq(request.subject), duplicate: true } : (next.next().value as AppendResult),
      ),
    );
  }

  async #lastSeq(subject: string): Promise<string> {
    return (await this.#log.lastBySubject(subject))?.seq ?? '0';
  }

  /** The event as it was appended; one that cannot be read at all, or is damaged, is given as it is: whoever reads it finds out. */
  #opened(event: LogEvent, envelope: Envelope, key: PatientKey): LogEvent {
    const plain = (payload: Uint8Array): LogEvent => ({ ...event, body: bodyWith(envelope, null, payload) });
    if (key === DESTROYED) return plain(new Uint8Array());
    try {
      return plain(unseal(key, envelope.payload, aboutOf(envelope)));
    } catch {
      return event;
    }
  }

  /** The envelope of an event that is sealed. */
  #sealedEnvelope(event: LogEvent): Envelope | null {
    if (!this.#keys || !event.subject.startsWith(PATIENT)) return null;
    try {
      const envelope = envelopeOf(event);
      if (envelope.type === ERASED) this.#keys.forget(event.subject);
      return isSealed(envelope) ? envelope : null;
    } catch {
      return null;
    }
  }

  /** With an empty payload where the key was destroyed. */
  async #open(event: LogEvent): Promise<LogEvent> {
    const envelope = this.#sealedEnvelope(event);
    return envelope && this.#keys ? this.#opened(event, envelope, await this.#keys.of(event.subject)) : event;
  }

  async *read(request: ReadRequest): AsyncGenerator<LogEvent | Checkpoint> {
    const keys = this.#keys;
    for await (const item of this.#log.read(request)) {
      const envelope = item.kind === 'event' ? this.#sealedEnvelope(item) : null;
      if (item.kind !== 'event' || !envelope || !keys) {
        yield item;
        continue;
      }
      const key = keys.known(item.subject) ?? (await keys.of(item.subject));
      yield key === DESTROYED ? { kind: 'checkpoint', seq: item.seq } : this.#opened(item, envelope, key);
    }
  }

  async find(msgId: string): Promise<LogEvent | null> {
    const found = await this.#log.find(msgId);
    return found && this.#open(found);
  }

  async lastBySubject(subject: string): Promise<LogEvent | null> {
    const found = await this.#log.lastBySubject(subject);
    return found && this.#open(found);
  }

  async history(subject: string, before: string | null, limit: number): Promise<LogEvent[]> {
    return Promise.all((await this.#log.history(subject, before, limit)).map((event) => this.#open(event)));
  }

  bounds() {
    return this.#log.bounds();
  }

  cursorKey(): Promise<Uint8Array> {
    return this.#log.cursorKey();
  }

  health() {
    return this.#log.health();
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
