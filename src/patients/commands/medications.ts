import { isActive } from '../record.ts';
import { type Decision, InputCheck, type PatientContext } from './decision.ts';

export interface StartMedication {
  readonly drug: string;
  readonly doseText?: string | null | undefined;
  readonly startedAt: string;
}

/** A drug as the knowledge release names it. */
export interface NamedDrug {
  readonly name: string;
  readonly rxcui: string;
}

/**
 * Starts a medication. A drug that the knowledge does not have is kept as written (nothing is lost); a name that fits
 * several drugs is refused with the candidates.
 */
export function decideStartMedication(
  input: StartMedication,
  context: PatientContext,
  findDrugs: (term: string) => readonly NamedDrug[],
): Decision {
  const check = new InputCheck(context.now);
  const written = check.text(input.drug, 'drug');
  const found = written === '' ? [] : findDrugs(written);
  if (found.length > 1) check.add('AMBIGUOUS_DRUG', 'drug', `The name fits several drugs: ${found.map(({ name }) => name).join(', ')}.`);
  const drug = found[0];
  const startedAt = check.instant(input.startedAt, 'startedAt');
  const name = drug?.name ?? written.toLowerCase();
  if (context.record.medications.some((medication) => medication.name === name && isActive(medication, context.now))) {
    check.add('ALREADY_TAKEN', 'drug', 'The patient already takes this drug; stop it first to record another dose.');
  }
  const payload = {
    id: context.newId(1),
    name,
    rxcui: drug?.rxcui ?? null,
    doseText: check.optionalText(input.doseText, 'doseText'),
    startedAt,
  };
  return check.decide({ type: 'medication.started', payload }, startedAt);
}

export interface StopMedication {
  readonly medicationId: string;
  readonly stoppedAt: string;
  readonly reason?: string | null | undefined;
}

export function decideStopMedication(input: StopMedication, context: PatientContext): Decision {
  const check = new InputCheck(context.now);
  const stoppedAt = check.instant(input.stoppedAt, 'stoppedAt');
  const medication = context.record.medications.find(({ id }) => id === input.medicationId);
  if (!medication) check.add('UNKNOWN_MEDICATION', 'medicationId', 'The patient has no such medication.');
  if (medication?.stoppedAt) check.add('ALREADY_STOPPED', 'medicationId', 'The medication has already been stopped.');
  if (medication && stoppedAt < medication.startedAt) check.add('OUT_OF_RANGE', 'stoppedAt', "'stoppedAt' lies before the start.");
  return check.decide(
    {
      type: 'medication.stopped',
      payload: { medicationId: input.medicationId, stoppedAt, reason: check.optionalText(input.reason, 'reason') },
    },
    stoppedAt,
  );
}
