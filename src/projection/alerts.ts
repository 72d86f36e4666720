/** What the rules say of a patient after a sign: the next events of the patient's alerts. */
import type { PayloadCodec } from '../events/envelope.ts';
import type { AppendRequest } from '../events/eventLog.ts';
import { isOver, type PastValue, type Sign, type Standing, step, stepBetween, withdraw } from '../monitoring/alert.ts';
import {
  type Acknowledgement,
  ALERT_EVENT_TYPE,
  ALERT_EVENT_VERSION,
  type AlertPayload,
  readAlertPayload,
  standingOf,
} from '../monitoring/alertEvent.ts';
import { type AlertRule, conditionText, rulesFor } from '../monitoring/alertRule.ts';
import { type RiskPayload, readRiskPayload, standingAnswers, type ToldRisk } from '../monitoring/riskEvent.ts';
import type { PatientRecord } from '../patients/record.ts';
import { latestAlerts, readAlert } from '../store/cypher/alerts.ts';
import { readRisk, riskEvents } from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { derivedAppend, stableId } from './derivedEvent.ts';

export interface AlertsParts {
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  readonly rules: readonly AlertRule[];
}

/** The last alert of one rule for one patient: its last event, its place in the log and its acknowledgement. */
export interface KnownAlert {
  readonly seq: string;
  readonly payload: AlertPayload;
  readonly acknowledged: Acknowledgement | null;
}

/** What an alert's next event rests on. */
export interface AlertBasis {
  readonly patient: string;
  readonly rule: AlertRule;
  readonly known: KnownAlert | null;
  readonly sign: Sign;
  readonly risk: ToldRisk | null;
  /** Names the cause, so that the same decision taken twice is one event. */
  readonly cause: string;
}

export interface AlertDecision {
  readonly payload: AlertPayload;
  readonly append: AppendRequest;
}

/** Earlier answers that a rule of change is held against, at most. */
const MOST_PAST = 500;

/** An acknowledgement is an event of its own: it is not repeated in those of the alert. */
function unacknowledged({ acknowledgedAt: _acknowledgedAt, ...standing }: Standing): Omit<Standing, 'acknowledgedAt'> {
  return standing;
}

/** The model's answer that an alert tells of. */
function answerOf(basis: RiskPayload | AlertPayload | null): Pick<AlertPayload, 'value' | 'unit' | 'category'> {
  return { value: basis?.value ?? null, unit: basis?.unit ?? null, category: basis?.category ?? null };
}

export class Alerts {
  readonly #parts: AlertsParts;
  /** Events of alerts that are in the log but not yet in the graph, by patient and rule. */
  readonly #ahead = new Map<string, { readonly seq: string; readonly payload: AlertPayload }>();

  constructor(parts: AlertsParts) {
    this.#parts = parts;
  }

  get rules(): readonly AlertRule[] {
    return this.#parts.rules;
  }

  noteAhead(patient: string, seq: string, payload: AlertPayload): void {
    this.#ahead.set(`${patient}|${payload.rule}`, { seq, payload });
  }

