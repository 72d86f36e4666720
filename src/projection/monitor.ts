import { createHash } from 'node:crypto';
import type { Envelope, PayloadCodec } from '../events/envelope.ts';
import { encodeEnvelope } from '../events/envelope.ts';
import type { EventLog } from '../events/eventLog.ts';
import { assess, causeOf, type Trigger } from '../monitoring/assess.ts';
import { RISK_EVENT_TYPE, RISK_EVENT_VERSION, type RiskPayload, readRiskPayload } from '../monitoring/riskEvent.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { patientsById, readRecord } from '../store/cypher/patientPage.ts';
import { latestRisks } from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';

/** An id in the form of a UUID from the parts that make the thing unique. */
export function stableId(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface MonitorParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  /** The models that are asked: looked up at each event, since they may be replaced. */
  readonly models: () => readonly LoadedModel[];
  readonly release: string;
}

/**
 * After each patient event: scores the models again and appends what moved. The message id is made from the patient,
 * the cause's sequence and the model's digest, so that an event that is looked at twice tells once.
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

  /** Appends the risk events that `trigger` leads to. */
  async after(patient: string, trigger: Trigger): Promise<void> {
    if (!causeOf(trigger.event.type)) return;
    const [row] = await this.#parts.store.read(patientsById([patient]));
    if (!row) return;
    const record = readRecord(row);
    const models = this.#parts.models();
    const previous = await this.#previous(patient, models);
    for (const model of models) {
      const payload = await assess(model, record, previous.get(model.card.name) ?? null, trigger, this.#parts.release);
      if (payload) await this.#append(patient, trigger, model, payload);
    }
  }

  async #append(patient: string, trigger: Trigger, model: LoadedModel, payload: RiskPayload): Promise<void> {
    const id = stableId('risk', patient, trigger.seq, model.digest);
    const encoded = this.#parts.codec.encode(patient, payload);
    const envelope: Omit<Envelope, 'seq'> = {
      id,
      type: RISK_EVENT_TYPE,
      version: RISK_EVENT_VERSION,
      subject: patient,
      actor: 'monitor',
      purpose: 'TREATMENT',
      recordedAt: new Date().toISOString(),
      observedAt: trigger.observedAt,
      ...encoded,
    };
    const [result] = await this.#parts.log.append([{ subject: `patient.${patient}`, msgId: id, body: encodeEnvelope(envelope) }]);
    // A duplicate was told by another monitor, perhaps from another record: what it said is in the log, not here.
    if (result && 'seq' in result && !result.duplicate) this.noteAhead(patient, result.seq, payload);
  }
}
