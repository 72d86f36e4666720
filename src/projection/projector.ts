import { setTimeout as pause } from 'node:timers/promises';
import { AvicennaError } from '../errors.ts';
import { decodeEnvelope, type Envelope, type PayloadCodec } from '../events/envelope.ts';
import { compareSeq, type EventLog, type LogEvent } from '../events/eventLog.ts';
import { ALERT_EVENT_TYPE, readAlertPayload } from '../monitoring/alertEvent.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../monitoring/riskEvent.ts';
import type { PatientEvent } from '../patients/events.ts';
import { type FailedStep, setAside } from '../store/cypher/deadLetters.ts';
import { adoptEpoch, movePlace, projectionPlace } from '../store/cypher/projection.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Alarms } from './alarms.ts';
import type { Alerts } from './alerts.ts';
import { patientEventOf, statementsOf } from './eventStatements.ts';
import type { Monitor } from './monitor.ts';
import type { ToldRisks } from './toldRisks.ts';

export interface ProjectorParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  readonly monitor: Monitor;
  readonly told: ToldRisks;
  readonly alerts: Alerts;
  readonly alarms: Alarms;
  /** Told of each event that could not be applied and was passed over. */
  readonly onSetAside: (what: { readonly seq: string; readonly step: FailedStep; readonly code: string }) => void;
  /** Told once when the projection stops, with the reason. */
  readonly onHalt: (error: Error) => void;
}

const RETRY_MS = 1000;
/** How often an event is tried before it is set aside. */
const TRIES = 3;
/** Where more cannot be written, one after another, it is not they that are wrong: the projection stops. */
const MOST_IN_A_ROW = 10;
const WAITED_FOR: ReadonlySet<string> = new Set(['GRAPH_UNAVAILABLE', 'LOG_UNAVAILABLE']);
/** Errors of ours that an event, or a model that is asked about it, is to blame for. */
const EVENTS_OWN: ReadonlySet<string> = new Set(['EVENT_INVALID', 'MODEL_INVALID']);

interface Awaited {
  readonly seq: string;
  readonly monitored: boolean;
}

interface Waiter extends Awaited {
  readonly done: (reached: boolean) => void;
}

/**
 * Writes the log into the graph, event by event: the event's statements and the projection's sequence in one
 * transaction, conditional on the sequence before. After a crash it goes on where the graph says it was.
 */
export class Projector {
  readonly #parts: ProjectorParts;
  readonly #stop = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #seq = '0';
  #monitored = '0';
  /** The last patient event written into the graph: what the monitor must have reached to be idle. */
  #toMonitor = '0';
  #halted: Error | undefined;
  #setAsideInARow = 0;
  #running: Promise<void> | undefined;

  constructor(parts: ProjectorParts) {
    this.#parts = parts;
  }

  get seq(): string {
    return this.#seq;
  }

  /** The reason that the projection stopped; undefined while it runs. */
  get halted(): Error | undefined {
    return this.#halted;
  }