  noteProjected(patient: string, seq: string, rule: string): void {
    if (this.#ahead.get(`${patient}|${rule}`)?.seq === seq) this.#ahead.delete(`${patient}|${rule}`);
  }

  /** The last alert of each rule, those included that the graph does not have yet. */
  async known(patient: string): Promise<Map<string, KnownAlert>> {
    const rows = await this.#parts.store.read(latestAlerts(patient));
    const found = new Map<string, KnownAlert>();
    for (const { rule, seq, payload, acknowledged } of rows.map(readAlert))
      found.set(rule, { seq, payload: readAlertPayload(JSON.parse(payload)), acknowledged });
    for (const name of new Set([...found.keys(), ...this.#parts.rules.map((rule) => rule.name)])) {
      const ahead = this.#ahead.get(`${patient}|${name}`);
      const before = found.get(name);
      if (!ahead) continue;
      const acknowledged = before?.payload.alert === ahead.payload.alert ? before.acknowledged : null;
      found.set(name, { ...ahead, acknowledged });
    }
    return found;
  }

  /** Earlier answers of a model by when their cause was measured, the one before among them. */
  async #past(patient: string, { payload }: ToldRisk, previous: RiskPayload | undefined): Promise<PastValue[]> {
    const rows = await this.#parts.store.read(riskEvents({ patient, models: [payload.model] }, null, MOST_PAST));
    const told = rows.map(readRisk).map((stored) => ({ id: stored.id, payload: readRiskPayload(JSON.parse(stored.payload)) }));
    return [...(previous ? [previous] : []), ...standingAnswers(told).map((one) => one.payload)]
      .filter(({ causeSeq }) => causeSeq !== payload.causeSeq)
      .flatMap(({ observedAt, value }) => (value === null ? [] : [{ at: observedAt, value }]));
  }

  /**
   * The events of the patient's alerts after an event of the patient.
   * @param risks what the models told of it
   * @param previous each model's answer before it
   * @param measured models that asked for something which was measured with it
   */
  async after(
    record: PatientRecord,
    trigger: { readonly seq: string; readonly recordedAt: string },
    {
      risks,
      previous,
      measured,
    }: { risks: readonly ToldRisk[]; previous: ReadonlyMap<string, RiskPayload>; measured: ReadonlySet<string> },
  ): Promise<AlertDecision[]> {
    const concerned = [...new Set([...risks.map(({ payload }) => payload.model), ...measured])];
    const rules = concerned.flatMap((model) => rulesFor(this.#parts.rules, model, record));
    if (rules.length === 0) return [];
    const known = await this.known(record.id);
    const found: AlertDecision[] = [];
    for (const rule of rules) {
      const risk = risks.find(({ payload }) => payload.model === rule.model) ?? null;
      const sign = await this.#signOf(rule, record.id, trigger.recordedAt, risk, previous.get(rule.model));
      const decision =
        sign && this.decide({ patient: record.id, rule, known: known.get(rule.name) ?? null, sign, risk, cause: trigger.seq });
      if (decision) found.push(decision);
    }
    return found;
  }

  async #signOf(
    rule: AlertRule,
    patient: string,
    at: string,
    risk: ToldRisk | null,
    previous: RiskPayload | undefined,
  ): Promise<Sign | null> {
    if (rule.when.kind === 'silence') return { kind: 'measured', at };
    if (!risk) return null;
    const { value, category, observedAt } = risk.payload;
    const recent = rule.when.kind === 'change' ? await this.#past(patient, risk, previous) : [];
    return { kind: 'value', at, measuredAt: observedAt, value, category, recent };
  }

  /** The next event of one alert; null where the sign changes nothing. */
  decide({ patient, rule, known, sign, risk, cause }: AlertBasis): AlertDecision | null {
    const before = known && standingOf(known.payload, known.acknowledged);
    const next = step(rule, before, sign);
    if (next === null) return null;
    const current = before === null || isOver(before) ? null : known;
    const payload: AlertPayload = {
      ...unacknowledged(next),
      alert: current?.payload.alert ?? stableId('alert', patient, rule.name, cause),
      rule: rule.name,
      title: rule.title,
      severity: rule.severity,
      step: stepBetween(current && before, next),
      acknowledged: current?.acknowledged ?? null,
      model: rule.model,
      notify: next.state === 'ESCALATED' && rule.escalate ? rule.escalate.to : rule.notify,
      condition: conditionText(rule.when),
      ...answerOf(risk?.payload ?? current?.payload ?? null),
      risk: risk?.id ?? current?.payload.risk ?? null,
    };
    return this.#event(patient, payload, sign.kind === 'time' ? sign.at : (risk?.payload.observedAt ?? sign.at), cause);
  }

  /** The end of an alert whose rule is no longer in force; null where it is over already. */
  withdraw(patient: string, { seq, payload, acknowledged }: KnownAlert, at: string): AlertDecision | null {
    const before = standingOf(payload, acknowledged);
    const next = withdraw(before, at);
    if (next === null) return null;
    const ended: AlertPayload = { ...payload, ...unacknowledged(next), step: stepBetween(before, next), acknowledged };
    return this.#event(patient, ended, at, `withdrawn after ${seq}`);
  }

  #event(patient: string, payload: AlertPayload, observedAt: string, cause: string): AlertDecision {
    const id = stableId('alert-event', payload.alert, payload.step, cause);
    const event = { id, type: ALERT_EVENT_TYPE, version: ALERT_EVENT_VERSION, patient, observedAt, payload };
    return { payload, append: derivedAppend(this.#parts.codec, event) };
  }
}
