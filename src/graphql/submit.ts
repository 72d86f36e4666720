/** From a command's input to the mutation's answer. */
import { ceilingOf } from '../access/decide.ts';
import type { CommandName } from '../access/patientWriter.ts';
import type { Decision, PatientContext } from '../patients/commands/decision.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { Submitted } from '../projection/intake.ts';
import type { Context } from './context.ts';
import { keyOf } from './ids.ts';

interface Answer {
  readonly patient: PatientRecord | null;
  readonly userErrors: readonly unknown[];
  readonly eventId: string | null;
  readonly visible: boolean;
}

/** The record after a command, and what is wrong with its input. */
export async function answer(submitted: Submitted, context: Context): Promise<Answer> {
  // Who sees no patient, as a device, is not refused one either: nobody was asked for.
  const isShown = submitted.patient !== undefined && ceilingOf(context.actor).size > 0;
  const patient = isShown ? (await context.reader.byIds([submitted.patient as string]))[0] : null;
  if ('userErrors' in submitted) return { patient: patient ?? null, userErrors: submitted.userErrors, eventId: null, visible: true };
  return { patient: patient ?? null, userErrors: submitted.refused, eventId: submitted.eventId, visible: submitted.visible };
}

interface AboutPatient {
  readonly idempotencyKey: string;
  readonly patientId: string;
}

/** Submits a command about one patient and answers with the record after it. */
export async function submit<I extends AboutPatient>(
  name: CommandName,
  input: I,
  context: Context,
  decide: (decision: PatientContext) => Promise<Decision> | Decision,
): Promise<Answer> {
  const patient = keyOf('Patient', input.patientId, 'patientId');
  const command = { idempotencyKey: input.idempotencyKey, name, input };
  return answer(await context.writer.submit(command, patient, decide), context);
}

/** What is answered where there is nobody to ask about. */
export const REFUSED = { patient: null, eventId: null, visible: true } as const;
export const INPUT = { description: 'What to record.' };
