import type { PayloadCodec } from '../events/envelope.ts';
import type { AppendRequest, EventLog } from '../events/eventLog.ts';
import { type Assessment, assess, causeOf, type Trigger } from '../monitoring/assess.ts';
import { RISK_EVENT_TYPE, RISK_EVENT_VERSION, type RiskPayload, readRiskPayload } from '../monitoring/riskEvent.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { patientsById, readRecord } from '../store/cypher/patientPage.ts';
import { latestRisks } from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Alarms } from './alarms.ts';
import type { Alerts, ToldRisk } from './alerts.ts';
import { derivedAppend, stableId } from './derivedEvent.ts';

export interface MonitorParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  /** The models that are asked: looked up at each event, since they may be replaced. */
  readonly models: () => readonly LoadedModel[];
  readonly release: string;
  readonly alerts: Alerts;
  readonly alarms: Alarms;
}

/** What is to be appended, and what is to be remembered of it once it is. */
interface Telling {
  readonly append: AppendRequest;
  readonly noteAhead: (seq: string) => void;
}

/**
 * After each patient event: scores the models again and appends what moved, with the alerts that follow from it, in one
 * append. A message id is made from the patient, the cause's sequence and the model's digest, so that an event that is
 * looked at twice tells once.
 */
export class Monitor {
  readonly #parts: MonitorParts;
  /** Risk events that are in the log but not yet in the graph, by patient and model. */
  readonly #ahead = new Map<string, { readonly seq: string; readonly payload: RiskPayload }>();

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  /** A risk event seen in the log that the graph does not have yet. */
  noteAhead(patient: string, seq: string, payload: RiskPayload): void {
    this.#ahead.set(`${patient}|${payload.model}`, { seq, payload });
  }

  noteProjected(patient: string, seq: string, model: string): void {
    if (this.#ahead.get(`${patient}|${model}`)?.seq === seq) this.#ahead.delete(`${patient}|${model}`);
  }

  async #previous(patient: string, models: readonly LoadedModel[]): Promise<Map<string, RiskPayload>> {
    const rows = await this.#parts.store.read<{ model: string; payload: string }>(latestRisks(patient));
    const found = new Map(rows.map(({ model, payload }) => [model, readRiskPayload(JSON.parse(payload))]));
    for (const { card } of models) {
      const ahead = this.#ahead.get(`${patient}|${card.name}`);
      if (ahead) found.set(card.name, ahead.payload);
    }
    return found;
  }

  /** Appends the risk events and the alerts that `trigger` leads to. */
  async after(patient: string, trigger: Trigger): Promise<void> {
    if (!causeOf(trigger.event.type)) return;
    const [row] = await this.#parts.store.read(patientsById([patient]));
    if (!row) return;
    const record = readRecord(row);
    const models = this.#parts.models();
    const previous = await this.#previous(patient, models);
    const assessed = new Map<string, Assessment>();
    const risks: ToldRisk[] = [];
    for (const model of models) {
      const { name } = model.card;
      const assessment = await assess(model, record, previous.get(name) ?? null, trigger, this.#parts.release);
      assessed.set(name, assessment);
      if (assessment.risk) risks.push({ id: stableId('risk', patient, trigger.seq, model.digest), payload: assessment.risk });
    }
    await this.#tell([
      ...risks.map((risk) => this.#riskTelling(patient, risk)),
      ...(await this.#alertTellings(record, trigger, risks, previous, assessed)),
    ]);
    for (const [model, { risk, measuredAt }] of assessed)
      this.#parts.alarms.noteMeasured(record, model, risk ? risk.value : (previous.get(model)?.value ?? null), measuredAt);
  }

  async #alertTellings(
    record: PatientRecord,
    trigger: Trigger,
    risks: readonly ToldRisk[],
    previous: ReadonlyMap<string, RiskPayload>,
    assessed: ReadonlyMap<string, Assessment>,
  ): Promise<Telling[]> {
    const measured = new Set([...assessed].flatMap(([model, assessment]) => (assessment.measured ? [model] : [])));
    const decisions = await this.#parts.alerts.after(record, trigger, { risks, previous, measured });
    return decisions.map(({ payload, append }) => ({
      append,
      noteAhead: (seq) => this.#parts.alerts.noteAhead(record.id, seq, payload),
    }));
  }

  #riskTelling(patient: string, { id, payload }: ToldRisk): Telling {
    const { observedAt } = payload;
    const event = { id, type: RISK_EVENT_TYPE, version: RISK_EVENT_VERSION, patient, observedAt, payload };
    return { append: derivedAppend(this.#parts.codec, event), noteAhead: (seq) => this.noteAhead(patient, seq, payload) };
  }

  async #tell(tellings: readonly Telling[]): Promise<void> {
    if (tellings.length === 0) return;
    const results = await this.#parts.log.append(tellings.map(({ append }) => append));
    for (const [place, result] of results.entries()) {
      // A duplicate was told by another monitor, perhaps from another record: what it said is in the log, not here.
      if ('seq' in result && !result.duplicate) tellings[place]?.noteAhead(result.seq);
    }
  }
}
