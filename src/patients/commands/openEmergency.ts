/** Opening a record in an emergency ("break glass"): for a time, with a reason that stays on the record. */
import { type Decision, InputCheck, type PatientContext } from './decision.ts';

export interface OpenEmergency {
  readonly reason: string;
  /** How long, in minutes; 60 where left out. */
  readonly minutes?: number | null | undefined;
  /** Whether the patient has refused it for emergencies too, as the record says now. */
  readonly isRefused: (context: PatientContext) => boolean;
}

const DEFAULT_MINUTES = 60;
const MOST_MINUTES = 8 * 60;
const SHORTEST_REASON = 10;

export function decideOpenEmergency(input: OpenEmergency, context: PatientContext): Decision {
  const check = new InputCheck(context.now);
  const reason = check.text(input.reason, 'reason', null, 500);
  if (reason !== '' && reason.length < SHORTEST_REASON)
    check.add('INVALID', 'reason', `'reason' needs at least ${SHORTEST_REASON} characters: somebody will ask for it.`);
  const minutes = input.minutes ?? DEFAULT_MINUTES;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MOST_MINUTES)
    check.add('OUT_OF_RANGE', 'minutes', `'minutes' is a whole number from 1 to ${MOST_MINUTES}.`);
  if (input.isRefused(context))
    check.add('REFUSED_BY_PATIENT', 'patientId', 'The patient has refused access in an emergency too: the record stays closed.');
  const until = new Date(Date.parse(context.now) + Math.min(minutes, MOST_MINUTES) * 60_000);
  const payload = { id: context.newId(1), reason, from: context.now, until: Number.isNaN(until.getTime()) ? '' : until.toISOString() };
  return check.decide({ type: 'emergency.opened', payload }, context.now);
}
