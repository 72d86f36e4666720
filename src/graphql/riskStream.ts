/** Risk events as a subscriber sees them. */
import type { Envelope, PayloadCodec } from '../events/envelope.ts';
import { RISK_EVENT_TYPE, type RiskPayload, readRiskPayload } from '../monitoring/riskEvent.ts';
import { oncePer } from '../oncePer.ts';
import type { Context } from './context.ts';
import { eventStream, type StreamItem } from './eventStream.ts';
import { SharedWork } from './sharedWork.ts';

export interface RiskFilter {
  /** Surrogates; null for all. */
  readonly patients: readonly string[] | null;
  readonly models: readonly string[] | null;
  /**
   * Smallest change to tell, in the model's unit, against the last value that this stream told of the patient and model (the one
   * before the stream, where it told none). A first value, an abstention and what follows it are always told.
   */
  readonly minChange: number | null;
}

/** A risk event as the schema resolves it: its payload with whose it is and when it was told. */
export interface RiskSource extends Omit<RiskPayload, 'model' | 'because' | 'replaces'> {
  readonly id: string;
  readonly patientId: string;
  readonly recordedAt: string;
  readonly modelName: string;
  readonly parts: RiskPayload['because'];
  /** The event's id in the log. */
  readonly replaced: string | null;
}

export function showRisk(
  id: string,
  patientId: string,
  recordedAt: string,
  { model, because, replaces, ...payload }: RiskPayload,
): RiskSource {
  return { ...payload, id, patientId, recordedAt, modelName: model, parts: because, replaced: replaces };
}

export type RiskItem = StreamItem<RiskSource>;

const shown = new SharedWork<Envelope, Promise<RiskSource | null>>();
const readOnce = oncePer((envelope: Envelope, codec: PayloadCodec) => readRiskPayload(codec.decode(envelope)));

/** Holds each value against the last one that was told. */
function changeOf(minChange: number): (patient: string, payload: RiskPayload) => boolean {
  const told = new Map<string, number | null>();
  return (patient, { model, previous, value }) => {
    const key = `${patient}|${model}`;
    const last = told.has(key) ? (told.get(key) ?? null) : previous;
    const wanted = last === null || value === null || Math.abs(value - last) >= minChange;
    told.set(key, wanted ? value : last);
    return wanted;
  };
}

export function riskStream(context: Context, { patients, models, minChange }: RiskFilter, after: string | null): AsyncIterable<RiskItem> {
  const payloadOf = (envelope: Envelope) => readOnce(envelope, context.codec);
  const isEnough = minChange === null ? () => true : changeOf(minChange);
  const wanted = (patient: string, payload: RiskPayload) => (!models || models.includes(payload.model)) && isEnough(patient, payload);
  return eventStream(context, {
    patients,
    filter: [models && [...models].sort(), minChange],
    after,
    remembers: minChange !== null,
    shown,
    wants: (envelope) => envelope.type === RISK_EVENT_TYPE && wanted(envelope.subject, payloadOf(envelope)),
    show: (envelope) => showRisk(envelope.id, envelope.subject, envelope.recordedAt, payloadOf(envelope)),
  });
}
