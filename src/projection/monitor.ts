import type { PayloadCodec } from '../events/envelope.ts';
import { type AppendRequest, compareSeq, type EventLog, type LogEvent } from '../events/eventLog.ts';
import { rulesFor } from '../monitoring/alertRule.ts';
import {
  type Assessment,
  assess,
  causeOf,
  MODEL_CHANGED,
  measurements,
  momentOf,
  type RiskBasis,
  type Trigger,
} from '../monitoring/assess.ts';
import { earlierAnswers, hasEarlierMoments, inTheirOrder, type LateMeasurement, placed } from '../monitoring/corrections.ts';
import { RISK_EVENT_TYPE, RISK_EVENT_VERSION, type ToldRisk } from '../monitoring/riskEvent.ts';
import type { Observation, PatientRecord } from '../patients/record.ts';
import { type FeatureVector, featuresOf, readsStay } from '../prediction/features.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { withStay } from '../store/cypher/intensiveStay.ts';
import { latestAt, wholeObservation } from '../store/cypher/latestAt.ts';
import { observationsSince } from '../store/cypher/patientLists.ts';
import { patientsById, readRecord } from '../store/cypher/patientPage.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Alarms } from './alarms.ts';
import type { Alerts } from './alerts.ts';
import { derivedAppend, stableId } from './derivedEvent.ts';
import type { ToldRisks } from './toldRisks.ts';
import { Turns } from './turns.ts';

export interface MonitorParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  /** The models that are asked: looked up at each event, since they may be replaced. */
  readonly models: () => readonly LoadedModel[];
  readonly release: string;
  readonly told: ToldRisks;
  readonly alerts: Alerts;
  readonly alarms: Alarms;
  /** Told of an event that another monitor appended. */
  readonly noteLogged: (event: LogEvent) => void;
}

const NOT_OVERTAKEN = async () => false;

/** What is to be appended, and what is to be remembered of it once it is. */
interface Telling {
  readonly append: AppendRequest;
  readonly noteAhead: (seq: string) => void;
}

/** What one model says after an event, and what it takes back of what it said before. */
interface Answer extends Assessment {
  readonly model: string;
  readonly previous: ToldRisk | null;
  /** All that it tells, in order; the last stands for now where `isNews`. */
  readonly risks: readonly ToldRisk[];
  /** Whether what it says of now is another than before. */
  readonly isNews: boolean;
}

/**
 * After each patient event: scores the models again and appends what moved, with the alerts that follow from it, in one
 * append. A message id is made from the patient, the cause's sequence and the model's digest, so that an event that is
 * looked at twice tells once. A measurement that comes late corrects what was told since (src/monitoring/corrections.ts).
 */
export class Monitor {
  readonly #parts: MonitorParts;
  /** What is told of a patient is told against what was told before: one after another. */
  readonly #turns = new Turns();

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  /**
   * Appends the risk events and the alerts that `trigger` leads to. Throws where a model fails, after the others have been asked.
   * @param isOvertaken asked once all has been read: whether another server is past the event, and has told what there is to tell of it
   */
  async after(patient: string, trigger: Trigger, isOvertaken: () => Promise<boolean>): Promise<void> {
    if (causeOf(trigger.event.type))
      await this.#turns.take(patient, () => this.#tellOf(patient, trigger, this.#parts.models(), isOvertaken));
  }

  /**
   * Tells what a model that came into force says of a patient otherwise than the one before it. False where something was
   * recorded after the event of `seq`: then it is to be asked again.
   */
  afterModel(patient: string, model: LoadedModel, seq: string): Promise<boolean> {
    const now = new Date().toISOString();
    const trigger: Trigger = { event: { type: MODEL_CHANGED }, seq, recordedAt: now, observedAt: now };
    return this.#turns.take(patient, () => this.#tellOf(patient, trigger, [model], NOT_OVERTAKEN, seq));
  }

