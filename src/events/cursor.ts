import { createHmac, timingSafeEqual } from 'node:crypto';
import { AvicennaError } from '../errors.ts';
import { sha256Of } from '../sha256.ts';

/**
 * A stream cursor is `epoch.place.mac`: the MAC binds the place in the log to the filter and the principal that it
 * was made for, so that a cursor cannot be moved to another stream or made up.
 */
export interface CursorScope {
  readonly epoch: string;
  /** What the stream was filtered by, in a canonical text. */
  readonly filter: string;
  readonly principal: string;
}

/** A place in the log, and where the stream began if what it tells depends on what it told before. */
export interface CursorPlace {
  readonly seq: string;
  readonly origin?: string | undefined;
}

const PLACE = /^(\d{1,19})(?:-(\d{1,19}))?$/;

function mac(key: Uint8Array, scope: Pick<CursorScope, 'epoch' | 'principal'>, place: string, filter: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([scope.epoch, place, filter, scope.principal]))
    .digest('base64url')
    .slice(0, 22);
}

/** Makes the cursors of one stream. */
export function cursorMaker(key: Uint8Array, scope: CursorScope): (place: CursorPlace) => string {
  const filter = sha256Of(scope.filter);
  return ({ seq, origin }) => {
    const place = origin === undefined ? seq : `${seq}-${origin}`;
    return `${scope.epoch}.${place}.${mac(key, scope, place, filter)}`;
  };
}

/** The place that the cursor stands for. Throws CURSOR_INVALID or, for another epoch, CURSOR_EXPIRED. */
export function readCursor(key: Uint8Array, scope: CursorScope, cursor: string): CursorPlace {
  const [epoch, place, given, ...rest] = cursor.split('.');
  const [, seq, origin] = PLACE.exec(place ?? '') ?? [];
  if (!epoch || !place || !seq || !given || rest.length > 0) {
    throw new AvicennaError('CURSOR_INVALID', 'The cursor is not one of this API: give it back exactly as it was received.', 'after');
  }
  const expected = Buffer.from(mac(key, { ...scope, epoch }, place, sha256Of(scope.filter)));
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
  return { seq, origin };
}
