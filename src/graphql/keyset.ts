/** Cursors of lists: the place of a row, bound to the list's sort, filter and knowledge release. */
import { createHash } from 'node:crypto';
import { AvicennaError } from '../errors.ts';
import type { Keyset } from '../store/cypher/patientLists.ts';

const scopeHash = (scope: unknown) => createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 12);

export function toCursor(keyset: Keyset, scope: unknown): string {
  return Buffer.from(JSON.stringify([keyset.value, keyset.id, scopeHash(scope)]), 'utf8').toString('base64url');
}

/** Throws CURSOR_INVALID where the cursor is of another list, sort, filter or release. */
export function fromCursor(cursor: string | null | undefined, scope: unknown): Keyset | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(parts) &&
      parts.length === 3 &&
      typeof parts[0] === 'string' &&
      typeof parts[1] === 'string' &&
      parts[2] === scopeHash(scope)
    ) {
      return { value: parts[0], id: parts[1] };
    }
  } catch {
    // Falls through to the one error below.
  }
  throw new AvicennaError(
    'CURSOR_INVALID',
    "'after' is not a cursor of this list with this sort and filter: start again without it.",
    'after',
  );
}

const MAX_PAGE = 100;

/** Throws BAD_USER_INPUT unless 1 <= first <= 100. */
export function checkFirst(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE)
    throw new AvicennaError('BAD_USER_INPUT', `'first' must be between 1 and ${MAX_PAGE}.`, 'first');
  return first;
}

const MOST_TERMS = 200;

/** Of look-ups of many names. @throws AvicennaError BAD_USER_INPUT */
export function checkTerms(terms: readonly string[], at: string): void {
  if (terms.length > MOST_TERMS) throw new AvicennaError('BAD_USER_INPUT', `At most ${MOST_TERMS} terms in one look-up.`, at);
}
