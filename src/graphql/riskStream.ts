/** Risk events as a subscriber sees them. */
import type { Envelope, PayloadCodec } from '../events/envelope.ts';
import { RISK_EVENT_TYPE, type RiskPayload, readRiskPayload } from '../monitoring/riskEvent.ts';
import { oncePer } from '../oncePer.ts';
import type { Context } from './context.ts';
import { eventStream, type StreamItem } from './eventStream.ts';
import { SharedWork } from './sharedWork.ts';
import { categoriesOfRisk } from './toldCategories.ts';

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

/** What a stream with a smallest change knows of one patient and model. */
interface Followed {
  /** The answer that was told last. */
  readonly told: number | null;
  /** The event whose answer stands now. */
  readonly standing: string;
}

/**
 * Holds each value against the last one that was told. A correction of an earlier answer is held against that answer, and what
 * stands now is held against what was told of now: what is said of the past hides no change.
 */
function changeOf(minChange: number): (patient: string, id: string, payload: RiskPayload) => boolean {
  const followed = new Map<string, Followed>();
  const isEnough = (value: number | null, last: number | null) => last === null || value === null || Math.abs(value - last) >= minChange;
  return (patient, id, { model, cause, previous, value, replaces }) => {
    const key = `${patient}|${model}`;
    const known = followed.get(key);
    if (cause === 'CORRECTION' && (!known || replaces !== known.standing)) return isEnough(value, previous);
    const last = known ? known.told : previous;
    const wanted = isEnough(value, last);
    followed.set(key, { told: wanted ? value : last, standing: id });
    return wanted;
  };
}

export function riskStream(context: Context, { patients, models, minChange }: RiskFilter, after: string | null): AsyncIterable<RiskItem> {
  const payloadOf = (envelope: Envelope) => readOnce(envelope, context.codec);
  const isEnough = minChange === null ? () => true : changeOf(minChange);
  const wanted = ({ subject, id }: Envelope, payload: RiskPayload) =>
    (!models || models.includes(payload.model)) && isEnough(subject, id, payload);
  return eventStream(context, {
    patients,
    filter: [models && [...models].sort(), minChange],
    after,
    remembers: minChange !== null,
    shown,
    categoriesOf: (envelope) => (envelope.type === RISK_EVENT_TYPE ? categoriesOfRisk(payloadOf(envelope)) : null),
    wants: (envelope) => wanted(envelope, payloadOf(envelope)),
    show: (envelope) => showRisk(envelope.id, envelope.subject, envelope.recordedAt, payloadOf(envelope)),
  });
}
