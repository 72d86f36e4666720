/** Events that the platform makes itself from those it was told. */
import { createHash } from 'node:crypto';
import { type Envelope, encodeEnvelope, type PayloadCodec } from '../events/envelope.ts';
import type { AppendRequest } from '../events/eventLog.ts';

/** An id in the form of a UUID from the parts that make the thing unique. */
export function stableId(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface DerivedEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly patient: string;
  /** When its cause happened or was measured. */
  readonly observedAt: string;
  readonly payload: unknown;
}

/** The event as the log takes it. */
export function derivedAppend(codec: PayloadCodec, { payload, patient, ...head }: DerivedEvent): AppendRequest {
  const envelope: Omit<Envelope, 'seq'> = {
    ...head,
    subject: patient,
    actor: 'monitor',
    purpose: 'TREATMENT',
    recordedAt: new Date().toISOString(),
    ...codec.encode(patient, payload),
  };
  return { subject: `patient.${patient}`, msgId: head.id, body: encodeEnvelope(envelope) };
}