  /** Reads where the graph stands and starts to follow the log. Throws PROJECTION_HALTED where the graph is of another log. */
  async start(): Promise<void> {
    const { log, store } = this.#parts;
    const bounds = await log.bounds();
    const place = await projectionPlace(store, 'graph');
    if (place.epoch === '') await store.write([adoptEpoch(bounds.epoch)]);
    else if (place.epoch !== bounds.epoch)
      throw new AvicennaError('PROJECTION_HALTED', "The graph was projected from another log than this one: run 'avicenna rebuild'.");
    if (compareSeq(place.seq, bounds.lastSeq) > 0)
      throw new AvicennaError(
        'PROJECTION_HALTED',
        "The graph shows more than this log holds: an older copy of the log was put in place. Run 'avicenna rebuild'.",
      );
    this.#seq = place.seq;
    this.#monitored = (await projectionPlace(store, 'monitor')).seq;
    for await (const item of log.read({ after: this.#seq })) if (item.kind === 'event') this.noteAhead(item);
    await this.#catchUpMonitor();
    this.#running = this.#follow().catch((error: unknown) => this.#halt(error instanceof Error ? error : new Error(String(error))));
  }

  #halt(error: Error): void {
    this.#halted = error;
    for (const waiter of [...this.#waiters]) waiter.done(false);
    this.#parts.onHalt(error);
  }

  /** Takes note of what an event says that the graph does not have yet. What cannot be read says nothing: it is set aside when its turn comes. */
  noteAhead(item: LogEvent): void {
    if (compareSeq(item.seq, this.#seq) <= 0) return;
    const { codec, told, alerts } = this.#parts;
    try {
      const envelope = decodeEnvelope(item.seq, item.body);
      const { id, subject, type } = envelope;
      if (type === RISK_EVENT_TYPE) told.noteAhead(subject, item.seq, { id, payload: readRiskPayload(codec.decode(envelope)) });
      if (type === ALERT_EVENT_TYPE) alerts.noteAhead(subject, item.seq, readAlertPayload(codec.decode(envelope)));
    } catch {}
  }

  /** Events that were written into the graph before a crash but not yet looked at by the monitor. */
  async #catchUpMonitor(): Promise<void> {
    if (compareSeq(this.#monitored, this.#seq) >= 0) return;
    for await (const item of this.#parts.log.read({ after: this.#monitored })) {
      if (item.kind !== 'event' || compareSeq(item.seq, this.#seq) > 0) return;
      const failed = await this.#attempt(async () => {
        const envelope = decodeEnvelope(item.seq, item.body);
        await this.#monitor(envelope, patientEventOf(envelope, this.#parts.codec));
      });
      if (failed) await this.#setAside(item, 'MONITOR', failed);
    }
  }

  async #follow(): Promise<void> {
    for await (const item of this.#parts.log.read({ after: this.#seq, live: true, signal: this.#stop.signal })) {
      if (item.kind !== 'event') continue;
      const failed = await this.#apply(item);
      this.#setAsideInARow = failed ? this.#setAsideInARow + 1 : 0;
      if (failed && this.#setAsideInARow > MOST_IN_A_ROW) throw failed;
    }
  }

  /** Writes an event into the graph and lets the monitor look at it; set aside where that cannot be done. Gives why it was not written. */
  async #apply(item: LogEvent): Promise<Error | null> {
    let read: { envelope: Envelope; event: PatientEvent | null } | undefined;
    const project = async () => {
      const envelope = decodeEnvelope(item.seq, item.body);
      read = { envelope, event: patientEventOf(envelope, this.#parts.codec) };
      await this.#project(read.envelope, read.event);
    };
    const unwritten = await this.#attempt(project);
    if (unwritten) {
      await this.#whileAway(() => this.#setAside(item, 'PROJECT', unwritten));
      return unwritten;
    }
    if (!read) return null;
    const { envelope, event } = read;
    // A step of its own: a graph that goes away between them has the event already, and the monitor has not seen it.
    const unseen = await this.#attempt(() => this.#afterwards(envelope, event));
    if (unseen) await this.#whileAway(() => this.#setAside(item, 'MONITOR', unseen));
    return null;
  }

  /** Null where it was done, now or after a few tries; otherwise what is wrong with it. Throws what is wrong with the program. */
  async #attempt(step: () => Promise<void>): Promise<Error | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#whileAway(step);
        return null;
      } catch (error) {
        if (error instanceof AvicennaError && !EVENTS_OWN.has(error.code)) throw error;
        if (tries === TRIES) return error instanceof Error ? error : new Error(String(error));
        await pause(RETRY_MS / 5);
      }
    }
  }

  /** Notes that the event was passed over, and moves on. Where even that cannot be written it is not the event: then it throws. */
  async #setAside({ seq, subject }: LogEvent, step: FailedStep, error: Error): Promise<void> {
    const code = error instanceof AvicennaError ? error.code : 'INTERNAL';
    const letter = setAside({ seq, subject, step, code, at: new Date().toISOString() });
    const [name, before] = step === 'PROJECT' ? (['graph', this.#seq] as const) : (['monitor', this.#monitored] as const);
    const written = await this.#parts.store.write(letter, movePlace(name, before, seq));
    if (step === 'MONITOR') this.#monitored = seq;
    else this.#seq = written === null ? await this.#placeOfAnother() : seq;
    this.#reached();
    this.#parts.onSetAside({ seq, step, code });
  }

  /** A graph or a log that is away is waited for. */
  async #whileAway(step: () => Promise<void>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof AvicennaError) || !WAITED_FOR.has(error.code)) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  async #project(envelope: Envelope, event: PatientEvent | null): Promise<void> {
    while (compareSeq(envelope.seq, this.#seq) > 0) {
      const written = await this.#parts.store.write(
        statementsOf(envelope, event, this.#parts.codec),
        movePlace('graph', this.#seq, envelope.seq),
      );
      // Another projector was there first.
      this.#seq = written === null ? await this.#placeOfAnother() : envelope.seq;
    }
    if (event) this.#toMonitor = envelope.seq;
    this.#reached();
  }

  /** Where another projector has come to. One that went back was dropped: to write on from there would leave out what lies between. */
  async #placeOfAnother(): Promise<string> {
    const { seq } = await projectionPlace(this.#parts.store, 'graph');
    if (compareSeq(seq, this.#seq) >= 0) return seq;
    throw new AvicennaError(
      'PROJECTION_HALTED',
      'The graph was dropped while it was served: another process rebuilds it. Start again when that has ended.',
    );
  }

  async #afterwards(envelope: Envelope, event: PatientEvent | null): Promise<void> {
    await this.#noteProjected(envelope);
    await this.#monitor(envelope, event);
  }

  /** What was in the log only is in the graph now; an alert may be due at another time. */
  async #noteProjected(envelope: Envelope): Promise<void> {
    const { codec, told, alerts, alarms } = this.#parts;
    const { subject: patient, seq, type } = envelope;
    if (type === RISK_EVENT_TYPE) told.noteProjected(patient, seq, readRiskPayload(codec.decode(envelope)).model);
    if (type === ALERT_EVENT_TYPE) alerts.noteProjected(patient, seq, readAlertPayload(codec.decode(envelope)).rule);
    if (type === ALERT_EVENT_TYPE || type === 'alert.acknowledged') await alarms.look(patient);
  }

  async #monitor(envelope: Envelope, event: PatientEvent | null): Promise<void> {
    if (compareSeq(envelope.seq, this.#monitored) <= 0) return;
    if (event && !(await this.#isSeenByOthers(envelope))) {
      await this.#noteTold(envelope);
      const { subject, seq, recordedAt, observedAt } = envelope;
      await this.#parts.monitor.after(subject, { event, seq, recordedAt, observedAt });
      await this.#parts.store.write([], movePlace('monitor', this.#monitored, envelope.seq));
      this.#monitored = envelope.seq;
      this.#reached();
    }
  }

  /** Whether another server has looked at it: then what there is to tell of it is in the log. */
  async #isSeenByOthers({ seq }: Envelope): Promise<boolean> {
    const place = await projectionPlace(this.#parts.store, 'monitor');
    if (compareSeq(place.seq, this.#monitored) > 0) this.#monitored = place.seq;
    if (compareSeq(seq, this.#monitored) > 0) return false;
    this.#reached();
    return true;
  }

  /** What another server told of the patient may be in the log and not yet in the graph. */
  async #noteTold({ subject: patient, seq }: Envelope): Promise<void> {
    const subject = `patient.${patient}`;
    const last = await this.#parts.log.lastBySubject(subject);
    if (!last || compareSeq(last.seq, seq) <= 0) return;
    for await (const item of this.#parts.log.read({ after: this.#seq, subjects: new Set([subject]) }))
      if (item.kind === 'event') this.noteAhead(item);
  }

  #reached(): void {
    for (const waiter of [...this.#waiters]) if (this.#shows(waiter)) waiter.done(true);
  }

  #shows({ seq, monitored }: Awaited): boolean {
    return compareSeq(seq, this.#seq) <= 0 && (!monitored || compareSeq(seq, this.#monitored) <= 0);
  }

  /**
   * True once the graph shows the event; false after `timeoutMs`, or where the projection has stopped.
   * @param monitored whether the monitor must have looked at it too: of something that was recorded
   */
  waitFor(seq: string, timeoutMs: number, monitored = false): Promise<boolean> {
    if (this.#shows({ seq, monitored })) return Promise.resolve(true);
    if (this.#halted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        seq,
        monitored,
        done: (reached) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.done(false), timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Waits until everything in the log now, and what the monitor adds on its account, is in the graph. */
  async settle(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const { lastSeq } = await this.#parts.log.bounds();
      if (!(await this.waitFor(lastSeq, Math.max(1, deadline - Date.now())))) return false;
      const { lastSeq: now } = await this.#parts.log.bounds();
      if (compareSeq(this.#seq, now) >= 0 && compareSeq(this.#monitored, this.#toMonitor) >= 0) return true;
      if (Date.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    for (const waiter of [...this.#waiters]) waiter.done(false);
  }
}
