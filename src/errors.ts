/**
 * The closed catalogue of tagged errors. Every failure that a caller may have to act on carries one of these
 * codes; they are stable, appear as `extensions.code` in GraphQL and as `error.code` on the command line, and
 * never carry patient data: a message names the field, the line or the variable, not the value of a patient.
 */
export const ERROR_CODES = {
  BAD_USER_INPUT: 'The request is well formed but a value in it is not acceptable.',
  UNAUTHENTICATED: 'Nobody is named, or the token is not valid here.',
  FORBIDDEN: 'Whoever asks may not do or see this.',
  NOT_FOUND: 'Nothing is known under that name or identifier.',
  QUERY_TOO_COMPLEX: 'The query is deeper, wider or costlier than the limits allow.',
  TIME_SPENT: 'The query took longer than a query may.',
  BUDGET_SPENT: 'More was asked in a short time than one may ask.',
  TOO_MANY_OPERATIONS: 'More operations are under way on one connection than the limits allow.',
  CURSOR_INVALID: 'The cursor was not made by this server for this list or stream.',
  CURSOR_EXPIRED: 'The log was restored since the cursor was made: start again without it.',
  DATA_IN_USE: 'Another process owns the data directory.',
  CONFIG_INVALID: 'A setting is missing or wrong.',
  HOST_NOT_ALLOWED: 'Beyond this machine the server listens with an issuer of tokens and TLS only.',
  FILE_UNREADABLE: 'A file cannot be read or is not of the expected format.',
  VCF_INVALID: 'The VCF cannot be read at the place named.',
  SCORE_INVALID: 'The scoring file cannot be used, at the place named.',
  ROWS_INVALID: 'The table of rows cannot be read at the place named.',
  TABLE_INVALID: 'A knowledge table is wrong at the place named.',
  MODEL_UNKNOWN: 'No model of that name is loaded.',
  MODEL_INVALID: 'The model file or its card is wrong.',
  MODEL_DIGEST_MISMATCH: 'The model file is not the one its card describes.',
  METHOD_NOT_AVAILABLE: 'The model cannot be explained exactly by that method.',
  GRAPH_UNAVAILABLE: 'The graph does not answer.',
  LOG_UNAVAILABLE: 'The event log does not answer.',
  LOG_TOO_WEAK: 'The event log may lose what it acknowledged, and that was not allowed.',
  AUDIT_UNAVAILABLE: 'It cannot be recorded who sees what, so that nothing is shown.',
  KEY_UNAVAILABLE: 'What was recorded is sealed, and its key is not there.',
  ERASURE_UNAVAILABLE: 'Nothing can be erased from this log: its payloads are not sealed.',
  EVENT_INVALID: 'An event of the log is not of the form that its type has.',
  PROJECTION_HALTED: 'The projection of the log into the graph does not go on, so that nothing is lost.',
  SERVER_UNREACHABLE: 'The running server does not answer.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A failure with a stable code and, where there is one, the place it happened (`file:line field`). */
export class AvicennaError extends Error {
  readonly code: ErrorCode;
  readonly at: string | undefined;

  constructor(code: ErrorCode, message: string, at?: string) {
    super(message);
    this.name = 'AvicennaError';
    this.code = code;
    this.at = at;
  }
}

/** The error as the command line prints it: `{"error":{"code","message","at"}}`. */
export function errorLine(error: unknown): { error: { code: string; message: string; at: string | null } } {
  if (error instanceof AvicennaError) {
    return { error: { code: error.code, message: error.message, at: error.at ?? null } };
  }
  return { error: { code: 'INTERNAL', message: error instanceof Error ? error.message : 'unexpected failure', at: null } };
}

/** What a schema found wrong, each with its place in the data: `output.decimals: expected number`. */
export const faultsInWords = ({
  issues,
}: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}) => issues.map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': ')).join('; ');
