/** What a patient agrees to or refuses, from a time on. */
import type { ConsentCategory, ConsentPurpose } from '../record.ts';
import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface SetConsent {
  readonly purpose: ConsentPurpose;
  readonly category: ConsentCategory;
  readonly granted: boolean;
  /** Left out: from now on. Not in the past: what was shown until now was shown under what stood then. */
  readonly from?: string | null | undefined;
  readonly until?: string | null | undefined;
}

const instantOf = (text: string) => {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
};

export function decideSetConsent(input: SetConsent, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  const from = input.from == null ? context.now : instantOf(input.from);
  const until = input.until == null ? null : instantOf(input.until);
  if (from === null) check.add('INVALID', 'from', "'from' is not a date and time: expected ISO 8601, as in 2026-03-02T09:00:00Z.");
  else if (from < context.now) check.add('OUT_OF_RANGE', 'from', "'from' lies in the past: leave it out for now.");
  if (input.until != null && until === null) check.add('INVALID', 'until', "'until' is not a date and time: expected ISO 8601.");
  if (from !== null && until !== null && until <= from) check.add('OUT_OF_RANGE', 'until', "'until' must be after 'from'.");
  const { purpose, category, granted } = input;
  const payload = { id: context.newId(1), purpose, category, granted, from: from ?? '', until };
  return check.decide({ type: 'consent.set', payload }, context.now);
}