  /** @param expected the patient's last event, where nothing is to be told after another. False where it is another. */
  async #tellOf(
    patient: string,
    trigger: Trigger,
    models: readonly LoadedModel[],
    isOvertaken: () => Promise<boolean>,
    expected?: string,
  ): Promise<boolean> {
    const [row] = await this.#parts.store.read(patientsById([patient]));
    if (!row) return true;
    const readsHistory = models.some(({ card }) => readsStay(card.name));
    const record = readsHistory ? await withStay(this.#parts.store, readRecord(row), momentOf(trigger)) : readRecord(row);
    const last = await this.#parts.told.last(
      patient,
      models.map(({ card }) => card.name),
      trigger.seq,
    );
    const late = this.#lateMeasurement(record, trigger);
    const answers: Answer[] = [];
    const failures: unknown[] = [];
    for (const model of models) {
      const answer = this.#answer(model, record, last.get(model.card.name) ?? null, trigger, late);
      await answer.then(
        (one) => answers.push(one),
        (error: unknown) => failures.push(error),
      );
    }
    const tellings = [
      ...answers.flatMap(({ risks }) => risks.map((risk) => this.#riskTelling(patient, risk))),
      ...(await this.#alertTellings(record, trigger, answers)),
    ];
    if (await isOvertaken()) return true;
    if (!(await this.#tell(tellings, expected))) return false;
    for (const { model, risks, isNews, previous, measuredAt } of answers) {
      const now = isNews ? risks.at(-1) : previous;
      this.#parts.alarms.noteMeasured(record, model, now?.payload.value ?? null, measuredAt);
    }
    // The other models have spoken: what one could not say is tried again with the event, and told once.
    if (failures.length > 0) throw failures[0];
    return true;
  }

  /** What corrections need of the record; read once, and only where it is asked for. */
  #lateMeasurement(record: PatientRecord, trigger: Trigger): () => Promise<LateMeasurement> {
    let made: Promise<LateMeasurement> | undefined;
    const read = async () => {
      const { store } = this.#parts;
      const from =
        measurements(trigger)
          .map(({ observedAt }) => observedAt)
          .sort()[0] ?? trigger.observedAt;
      const [before = []] = await latestAt(store, [record.id], new Date(Date.parse(from) - 1).toISOString());
      const rows = await store.read<{ observation: Observation }>(observationsSince(record.id, from));
      return { record, trigger, before, since: rows.map(({ observation }) => wholeObservation(observation)) };
    };
    return () => {
      made ??= read();
      return made;
    };
  }

  async #answer(
    model: LoadedModel,
    record: PatientRecord,
    previous: ToldRisk | null,
    trigger: Trigger,
    late: () => Promise<LateMeasurement>,
  ): Promise<Answer> {
    const { release, alerts } = this.#parts;
    const { name } = model.card;
    const basis = { model, release, rules: rulesFor(alerts.rules, name, record) };
    const vector = featuresOf(model.card, record, momentOf(trigger));
    const earlier = await this.#earlierAnswers(basis, vector, previous, trigger, late);
    const last = earlier?.at(-1)?.payload;
    const isNow = last !== undefined && last.observedAt >= (previous?.payload.observedAt ?? '');
    const before = isNow ? last : (previous?.payload ?? null);
    // What is said of now after a late measurement is said of a time after all that was told.
    const observedAt = earlier && before && before.observedAt > trigger.observedAt ? before.observedAt : trigger.observedAt;
    const assessment = await assess(basis, record, vector, before, { ...trigger, observedAt });
    const told = assessment.risk ? [{ id: stableId('risk', record.id, trigger.seq, model.digest), payload: assessment.risk }] : [];
    return { ...assessment, model: name, previous, risks: [...(earlier ?? []), ...told], isNews: isNow || told.length > 0 };
  }

  /** What the model says of times before now: of a late measurement, and of several that came together. Null of anything else. */
  async #earlierAnswers(
    basis: Pick<RiskBasis, 'model' | 'release' | 'rules'>,
    vector: FeatureVector,
    previous: ToldRisk | null,
    trigger: Trigger,
    late: () => Promise<LateMeasurement>,
  ): Promise<ToldRisk[] | null> {
    const first = previous && placed(vector, trigger, [previous]);
    if (!first || !hasEarlierMoments(first)) return null;
    const measurement = await late();
    const patient = measurement.record.id;
    const standing = await this.#parts.told.standing(patient, basis.model.card.name);
    // What was told because of the measurement itself, where it is looked at again, was not told before it came.
    const told = inTheirOrder(standing.filter(({ payload }) => compareSeq(payload.causeSeq, trigger.seq) < 0));
    const place = placed(vector, trigger, told) ?? first;
    return earlierAnswers(basis, measurement, told, place, (at) => stableId('correction', patient, trigger.seq, basis.model.digest, at));
  }

  /** Alerts are of now: a correction of an earlier time raises and clears none. */
  async #alertTellings(record: PatientRecord, trigger: Trigger, answers: readonly Answer[]): Promise<Telling[]> {
    const risks = answers.flatMap(({ isNews, risks: told }) => (isNews ? told.slice(-1) : []));
    const previous = new Map(answers.flatMap(({ model, previous: one }) => (one ? [[model, one.payload] as const] : [])));
    const measured = new Set(answers.flatMap(({ model, measured: wasMeasured }) => (wasMeasured ? [model] : [])));
    const decisions = await this.#parts.alerts.after(record, trigger, { risks, previous, measured });
    return decisions.map(({ payload, append }) => ({
      append,
      noteAhead: (seq) => this.#parts.alerts.noteAhead(record.id, seq, payload),
    }));
  }

  #riskTelling(patient: string, risk: ToldRisk): Telling {
    const { id, payload } = risk;
    const { observedAt } = payload;
    const event = { id, type: RISK_EVENT_TYPE, version: RISK_EVENT_VERSION, patient, observedAt, payload };
    return { append: derivedAppend(this.#parts.codec, event), noteAhead: (seq) => this.#parts.told.noteAhead(patient, seq, risk) };
  }

  /** False where the patient's last event is another than the expected one: then nothing was appended. */
  async #tell(tellings: readonly Telling[], expected?: string): Promise<boolean> {
    if (tellings.length === 0) return true;
    // The expectation of the first holds for the call: it is written whole or not at all.
    const expectation = expected === undefined ? {} : { expectSubjectSeq: expected };
    const results = await this.#parts.log.append(
      tellings.map(({ append }, place) => (place === 0 ? { ...append, ...expectation } : append)),
    );
    if (results.some((result) => 'conflict' in result)) return false;
    for (const [place, result] of results.entries()) {
      const telling = tellings[place];
      if (!telling || 'conflict' in result) continue;
      // A duplicate was told by another monitor, perhaps from another record: what it said is in the log, not here.
      if (result.duplicate) await this.#noteTold(telling.append.msgId);
      else telling.noteAhead(result.seq);
    }
    return true;
  }

  async #noteTold(msgId: string): Promise<void> {
    const event = await this.#parts.log.find(msgId);
    if (event) this.#parts.noteLogged(event);
  }
}
