/** What happens once an event is in the graph: the monitor looks at it. How far it has come is kept in the graph, for all servers. */
import type { Envelope, PayloadCodec } from '../events/envelope.ts';
import { decodeEnvelope } from '../events/envelope.ts';
import { compareSeq, type EventLog, type LogEvent } from '../events/eventLog.ts';
import { ALERT_EVENT_TYPE, readAlertPayload } from '../monitoring/alertEvent.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../monitoring/riskEvent.ts';
import type { PatientEvent } from '../patients/events.ts';
import { movePlace, projectionPlace } from '../store/cypher/projection.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Alarms } from './alarms.ts';
import type { Alerts } from './alerts.ts';
import { attempt, whileAway } from './attempts.ts';
import { patientEventOf } from './eventStatements.ts';
import type { Monitor } from './monitor.ts';
import type { ToldRisks } from './toldRisks.ts';

/** An event that is in the graph; `event` is null where the platform made it itself. */
export interface Written {
  readonly item: LogEvent;
  readonly envelope: Envelope;
  readonly event: PatientEvent | null;
}

export interface LooksParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  readonly monitor: Monitor;
  readonly told: ToldRisks;
  readonly alerts: Alerts;
  readonly alarms: Alarms;
  /** Takes note of an event that is in the log and not yet in the graph. */
  readonly noteAhead: (item: LogEvent) => void;
  /** Notes an event of which the models failed. */
  readonly setAside: (item: LogEvent, error: Error) => Promise<void>;
  readonly signal: AbortSignal;
}

export class Looks {
  readonly #parts: LooksParts;
  #seq = '0';

  constructor(parts: LooksParts) {
    this.#parts = parts;
  }

  /** The last event that was looked at, here or by another server, as far as that is known here. */
  get seq(): string {
    return this.#seq;
  }

  async start(): Promise<void> {
    this.#seq = (await projectionPlace(this.#parts.store, 'monitor')).seq;
  }

  /** An event as it was written; null where it cannot be read, or comes from the platform itself. */
  written(item: LogEvent): Written | null {
    try {
      const envelope = decodeEnvelope(item.seq, item.body);
      return { item, envelope, event: patientEventOf(envelope, this.#parts.codec) };
    } catch {
      return null;
    }
  }

  /**
   * Lets the monitor look at events of different patients, side by side, so that each model is asked for all of them at once.
   * @param shown the last event in the graph
   */
  async at(run: readonly Written[], shown: string): Promise<void> {
    const { signal } = this.#parts;
    for (const { envelope } of run) await whileAway(() => this.#noteProjected(envelope), signal);
    const unseen = run.filter(({ event, envelope }) => event && compareSeq(envelope.seq, this.#seq) > 0);
    if (unseen.length === 0) return;
    let place = this.#seq;
    await whileAway(async () => {
      place = await this.#placeOfAll();
    }, signal);
    const looked = await Promise.allSettled(unseen.map((one) => this.#look(one, shown)));
    for (const one of looked) if (one.status === 'rejected') throw one.reason;
    const last = unseen.at(-1)?.envelope.seq ?? this.#seq;
    await whileAway(() => this.#move(place, last), signal);
  }

  /** What was in the log only is in the graph now; an alert may be due at another time. */
  async #noteProjected(envelope: Envelope): Promise<void> {
    const { codec, told, alerts, alarms } = this.#parts;
    const { subject: patient, seq, type } = envelope;
    if (type === RISK_EVENT_TYPE) told.noteProjected(patient, seq, readRiskPayload(codec.decode(envelope)).model);
    if (type === ALERT_EVENT_TYPE) alerts.noteProjected(patient, seq, readAlertPayload(codec.decode(envelope)).rule);
    if (type === ALERT_EVENT_TYPE || type === 'alert.acknowledged') await alarms.look(patient);
  }

  /** Where this or another server has come to: what there is to tell of what lies before is in the log. */
  async #placeOfAll(): Promise<string> {
    const { seq } = await projectionPlace(this.#parts.store, 'monitor');
    if (compareSeq(seq, this.#seq) > 0) this.#seq = seq;
    return seq;
  }

  async #look({ item, envelope, event }: Written, shown: string): Promise<void> {
    const { monitor, setAside, signal } = this.#parts;
    const { subject, seq, recordedAt, observedAt } = envelope;
    if (!event || compareSeq(seq, this.#seq) <= 0) return;
    const failed = await attempt(async () => {
      await this.#noteTold(envelope, shown);
      await monitor.after(subject, { event, seq, recordedAt, observedAt }, () => this.#isOvertaken(envelope));
    }, signal);
    if (failed) await whileAway(() => setAside(item, failed), signal);
  }

  /** What another server told of the patient may be in the log and not yet in the graph. */
  async #noteTold({ subject: patient, seq }: Envelope, shown: string): Promise<void> {
    const { log, noteAhead } = this.#parts;
    const subject = `patient.${patient}`;
    const last = await log.lastBySubject(subject);
    if (!last || compareSeq(last.seq, seq) <= 0) return;
    for await (const item of log.read({ after: shown, subjects: new Set([subject]) })) if (item.kind === 'event') noteAhead(item);
  }

  /**
   * Whether the graph shows a later event of the patient. Whoever wrote that had looked at this one before, so that what there is to
   * tell of it is in the log; and a record that was read meanwhile is not the one that this event made.
   */
  async #isOvertaken({ subject: patient, seq }: Envelope): Promise<boolean> {
    const { log, store } = this.#parts;
    const subject = `patient.${patient}`;
    const last = await log.lastBySubject(subject);
    if (!last || compareSeq(last.seq, seq) <= 0) return false;
    const { seq: shown } = await projectionPlace(store, 'graph');
    for await (const item of log.read({ after: seq, subjects: new Set([subject]) })) {
      if (compareSeq(item.seq, shown) > 0) return false;
      if (item.kind === 'event' && this.written(item)?.event) return true;
    }
    return false;
  }

  /** Moves the place on, from wherever another server has put it meanwhile. */
  async #move(from: string, to: string): Promise<void> {
    let place = from;
    while (compareSeq(place, to) < 0 && (await this.#parts.store.write([], movePlace('monitor', place, to))) === null)
      place = await this.#placeOfAll();
    if (compareSeq(to, this.#seq) > 0) this.#seq = to;
  }
}
