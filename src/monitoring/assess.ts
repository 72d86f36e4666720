/** From a changed record to the risk events that tell of it: pure but for the model's run. */
import { isDeepStrictEqual } from 'node:util';
import { changeSince, modelAttribution } from '../explanation/contrast.ts';
import type { Attribution } from '../explanation/explain.ts';
import type { PatientEvent, PatientEventType } from '../patients/events.ts';
import type { Observation, PatientRecord } from '../patients/record.ts';
import type { FeatureVector } from '../prediction/features.ts';
import { type Prediction, predictRows } from '../prediction/predict.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { type AlertRule, crossedThresholds } from './alertRule.ts';
import { earlierAnswer, type RiskAttribution, type RiskCause, type RiskPayload } from './riskEvent.ts';

/** That another version of a model came into force: no event of the log, but it moves risks as one does. */
export const MODEL_CHANGED = 'model.changed';

type TriggerType = PatientEventType | typeof MODEL_CHANGED;

/** What can move a risk, and what it is called; an outcome moves none. */
const CAUSES: Readonly<Partial<Record<TriggerType, RiskCause>>> = {
  'patient.registered': 'REGISTRATION',
  'observations.recorded': 'OBSERVATION',
  'medication.started': 'MEDICATION',
  'medication.stopped': 'MEDICATION',
  'genotype.imported': 'GENOTYPE',
  'condition.recorded': 'CONDITION',
  'allergy.recorded': 'ALLERGY',
  'imaging.recorded': 'IMAGING',
  [MODEL_CHANGED]: 'MODEL',
};

export function causeOf(type: TriggerType): RiskCause | undefined {
  return CAUSES[type];
}

export interface Trigger {
  readonly event: PatientEvent | { readonly type: typeof MODEL_CHANGED };
  /** The event's; of a change of the model, that of the last event of the patient. */
  readonly seq: string;
  readonly recordedAt: string;
  readonly observedAt: string;
}

/** The moment that is asked about: the clock of what measured may be a little ahead of the platform's. */
export const momentOf = ({ recordedAt, observedAt }: Trigger): string => (observedAt > recordedAt ? observedAt : recordedAt);

function toRisk({ player: _player, ...attribution }: Attribution): RiskAttribution {
  return { ...attribution };
}

async function explainChange(model: LoadedModel, previous: RiskPayload, vector: FeatureVector): Promise<RiskAttribution[]> {
  const { because, byModel } = await changeSince(model, earlierAnswer(previous), vector, vector.inputs);
  const parts = because.filter(({ contribution }) => contribution !== 0).map(toRisk);
  return byModel === null ? parts : [...parts, modelAttribution(model, byModel)];
}

/** Whether an answer is another than the one before. */
export function isMoved(previous: RiskPayload | null, prediction: Prediction): boolean {
  // That a model cannot answer yet is no change of a risk.
  if (previous === null) return prediction.status === 'OK';
  if (previous.status !== prediction.status) return true;
  if (prediction.status !== 'OK') return false;
  return previous.value !== prediction.value || (previous.category !== null && previous.category !== prediction.category);
}

/** When the last of the inputs was measured; null where none has a time. */
export function measuredAt({ inputs }: FeatureVector): string | null {
  const times = inputs.flatMap(({ observedAt }) => observedAt ?? []);
  return times.sort().at(-1) ?? null;
}

/** What was measured with an event, flagged values left out. */
export function measurements({ event }: Trigger): readonly Omit<Observation, 'recordedAt'>[] {
  return event.type === 'observations.recorded' ? event.payload.observations.filter(({ flag }) => flag === null) : [];
}

/** The measurements of an event that the model is given: all of one that reads a history. */
export function givenOf({ inputs, hasHistory }: FeatureVector, trigger: Trigger): readonly Omit<Observation, 'recordedAt'>[] {
  const given = new Set(inputs.map(({ observation }) => observation));
  return measurements(trigger).filter(({ id }) => hasHistory || given.has(id));
}

