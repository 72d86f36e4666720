/**
 * What time alone does to alerts: a condition that has held long enough, an alert that nobody acknowledged, a patient whom
 * nobody measured. Every due time is derived from the graph, so that a restart forgets none; the event that comes of it is
 * appended only if nothing of the patient came in between, so that of several processes one tells it.
 */
import type { EventLog } from '../events/eventLog.ts';
import { dueAt } from '../monitoring/alert.ts';
import { readAlertPayload, standingOf } from '../monitoring/alertEvent.ts';
import { type AlertRule, rulesFor } from '../monitoring/alertRule.ts';
import { measuredAt } from '../monitoring/assess.ts';
import { readRiskPayload, type ToldRisk } from '../monitoring/riskEvent.ts';
import type { PatientRecord } from '../patients/record.ts';
import { featuresOf, readsStay } from '../prediction/features.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { readAlert, unfinishedAlerts } from '../store/cypher/alerts.ts';
import { withStay } from '../store/cypher/intensiveStay.ts';
import { patientsById, readRecord } from '../store/cypher/patientPage.ts';
import { latestRisks, patientsAtOrAbove } from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { AlertDecision, Alerts, KnownAlert } from './alerts.ts';

export interface AlarmsParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly alerts: Alerts;
  readonly models: () => readonly LoadedModel[];
  /** Whether the graph shows the event; false after the given milliseconds. */
  readonly waitFor: (seq: string, timeoutMs: number) => Promise<boolean>;
  readonly onError: (error: Error) => void;
  readonly now?: () => number;
}

interface Alarm {
  readonly patient: string;
  readonly rule: string;
  readonly kind: 'time' | 'silence' | 'withdrawn';
  readonly at: number;
}

const VISIBLE_WITHIN_MS = 2000;
const AGAIN_MS = 500;
/** A sleep is at most so long: the clock may be set meanwhile. */
const MOST_SLEEP_MS = 60_000;
const PATIENTS_AT_ONCE = 500;
const MINUTE_MS = 60_000;

const keyOf = ({ kind, patient, rule }: Omit<Alarm, 'at'>) => `${kind}|${patient}|${rule}`;

export class Alarms {
  readonly #parts: AlarmsParts;
  readonly #now: () => number;
  readonly #alarms = new Map<string, Alarm>();
  #timer: NodeJS.Timeout | undefined;
  #ringing: Promise<void> | undefined;
  #state: 'waiting' | 'running' | 'stopped' = 'waiting';

