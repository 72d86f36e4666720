import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AvicennaError } from '../errors.ts';

/**
 * A stream cursor is `epoch.seq.mac`: the MAC binds the place in the log to the filter and the principal that it
 * was made for, so that a cursor cannot be moved to another stream or made up.
 */
export interface CursorScope {
  readonly epoch: string;
  /** What the stream was filtered by, in a canonical text. */
  readonly filter: string;
  readonly principal: string;
}

function mac(key: Uint8Array, scope: CursorScope, seq: string): string {
  const filter = createHash('sha256').update(scope.filter).digest('hex');
  return createHmac('sha256', key)
    .update(JSON.stringify([scope.epoch, seq, filter, scope.principal]))
    .digest('base64url')
    .slice(0, 22);
}

export function makeCursor(key: Uint8Array, scope: CursorScope, seq: string): string {
  return `${scope.epoch}.${seq}.${mac(key, scope, seq)}`;
}

/** The sequence that the cursor stands for. Throws CURSOR_INVALID or, for another epoch, CURSOR_EXPIRED. */
export function readCursor(key: Uint8Array, scope: CursorScope, cursor: string): string {
  const [epoch, seq, given, ...rest] = cursor.split('.');
  if (!epoch || !seq || !given || rest.length > 0 || !/^\d{1,19}$/.test(seq)) {
    throw new AvicennaError('CURSOR_INVALID', 'The cursor is not one of this API: give it back exactly as it was received.', 'after');
  }
  const expected = Buffer.from(mac(key, { ...scope, epoch }, seq));
  const got = Buffer.from(given);
  if (expected.length !== got.length || !timingSafeEqual(expected, got)) {
    throw new AvicennaError(
      'CURSOR_INVALID',
      'The cursor belongs to another stream: same filter and same user are needed to resume.',
      'after',
    );
  }
  if (epoch !== scope.epoch) {
    throw new AvicennaError(
      'CURSOR_EXPIRED',
      'The log was restored since this cursor was made: read the present state, then subscribe without it.',
      'after',
    );
  }
  return seq;
}
