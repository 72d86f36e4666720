import { oncePer } from '../oncePer.ts';
import type { LogEvent } from './eventLog.ts';

/**
 * The envelope that every event wears, fixed from the first commit. `subject` is a random surrogate, never an
 * identifier; `payload` is bytes made by a codec. The log that seals payloads per patient sets `keyId` (sealed/sealedLog.ts).
 */
export interface Envelope {
  /** Unique; also the log's message id, so that the same event appended twice is one event. */
  readonly id: string;
  /** Position in the log, a decimal string; given by the log, empty before. */
  readonly seq: string;
  readonly type: string;
  readonly version: number;
  readonly subject: string;
  readonly actor: string;
  readonly purpose: string;
  /** When it was told to us (UTC, ISO 8601, milliseconds). */
  readonly recordedAt: string;
  /** When it happened or was measured. */
  readonly observedAt: string;
  /** The key that the payload is encrypted with; null where it is plain. */
  readonly keyId: string | null;
  readonly payload: Uint8Array;
}

/** The event after which nothing of a patient can be read: itself is never sealed. */
export const ERASED = 'patient.erased';

/** Of an event whose patient was erased: what it said is gone. */
export const isGone = ({ payload }: Envelope): boolean => payload.length === 0;

/** Turns a payload into bytes and back. */
export interface PayloadCodec {
  encode(subject: string, value: unknown): { keyId: string | null; payload: Uint8Array };
  decode(envelope: Envelope): unknown;
}

/** JSON in UTF-8, not encrypted. */
export const plainCodec: PayloadCodec = {
  encode: (_subject, value) => ({ keyId: null, payload: Buffer.from(JSON.stringify(value), 'utf8') }),
  decode: (envelope) => JSON.parse(Buffer.from(envelope.payload).toString('utf8')),
};

/** The envelope as the log's body. The sequence is left out: the log gives it. */
export function encodeEnvelope(envelope: Omit<Envelope, 'seq'>): Uint8Array {
  const { payload, ...head } = envelope;
  const headBytes = Buffer.from(JSON.stringify(head), 'utf8');
  const size = Buffer.alloc(4);
  size.writeUInt32BE(headBytes.length);
  return Buffer.concat([size, headBytes, payload]);
}

export function decodeEnvelope(seq: string, body: Uint8Array): Envelope {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = 4 + bytes.readUInt32BE(0);
  const head = JSON.parse(bytes.toString('utf8', 4, end)) as Omit<Envelope, 'seq' | 'payload'>;
  return { ...head, seq, payload: bytes.subarray(end) };
}

/** The envelope of an event that several follow: decoded once. */
export const envelopeOf = oncePer(({ seq, body }: LogEvent): Envelope => decodeEnvelope(seq, body));
