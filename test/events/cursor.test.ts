import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AvicennaError } from '../../src/errors.ts';
import { type CursorPlace, type CursorScope, cursorMaker, readCursor } from '../../src/events/cursor.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const scope = fc.record<CursorScope>({
  epoch: fc.stringMatching(/^[0-9a-f]{12}$/),
  filter: fc.string({ maxLength: 40 }),
  principal: fc.string({ maxLength: 20 }),
});
const seq = fc.bigInt({ min: 0n, max: 10n ** 19n - 1n }).map(String);
const place = fc.record<CursorPlace>({ seq, origin: fc.option(seq, { nil: undefined }) });

function codeOf(read: () => CursorPlace): string {
  try {
    return `read ${read().seq}`;
  } catch (error) {
    if (error instanceof AvicennaError) return error.code;
    throw error;
  }
}

describe('a stream cursor', () => {
  it('gives back the sequence that it was made from', () => {
    fc.assert(
      fc.property(key, scope, place, (secret, where, at) => expect(readCursor(secret, where, cursorMaker(secret, where)(at))).toEqual(at)),
    );
  });

  it('is bound to the filter, the principal and the key that it was made with', () => {
    fc.assert(
      fc.property(key, scope, place, scope, (secret, where, at, other) => {
        const cursor = cursorMaker(secret, where)(at);
        fc.pre(other.filter !== where.filter && other.principal !== where.principal);
        expect(codeOf(() => readCursor(secret, { ...where, filter: other.filter }, cursor))).toBe('CURSOR_INVALID');
        expect(codeOf(() => readCursor(secret, { ...where, principal: other.principal }, cursor))).toBe('CURSOR_INVALID');
        const flipped = Uint8Array.from(secret, (byte, index) => (index === 5 ? byte ^ 1 : byte));
        expect(codeOf(() => readCursor(flipped, where, cursor))).toBe('CURSOR_INVALID');
      }),
    );
  });

  it('does not take a filter and a principal for others that read the same when they are joined', () => {
    const secret = new Uint8Array(32);
    const cursor = cursorMaker(secret, { epoch: 'e', filter: 'ab', principal: 'c' })({ seq: '1' });
    expect(codeOf(() => readCursor(secret, { epoch: 'e', filter: 'a', principal: 'bc' }, cursor))).toBe('CURSOR_INVALID');
  });

  it('has expired in a log of another epoch, and says so only to the one it was made for', () => {
    fc.assert(
      fc.property(key, scope, place, scope, (secret, where, at, other) => {
        fc.pre(other.epoch !== where.epoch && other.filter !== where.filter);
        const cursor = cursorMaker(secret, where)(at);
        expect(codeOf(() => readCursor(secret, { ...where, epoch: other.epoch }, cursor))).toBe('CURSOR_EXPIRED');
        expect(codeOf(() => readCursor(secret, { ...where, epoch: other.epoch, filter: other.filter }, cursor))).toBe('CURSOR_INVALID');
      }),
    );
  });

  it('is refused after any change of a character, an insertion or a removal', () => {
    fc.assert(
      fc.property(
        key,
        scope,
        place,
        fc.nat(),
        fc.string({ maxLength: 2, unit: 'binary' }),
        fc.nat(2),
        (secret, where, at, chosen, inserted, removed) => {
          const cursor = cursorMaker(secret, where)(at);
          const start = chosen % cursor.length;
          const changed = cursor.slice(0, start) + inserted + cursor.slice(start + removed);
          fc.pre(changed !== cursor);
          expect(codeOf(() => readCursor(secret, where, changed))).toBe('CURSOR_INVALID');
        },
      ),
    );
  });

  it.each(['', '.', '..', '...', 'e.1', 'e.1.', 'e.-1.x', 'e.1e3.x', 'e.99999999999999999999.x', 'e.1.x.y'])(
    'is refused where it is none: %j',
    (text) => {
      expect(codeOf(() => readCursor(new Uint8Array(32), { epoch: 'e', filter: '', principal: '' }, text))).toBe('CURSOR_INVALID');
    },
  );

  it('names the argument that it came in', () => {
    expect(() => readCursor(new Uint8Array(32), { epoch: 'e', filter: '', principal: '' }, 'nonsense')).toThrow(
      expect.objectContaining({ at: 'after' }),
    );
  });
});