  constructor(parts: AlarmsParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Reads what is due from the graph and starts to watch the clock. Until then due times are noted only. */
  async start(): Promise<void> {
    const rules = new Map(this.#parts.alerts.rules.map((rule) => [rule.name, rule]));
    for (const stored of (await this.#parts.store.read(unfinishedAlerts())).map(readAlert)) {
      const { patient, rule: name, payload, acknowledged } = stored;
      const rule = rules.get(name);
      if (rule) this.#noteTime(patient, rule, dueAt(rule, standingOf(readAlertPayload(JSON.parse(payload)), acknowledged)));
      else this.#set({ patient, rule: name, kind: 'withdrawn', at: this.#now() });
    }
    for (const rule of rules.values()) if (rule.when.kind === 'silence') await this.#watchSilence(rule, rule.when.whileAtOrAbove);
    this.#state = 'running';
    this.#sleep();
  }

  async #watchSilence(rule: AlertRule, value: number): Promise<void> {
    const rows = await this.#parts.store.read<{ patient: string }>(patientsAtOrAbove(rule.model, value));
    for (let from = 0; from < rows.length; from += PATIENTS_AT_ONCE) {
      const ids = rows.slice(from, from + PATIENTS_AT_ONCE).map(({ patient }) => patient);
      for (const record of (await this.#parts.store.read(patientsById(ids))).map(readRecord)) {
        const risk = await this.#lastRisk(record.id, rule.model);
        if (risk) this.noteMeasured(record, rule.model, risk.payload.value, await this.#silentSince(record, risk));
      }
    }
  }

  /** Since when nothing was measured: a measurement that is too old for the model counts by the answer that it led to. */
  async #silentSince(record: PatientRecord, { payload }: ToldRisk): Promise<string> {
    const now = new Date(this.#now()).toISOString();
    const model = this.#parts.models().find(({ card }) => card.name === payload.model);
    const whole = readsStay(payload.model) ? await withStay(this.#parts.store, record, now) : record;
    const last = model && measuredAt(featuresOf(model.card, whole, now));
    return last ?? payload.observedAt;
  }

  #set(alarm: Alarm): void {
    this.#alarms.set(keyOf(alarm), alarm);
    this.#sleep();
  }

  #noteTime(patient: string, rule: AlertRule, at: string | null): void {
    const alarm = { patient, rule: rule.name, kind: 'time' } as const;
    if (at === null) this.#alarms.delete(keyOf(alarm));
    else this.#set({ ...alarm, at: Date.parse(at) });
  }

  /** Reads anew when time changes the alerts of a patient: after each event of them in the graph. */
  async look(patient: string): Promise<void> {
    const known = await this.#parts.alerts.known(patient);
    for (const rule of this.#parts.alerts.rules) {
      const alert = known.get(rule.name);
      if (alert) this.#noteTime(patient, rule, dueAt(rule, standingOf(alert.payload, alert.acknowledged)));
    }
  }

  /** A model's answer and when the last of its inputs was measured: from then on silence is counted. */
  noteMeasured(record: PatientRecord, model: string, value: number | null, at: string | null): void {
    const { id: patient } = record;
    for (const rule of rulesFor(this.#parts.alerts.rules, model, record)) {
      if (rule.when.kind !== 'silence') continue;
      const alarm = { patient, rule: rule.name, kind: 'silence' } as const;
      if (at === null || value === null || value < rule.when.whileAtOrAbove) this.#alarms.delete(keyOf(alarm));
      else this.#set({ ...alarm, at: Date.parse(at) + rule.when.afterMinutes * MINUTE_MS });
    }
  }

  /** Of a patient who was erased nothing is due. */
  forget(patient: string): void {
    for (const [key, alarm] of this.#alarms) if (alarm.patient === patient) this.#alarms.delete(key);
  }

  #sleep(): void {
    if (this.#state !== 'running' || this.#ringing) return;
    clearTimeout(this.#timer);
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#alarms.values()) next = Math.min(next, at);
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#ring(), Math.min(Math.max(next - this.#now(), 0), MOST_SLEEP_MS));
    this.#timer.unref();
  }

  #ring(): void {
    this.#ringing = this.#ringAll()
      .catch(this.#parts.onError)
      .finally(() => {
        this.#ringing = undefined;
        this.#sleep();
      });
  }

  async #ringAll(): Promise<void> {
    const now = this.#now();
    for (const [key, alarm] of [...this.#alarms]) {
      if (alarm.at > now || this.#state !== 'running' || this.#alarms.get(key) !== alarm) continue;
      this.#alarms.delete(key);
      const done = await this.#tell(alarm).catch((error: Error) => {
        this.#parts.onError(error);
        return false;
      });
      // What came in between may have set it anew.
      if (!done && !this.#alarms.has(key)) this.#alarms.set(key, { ...alarm, at: this.#now() + AGAIN_MS });
    }
  }

  /** Appends what is due, if it still is. False where it has to be looked at again. */
  async #tell(alarm: Alarm): Promise<boolean> {
    const { log, alerts, waitFor } = this.#parts;
    const last = await log.lastBySubject(`patient.${alarm.patient}`);
    if (!last || !(await waitFor(last.seq, VISIBLE_WITHIN_MS))) return false;
    const decision = await this.#decide(alarm);
    if (!decision) return true;
    const [result] = await log.append([{ ...decision.append, expectSubjectSeq: last.seq }]);
    if (!result || 'conflict' in result) return false;
    if (!result.duplicate) alerts.noteAhead(alarm.patient, result.seq, decision.payload);
    return true;
  }

  async #decide({ patient, rule: name, kind }: Alarm): Promise<AlertDecision | null> {
    const { alerts } = this.#parts;
    const at = new Date(this.#now()).toISOString();
    const known = (await alerts.known(patient)).get(name) ?? null;
    const rule = alerts.rules.find((one) => one.name === name);
    if (!rule) return known && alerts.withdraw(patient, known, at);
    if (kind === 'silence') return this.#decideSilence(patient, rule, known, at);
    // What people are told is the answer of now, not the one that the alert was raised by.
    const risk = await this.#lastRisk(patient, rule.model);
    return alerts.decide({ patient, rule, known, sign: { kind: 'time', at }, risk, cause: `time after ${known?.seq}` });
  }

  /** Looks at the record anew: what was measured meanwhile ends the silence. */
  async #decideSilence(patient: string, rule: AlertRule, known: KnownAlert | null, at: string): Promise<AlertDecision | null> {
    const { store, alerts } = this.#parts;
    const [row] = await store.read(patientsById([patient]));
    const risk = await this.#lastRisk(patient, rule.model);
    if (!row || !risk || rule.when.kind !== 'silence') return null;
    const record = readRecord(row);
    const since = await this.#silentSince(record, risk);
    this.noteMeasured(record, rule.model, risk.payload.value, since);
    const alarm = this.#alarms.get(keyOf({ kind: 'silence', patient, rule: rule.name }));
    if (!alarm || alarm.at > this.#now()) return null;
    this.#alarms.delete(keyOf(alarm));
    return alerts.decide({
      patient,
      rule,
      known,
      sign: { kind: 'silence', at },
      risk,
      cause: `silence after ${since} ${known?.seq ?? ''}`,
    });
  }

  async #lastRisk(patient: string, model: string): Promise<ToldRisk | null> {
    const rows = await this.#parts.store.read<{ model: string; payload: string; event: string | null }>(latestRisks(patient));
    const row = rows.find((one) => one.model === model);
    return row ? { id: row.event ?? '', payload: readRiskPayload(JSON.parse(row.payload)) } : null;
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    await this.#ringing;
  }
}
