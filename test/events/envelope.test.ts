import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEnvelope, type Envelope, encodeEnvelope, plainCodec } from '../../src/events/envelope.ts';

const instant = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const envelopes = fc.record<Omit<Envelope, 'seq'>>({
  id: fc.uuid(),
  type: fc.string(),
  version: fc.nat(),
  subject: fc.string({ unit: 'binary' }),
  actor: fc.string({ unit: 'grapheme' }),
  purpose: fc.string(),
  recordedAt: instant,
  observedAt: instant,
  keyId: fc.option(fc.string(), { nil: null }),
  payload: fc.uint8Array({ maxLength: 200 }),
});

describe('the envelope of an event', () => {
  it('comes back from its bytes as it was, with the sequence that the log gave', () => {
    fc.assert(
      fc.property(envelopes, fc.bigInt({ min: 1n, max: 10n ** 18n }).map(String), (envelope, seq) => {
        const { payload, ...head } = decodeEnvelope(seq, encodeEnvelope(envelope));
        const { payload: original, ...expected } = envelope;
        expect(head).toEqual({ ...expected, seq });
        expect(Buffer.compare(Buffer.from(payload), Buffer.from(original))).toBe(0);
      }),
    );
  });

  it('is read from the middle of a larger buffer too', () => {
    fc.assert(
      fc.property(envelopes, fc.uint8Array({ maxLength: 9 }), (envelope, before) => {
        const whole = Buffer.concat([before, encodeEnvelope(envelope), Buffer.from('after')]);
        const body = new Uint8Array(whole.buffer, whole.byteOffset + before.length, whole.length - before.length - 5);
        const { payload, subject } = decodeEnvelope('1', body);
        expect(subject).toBe(envelope.subject);
        expect(Buffer.from(payload).equals(Buffer.from(envelope.payload))).toBe(true);
      }),
    );
  });

  it('has bytes that do not hold the sequence: only the log gives it', () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        const bytes = Buffer.from(encodeEnvelope({ ...envelope, seq: '424242' } as Omit<Envelope, 'seq'>));
        expect(decodeEnvelope('7', bytes).seq).toBe('7');
      }),
    );
  });
});

describe('the plain codec', () => {
  it('gives back any JSON value, in whatever script its texts are', () => {
    fc.assert(
      fc.property(envelopes, fc.jsonValue(), (envelope, value) => {
        const encoded = plainCodec.encode(envelope.subject, value);
        expect(encoded.keyId).toBeNull();
        expect(plainCodec.decode({ ...envelope, ...encoded, seq: '1' })).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
