/** What is wrong with one field of a command, for the person who sent it. */
export const USER_ERROR_CODES = [
  'REQUIRED',
  'INVALID',
  'OUT_OF_RANGE',
  'UNIT_NOT_CONVERTIBLE',
  'IN_THE_FUTURE',
  'AMBIGUOUS_DRUG',
  'UNKNOWN_PATIENT',
  'UNKNOWN_MEDICATION',
  'UNKNOWN_ALERT',
  'UNKNOWN_REPORT',
  'ALREADY_ACKNOWLEDGED',
  'ALREADY_STOPPED',
  'ALREADY_REPLACED',
  'ALREADY_EXISTS',
  'ALREADY_TAKEN',
  'UNKNOWN_GENE',
  'UNKNOWN_ALLELE',
  'UNKNOWN_SAMPLE',
  'VCF_INVALID',
  'TOO_LARGE',
  'REFUSED_BY_PATIENT',
  'IDEMPOTENCY_KEY_REUSED',
] as const;
export type UserErrorCode = (typeof USER_ERROR_CODES)[number];

export interface UserError {
  readonly code: UserErrorCode;
  /** Path of the input field, `observations.value`. */
  readonly field: string;
  /** Index in the list, where the field is in one. */
  readonly index: number | null;
  readonly message: string;
}

export function userError(code: UserErrorCode, field: string, message: string, index: number | null = null): UserError {
  return { code, field, index, message };
}
