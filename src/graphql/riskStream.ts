/**
 * The stream of risk changes as one subscriber sees it: past and present from the log by one reader, filtered, each
 * item with a cursor to go on from. An event is delivered once the graph shows it, so that what is read next agrees.
 */

import { type CursorScope, makeCursor, readCursor } from '../events/cursor.ts';
import { decodeEnvelope } from '../events/envelope.ts';
import { RISK_EVENT_TYPE, type RiskPayload, readRiskPayload } from '../monitoring/riskEvent.ts';
import type { Context } from './context.ts';

export interface RiskFilter {
  /** Surrogates; null for all. */
  readonly patients: readonly string[] | null;
  readonly models: readonly string[] | null;
  /** Smallest change to tell, in the model's unit; a first value and an abstention are always told. */
  readonly minChange: number | null;
}

/** A risk event as the schema resolves it: its payload with whose it is and when it was told. */
export interface RiskSource extends Omit<RiskPayload, 'model' | 'because'> {
  readonly id: string;
  readonly patientId: string;
  readonly recordedAt: string;
  readonly modelName: string;
  readonly parts: RiskPayload['because'];
}

export function showRisk(id: string, patientId: string, recordedAt: string, { model, because, ...payload }: RiskPayload): RiskSource {
  return { ...payload, id, patientId, recordedAt, modelName: model, parts: because };
}

export interface RiskItem {
  readonly cursor: string;
  readonly event: RiskSource | null;
}

/** After so many events that are not for this subscriber, a checkpoint moves its cursor on. */
const CHECKPOINT_EVERY = 100;
const VISIBLE_WITHIN_MS = 2000;

function wanted(payload: RiskPayload, { models, minChange }: RiskFilter): boolean {
  if (models && !models.includes(payload.model)) return false;
  return minChange === null || payload.delta === null || Math.abs(payload.delta) >= minChange;
}

export async function* riskStream(
  context: Context,
  filter: RiskFilter,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<RiskItem> {
  const key = await context.log.cursorKey();
  const { epoch, lastSeq } = await context.log.bounds();
  const scope: CursorScope = {
    epoch,
    filter: JSON.stringify([filter.patients && [...filter.patients].sort(), filter.models && [...filter.models].sort(), filter.minChange]),
    principal: context.actor.id,
  };
  const start = after === null ? lastSeq : readCursor(key, scope, after);
  const subjects = filter.patients ? { subjects: new Set(filter.patients.map((patient) => `patient.${patient}`)) } : {};
  yield { cursor: makeCursor(key, scope, start), event: null };
  let skipped = 0;
  for await (const item of context.log.read({ after: start, live: true, signal, ...subjects })) {
    const cursor = makeCursor(key, scope, item.seq);
    const envelope = item.kind === 'event' ? decodeEnvelope(item.seq, item.body) : null;
    const payload = envelope?.type === RISK_EVENT_TYPE ? readRiskPayload(context.codec.decode(envelope)) : null;
    if (envelope && payload && wanted(payload, filter)) {
      skipped = 0;
      await context.projector.waitFor(item.seq, VISIBLE_WITHIN_MS);
      yield { cursor, event: showRisk(envelope.id, envelope.subject, envelope.recordedAt, payload) };
    } else if (++skipped >= CHECKPOINT_EVERY) {
      skipped = 0;
      yield { cursor, event: null };
    }
  }
}