/** Whether an event brought something that the model asks for, and that was not in the record before. */
function isFresh(record: PatientRecord, given: readonly Pick<Observation, 'id'>[], { recordedAt }: Trigger): boolean {
  const fresh = new Set(record.latest.filter((one) => one.recordedAt === recordedAt).map(({ id }) => id));
  return given.some(({ id }) => fresh.has(id));
}

/** What the file was given, where the inputs do not say it. */
function columnsOf({ hasHistory, columns }: FeatureVector): (number | null)[] | null {
  return hasHistory ? Array.from(columns, (value) => (Number.isNaN(value) ? null : value)) : null;
}

/** Whether the same model has answered the same inputs before: it need not be asked again. */
function isTheSame({ digest }: LoadedModel, vector: FeatureVector, previous: RiskPayload | null): boolean {
  const { raw, problems } = vector;
  return (
    previous !== null &&
    previous.status === 'OK' &&
    problems.length === 0 &&
    previous.modelDigest === digest &&
    isDeepStrictEqual(previous.raw, raw) &&
    isDeepStrictEqual(previous.columns ?? null, columnsOf(vector))
  );
}

export interface Assessment {
  /** The risk event; null where nothing moved. */
  readonly risk: RiskPayload | null;
  /** Whether something that the model asks for was measured. */
  readonly measured: boolean;
  /** When the last of its inputs was measured; null where none has a time. */
  readonly measuredAt: string | null;
}

/** What a risk event is made from. */
export interface RiskBasis {
  readonly model: LoadedModel;
  /** Name of the knowledge release in force. */
  readonly release: string;
  /** The alert rules of this patient and model: their thresholds may be crossed. */
  readonly rules: readonly AlertRule[];
  readonly vector: FeatureVector;
  readonly prediction: Prediction;
  readonly previous: RiskPayload | null;
  readonly cause: RiskCause;
  readonly causeSeq: string;
  readonly observationIds: readonly string[];
  readonly observedAt: string;
  readonly replaces: string | null;
}

export async function riskOf(basis: RiskBasis): Promise<RiskPayload> {
  const { model, vector, prediction, previous, cause, causeSeq, observedAt, release, replaces } = basis;
  const value = prediction.status === 'OK' ? prediction.value : null;
  const comparable = previous !== null && previous.value !== null && value !== null;
  return {
    model: model.card.name,
    modelDigest: model.digest,
    modelVersion: model.card.version,
    release,
    cause,
    causeSeq,
    observationIds: [...basis.observationIds],
    unit: model.card.output.unit,
    status: prediction.status,
    abstainReason: prediction.status === 'ABSTAINED' ? prediction.reason : null,
    previous: previous?.value ?? null,
    value,
    category: prediction.status === 'OK' ? prediction.category : null,
    delta: comparable ? value - (previous.value ?? 0) : null,
    crossed: value === null ? [] : crossedThresholds(basis.rules, previous?.value ?? null, value),
    because: comparable ? await explainChange(model, previous, vector) : [],
    raw: { ...vector.raw },
    columns: columnsOf(vector),
    observedAt,
    replaces,
  };
}

/** What one model says after `trigger`, which made the record what it is; `vector` is what the model is given of it, `previous` is the last risk event of this patient and model, null for the first. */
export async function assess(
  { model, release, rules }: Pick<RiskBasis, 'model' | 'release' | 'rules'>,
  record: PatientRecord,
  vector: FeatureVector,
  previous: RiskPayload | null,
  trigger: Trigger,
): Promise<Assessment> {
  const given = givenOf(vector, trigger);
  const measured = { measured: isFresh(record, given, trigger), measuredAt: measuredAt(vector) };
  const cause = causeOf(trigger.event.type);
  if (isTheSame(model, vector, previous)) return { ...measured, risk: null };
  const [prediction] = await predictRows(model, [vector]);
  if (!cause || !prediction || !isMoved(previous, prediction)) return { ...measured, risk: null };
  const { seq: causeSeq, observedAt } = trigger;
  const observationIds = given.map(({ id }) => id);
  const about = { vector, prediction, previous, cause, causeSeq, observationIds, observedAt, replaces: null };
  return { ...measured, risk: await riskOf({ model, release, rules, ...about }) };
}
