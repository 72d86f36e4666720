import { randomUUID } from 'node:crypto';
import { type GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AvicennaError } from '../errors.ts';
import { withoutValue } from './withoutValue.ts';

/** Codes of errors that GraphQL itself or the limits raise: their messages speak of the query, not of a patient. */
const QUERY_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'QUERY_TOO_COMPLEX',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** @param id by which whoever was answered names the failure */
export type Report = (error: unknown, id: string) => void;

const MAX_WRAPPINGS = 5;

/** The error that a resolver threw, under the wrappings of the executor and of Apollo. */
function cause(error: unknown): unknown {
  let innermost = error;
  for (let depth = 0; depth < MAX_WRAPPINGS; depth += 1) {
    const original = (innermost as { originalError?: unknown } | undefined)?.originalError;
    if (original === undefined || original === null || original === innermost) break;
    innermost = original;
  }
  return innermost;
}

/**
 * An error as a client sees it: a tagged error keeps its code, an error of the query its message; anything else is
 * masked and handed to `report`, with an id that the answer names and the log has.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown, report: Report): GraphQLFormattedError {
  const original = cause(error);
  const place = { ...(formatted.path ? { path: formatted.path } : {}), ...(formatted.locations ? { locations: formatted.locations } : {}) };
  if (original instanceof AvicennaError) {
    return {
      message: original.message,
      ...place,
      extensions: { code: original.code, ...(original.at === undefined ? {} : { at: original.at }) },
    };
  }
  const code = String(formatted.extensions?.['code'] ?? '');
  if (QUERY_CODES.has(code))
    return {
      message: withoutValue(formatted.message),
      ...place,
      extensions: { code, ...(formatted.extensions?.['cost'] ? { cost: formatted.extensions['cost'] } : {}) },
    };
  const id = randomUUID();
  report(original, id);
  return { message: 'Something went wrong here; it has been logged.', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', id } };
}

/** The same for errors that reach a WebSocket client, which carry no code of Apollo's yet. */
export function formatExecutionError(error: GraphQLError, report: Report): GraphQLFormattedError {
  const formatted = error.toJSON();
  const own = error.originalError === undefined && error.extensions['code'] === undefined;
  return formatError(own ? { ...formatted, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } } : formatted, error, report);
}
