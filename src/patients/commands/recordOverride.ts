/** A recommendation, a prediction or an alert that was not followed, with the reason: what rules and models are judged by later. */
import { OVERRIDE_SUBJECTS, type OverrideReason, type OverrideSubject } from '../record.ts';
import type { UserError } from '../userError.ts';
import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface RecordOverride {
  readonly reason: OverrideReason;
  readonly note?: string | null | undefined;
  readonly instead?: string | null | undefined;
}

/** What was not followed, as it was shown at that time. */
export interface Overridden {
  readonly subject: OverrideSubject;
  /** Id of the alert, name of the drug or of the model. */
  readonly key: string;
  readonly shown: string;
}

const TEXT_LENGTH = 500;

/** `what` is what was not followed, or why it cannot be found. */
export function decideRecordOverride(input: RecordOverride, what: Overridden | UserError, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  const note = check.optionalText(input.note, 'note', null, TEXT_LENGTH);
  const instead = check.optionalText(input.instead, 'instead', null, TEXT_LENGTH);
  if (input.reason === 'OTHER' && note === null) check.add('REQUIRED', 'note', "The reason OTHER needs a 'note' that says it.");
  if (!isOverridden(what)) return { userErrors: [what, ...check.errors] };
  const { subject, key, shown } = what;
  const payload = { id: context.newId(1), subject, key, shown, reason: input.reason, note, instead };
  return check.decide({ type: 'recommendation.overridden', payload }, context.now);
}

function isOverridden(what: Overridden | UserError): what is Overridden {
  return 'subject' in what && OVERRIDE_SUBJECTS.includes(what.subject);
}
