import { AvicennaError } from '../errors.ts';
import { decodeEnvelope, type Envelope, ERASED, type PayloadCodec } from '../events/envelope.ts';
import { compareSeq, type LogEvent } from '../events/eventLog.ts';
import type { SealedLog } from '../events/sealed/sealedLog.ts';
import { ALERT_EVENT_TYPE, readAlertPayload } from '../monitoring/alertEvent.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../monitoring/riskEvent.ts';
import type { PatientEvent } from '../patients/events.ts';
import { type FailedStep, setAside } from '../store/cypher/deadLetters.ts';
import { adoptEpoch, movePlace, projectionPlace } from '../store/cypher/projection.ts';
import type { GraphStore, Statement } from '../store/graphStore.ts';
import type { Alarms } from './alarms.ts';
import type { Alerts } from './alerts.ts';
import { attempt, whileAway } from './attempts.ts';
import { patientEventOf, statementsOf } from './eventStatements.ts';
import { Looks, type Written } from './looks.ts';
import type { Monitor } from './monitor.ts';
import { runsOf } from './runs.ts';
import type { ToldRisks } from './toldRisks.ts';

export interface ProjectorParts {
  readonly log: SealedLog;
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

/** Where more cannot be written, one after another, it is not they that are wrong: the projection stops. */
const MOST_IN_A_ROW = 10;
/** Events that are written and looked at together, at most. */
const MOST_AT_ONCE = 64;

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
  readonly #looks: Looks;
  /** The last patient event written into the graph: what the monitor must have reached to be idle. */
  #toMonitor = '0';
  #halted: Error | undefined;
  #setAsideInARow = 0;
  #running: Promise<void> | undefined;

  constructor(parts: ProjectorParts) {
    this.#parts = parts;
    const noteAhead = (item: LogEvent) => this.noteAhead(item);
    const setAside = (item: LogEvent, error: Error) => this.#setAside(item, 'MONITOR', error);
    this.#looks = new Looks({ ...parts, noteAhead, setAside, signal: this.#stop.signal });
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
    await this.#looks.start();
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
    if (compareSeq(this.#looks.seq, this.#seq) >= 0) return;
    for await (const { events } of runsOf(this.#parts.log.read({ after: this.#looks.seq }), MOST_AT_ONCE)) {
      const shown = events.filter(({ seq }) => compareSeq(seq, this.#seq) <= 0);
      await this.#look(shown.flatMap((item) => this.#looks.written(item) ?? []));
      if (shown.length < events.length) return;
    }
  }

  async #follow(): Promise<void> {
    const items = this.#parts.log.read({ after: this.#seq, live: true, signal: this.#stop.signal });
    for await (const { events, passed } of runsOf(items, MOST_AT_ONCE)) {
      const written: Written[] = [];
      for (const item of events) {
        const done = await this.#write(item);
        if (done) written.push(done);
      }
      await this.#look(written);
      if (passed !== null) await whileAway(() => this.#pass(passed), this.#stop.signal);
    }
  }

  /** What the log keeps of erased patients is not for the graph: it is passed over. */
  async #pass(seq: string): Promise<void> {
    await this.#moveTo(seq, []);
    this.#reached();
  }

  /** Writes an event into the graph; null where that cannot be done and it was set aside. Throws where that happens again and again. */
  async #write(item: LogEvent): Promise<Written | null> {
    let written: Written | null = null;
    const failed = await attempt(async () => {
      const envelope = decodeEnvelope(item.seq, item.body);
      written = { item, envelope, event: patientEventOf(envelope, this.#parts.codec) };
      if (envelope.type === ERASED) await this.#erase(item, written);
      else await this.#project(written.envelope, written.event);
    }, this.#stop.signal);
    this.#setAsideInARow = failed ? this.#setAsideInARow + 1 : 0;
    if (!failed) return written;
    await whileAway(() => this.#setAside(item, 'PROJECT', failed), this.#stop.signal);
    if (this.#setAsideInARow > MOST_IN_A_ROW) throw failed;
    return null;
  }

  /** The key first: after an interruption in between the patient is in the graph still, and comes here again. */
  async #erase({ subject }: LogEvent, { envelope, event }: Written): Promise<void> {
    const { log, store, alarms } = this.#parts;
    await log.erase(subject);
    // Not shown as done before the files are clean.
    await store.write(statementsOf(envelope, event, this.#parts.codec));
    await store.scrub();
    await this.#project(envelope, event);
    alarms.forget(envelope.subject);
  }

  async #look(written: readonly Written[]): Promise<void> {
    await this.#looks.at(written, this.#seq);
    this.#reached();
  }

  /** Notes that the event could not be written, and moves on, or that the models failed on it. Where even that cannot be written it is not the event: then it throws. */
  async #setAside({ seq, subject }: LogEvent, step: FailedStep, error: Error): Promise<void> {
    const code = error instanceof AvicennaError ? error.code : 'INTERNAL';
    const letter = setAside({ seq, subject, step, code, at: new Date().toISOString() });
    if (step === 'PROJECT') {
      const written = await this.#parts.store.write(letter, movePlace('graph', this.#seq, seq));
      this.#seq = written === null ? await this.#placeOfAnother() : seq;
    } else await this.#parts.store.write(letter);
    this.#reached();
    this.#parts.onSetAside({ seq, step, code });
  }

  async #project(envelope: Envelope, event: PatientEvent | null): Promise<void> {
    await this.#moveTo(envelope.seq, statementsOf(envelope, event, this.#parts.codec));
    if (event) this.#toMonitor = envelope.seq;
    this.#reached();
  }

  async #moveTo(seq: string, statements: Statement[]): Promise<void> {
    while (compareSeq(seq, this.#seq) > 0) {
      const written = await this.#parts.store.write(statements, movePlace('graph', this.#seq, seq));
      // Another projector was there first.
      this.#seq = written === null ? await this.#placeOfAnother() : seq;
    }
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

  #reached(): void {
    for (const waiter of [...this.#waiters]) if (this.#shows(waiter)) waiter.done(true);
  }

  #shows({ seq, monitored }: Awaited): boolean {
    return compareSeq(seq, this.#seq) <= 0 && (!monitored || compareSeq(seq, this.#looks.seq) <= 0);
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
      if (compareSeq(this.#seq, now) >= 0 && compareSeq(this.#looks.seq, this.#toMonitor) >= 0) return true;
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
