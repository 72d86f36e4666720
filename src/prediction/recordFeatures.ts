/**
 * What models read of a patient record, input by input. A measurement that is not recorded is missing; the medication and
 * problem lists are taken as complete, and the note says so (docs/adr/0006-complete-lists.md).
 */
import { CREATININE, SMOKING_STATUS } from '../patients/observationCodes.ts';
import { ICD_10_CM, isActive, isPresent, type Medication, type PatientRecord } from '../patients/record.ts';
import type { Feature } from './features.ts';

/** ICD-10-CM. */
export const DIABETES = /^E(08|09|10|11|13)/;

export const missing = (note: string): Feature => ({ value: null, observedAt: null, note });

/** Completed years at `at`. */
export const yearsOld = (birthDate: string, at: string) =>
  Number(at.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (at.slice(5, 10) < birthDate.slice(5) ? 1 : 0);

export const age = ({ birthDate }: PatientRecord, at: string): Feature => ({
  value: yearsOld(birthDate, at),
  observedAt: null,
  note: null,
});

/** The latest observation of a code. */
export function measured(record: PatientRecord, code: string): Feature {
  const observation = record.latest.find((candidate) => candidate.code === code);
  if (!observation) return missing('not recorded');
  const { id, value, text, observedAt } = observation;
  return { value: value ?? text, observedAt, note: null, observation: id };
}

export function smoker(record: PatientRecord): Feature {
  const status = measured(record, SMOKING_STATUS);
  if (status.value === null || status.value === 'unknown') return missing('smoking status not recorded');
  return { ...status, value: status.value === 'current smoker' ? '1' : '0' };
}

function latestStart(medications: readonly Medication[]): string | null {
  return (
    medications
      .map(({ startedAt }) => startedAt)
      .sort()
      .at(-1) ?? null
  );
}

/** Taken or, by the medication list, not taken. */
export function taken(record: PatientRecord, names: readonly string[], at: string): Feature {
  const active = record.medications.filter((medication) => names.includes(medication.name) && isActive(medication, at));
  if (active.length > 0) return { value: '1', observedAt: latestStart(active), note: active.map(({ name }) => name).join(', ') };
  const stopped = record.medications.filter(({ name, stoppedAt }) => names.includes(name) && stoppedAt !== null && stoppedAt <= at);
  return {
    value: '0',
    observedAt:
      stopped
        .map(({ stoppedAt }) => stoppedAt as string)
        .sort()
        .at(-1) ?? null,
    note: 'not in the medication list, which is taken as complete',
  };
}

const DAY_MS = 86_400_000;

/**
 * Present or, by the problem list, absent; codes are ICD-10-CM.
 * @param days how long it lasts at most from its onset; as long as it is not ended where left out
 */
export function condition(record: PatientRecord, codes: RegExp, at: string, days = Number.POSITIVE_INFINITY): Feature {
  const lasts = (onsetAt: string) => Date.parse(at) - Date.parse(onsetAt) <= days * DAY_MS;
  const present = record.conditions.filter(
    (one) => one.system === ICD_10_CM && codes.test(one.code) && isPresent(one, at) && lasts(one.onsetAt),
  );
  const first = present[0];
  if (first) return { value: '1', observedAt: first.onsetAt, note: first.label };
  return { value: '0', observedAt: null, note: 'not in the problem list, which is taken as complete' };
}

/** ICD-10-CM: pregnancy, childbirth and the puerperium; supervision and weeks of pregnancy. */
const PREGNANCY = /^(O|Z33\.[13]|Z34|Z3A)/;
/** 40 weeks and a puerperium of 6. */
const PREGNANCY_DAYS = 322;

export const pregnancy = (record: PatientRecord, at: string): Feature => condition(record, PREGNANCY, at, PREGNANCY_DAYS);

/** `female` or `male`. */
export function sexAtBirth({ sexAtBirth: sex }: PatientRecord): Feature {
  return sex === 'UNKNOWN' ? missing('sex not recorded') : { value: sex.toLowerCase(), observedAt: null, note: null };
}

/** The inputs of CKD-EPI 2021. */
export function ckdEpiFeatures(record: PatientRecord, at: string): Readonly<Record<string, Feature>> {
  return { cr: measured(record, CREATININE), age: age(record, at), sex: sexAtBirth(record) };
}
