import type { PatientEvent } from '../events.ts';
import type { PatientRecord } from '../record.ts';
import { type UserError, userError } from '../userError.ts';

/** A command is decided purely: either the event to append, or what is wrong with the input. */
export type Decision =
  | {
      readonly event: PatientEvent;
      readonly observedAt: string;
      /** What of a batch was not taken while the rest was; left out where all was. */
      readonly refused?: readonly UserError[];
    }
  | { readonly userErrors: readonly UserError[] };

/** What a decision may know besides the input. */
export interface DecisionContext {
  readonly now: string;
  /** Ids made from the idempotency key, so that a repeated command makes the same ones. */
  readonly newId: (index: number) => string;
  /** An id made from what the thing is, so that the same thing told twice, with whatever keys, is one. */
  readonly contentId: (...parts: readonly string[]) => string;
}

export interface PatientContext extends DecisionContext {
  readonly record: PatientRecord;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Clocks of senders differ: what lies less than this ahead is not the future. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Collects what is wrong with an input, so that one answer names everything. */
export class InputCheck {
  readonly errors: UserError[] = [];
  readonly #now: string;

  constructor(now: string) {
    this.#now = now;
  }

  add(code: UserError['code'], field: string, message: string, index: number | null = null): void {
    this.errors.push(userError(code, field, message, index));
  }

  /** Text that must not be empty and is at most `max` characters. */
  text(value: string | null | undefined, field: string, index: number | null = null, max = 200): string {
    const trimmed = value?.trim() ?? '';
    if (trimmed === '') this.add('REQUIRED', field, `'${field}' must not be empty.`, index);
    if (trimmed.length > max) this.add('TOO_LARGE', field, `'${field}' is longer than ${max} characters.`, index);
    return trimmed;
  }

  optionalText(value: string | null | undefined, field: string, index: number | null = null, max = 500): string | null {
    const trimmed = value?.trim() ?? '';
    if (trimmed.length > max) this.add('TOO_LARGE', field, `'${field}' is longer than ${max} characters.`, index);
    return trimmed === '' ? null : trimmed;
  }

  /** A number that is finite; null where none was given. */
  finite(value: number | null | undefined, field: string, index: number | null = null): number | null {
    if (value === null || value === undefined) return null;
    if (!Number.isFinite(value)) this.add('INVALID', field, `'${field}' must be a finite number.`, index);
    return value;
  }

  /** An instant as UTC text with milliseconds; not in the future and not before 1900. */
  instant(value: string, field: string, index: number | null = null): string {
    const time = new Date(DATE.test(value) ? `${value}T00:00:00.000Z` : value);
    if (Number.isNaN(time.getTime())) {
      this.add('INVALID', field, `'${field}' is not a date and time: expected ISO 8601, as in 2026-03-02T09:00:00Z.`, index);
      return value;
    }
    if (time.getTime() > new Date(this.#now).getTime() + CLOCK_SKEW_MS)
      this.add('IN_THE_FUTURE', field, `'${field}' lies in the future.`, index);
    if (time.getUTCFullYear() < 1900) this.add('OUT_OF_RANGE', field, `'${field}' lies before 1900.`, index);
    return time.toISOString();
  }

  /** A calendar date that exists, YYYY-MM-DD, not in the future and at most 125 years ago. */
  birthDate(value: string, field: string): string {
    const time = new Date(`${value}T00:00:00.000Z`);
    if (!DATE.test(value) || Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== value) {
      this.add('INVALID', field, `'${field}' is not a date: expected YYYY-MM-DD.`);
      return value;
    }
    if (value > this.#now.slice(0, 10)) this.add('IN_THE_FUTURE', field, `'${field}' lies in the future.`);
    if (time.getUTCFullYear() < Number(this.#now.slice(0, 4)) - 125)
      this.add('OUT_OF_RANGE', field, `'${field}' is more than 125 years ago.`);
    return value;
  }

  /** The decision: the event where nothing is wrong. */
  decide(event: PatientEvent, observedAt: string): Decision {
    return this.errors.length > 0 ? { userErrors: this.errors } : { event, observedAt };
  }
}
