/** How well an organ works, as drug labels ask for it: from the record, or what would have to be measured. */
import type { OrganMeasure } from '../knowledge/oncology/drugCautions.ts';
import { BODY_WEIGHT, CREATININE, EJECTION_FRACTION, TOTAL_BILIRUBIN } from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import { measured, yearsOld } from '../prediction/recordFeatures.ts';

export type OrganFunction =
  | { readonly value: number; readonly unit: string; readonly observedAt: string; readonly from: string }
  /** What would settle it. */
  | { readonly value: null; readonly settledBy: string };

const DAY_MS = 86_400_000;
/** A choice of this project: laboratories are repeated before each course. */
const OLDEST_DAYS = 90;

const unknown = (settledBy: string): OrganFunction => ({ value: null, settledBy });
const isRecent = (observedAt: string | null, at: string) =>
  observedAt !== null && (Date.parse(at) - Date.parse(observedAt)) / DAY_MS <= OLDEST_DAYS;

/** A measurement of the last 90 days. */
function recentNumber(record: PatientRecord, code: string, at: string): { readonly value: number; readonly observedAt: string } | null {
  const { value, observedAt } = measured(record, code);
  return typeof value === 'number' && observedAt !== null && isRecent(observedAt, at) ? { value, observedAt } : null;
}

/** Cockcroft-Gault (Nephron 1976;16:31), mL/min: (140 - age) x kg / (72 x mg/dL), x 0.85 for women. */
export function cockcroftGault(years: number, kilograms: number, creatinine: number, isFemale: boolean): number {
  return (((140 - years) * kilograms) / (72 * creatinine)) * (isFemale ? 0.85 : 1);
}

function creatinineClearance(record: PatientRecord, at: string): OrganFunction {
  const creatinine = recentNumber(record, CREATININE, at);
  const weight = recentNumber(record, BODY_WEIGHT, at);
  const { sexAtBirth } = record;
  if (!creatinine) return unknown(`A serum creatinine (LOINC ${CREATININE}) of the last ${OLDEST_DAYS} days`);
  if (!weight) return unknown(`A body weight (LOINC ${BODY_WEIGHT}) of the last ${OLDEST_DAYS} days`);
  if (sexAtBirth === 'UNKNOWN') return unknown('The sex at birth, which the clearance is reckoned by');
  const years = yearsOld(record.birthDate, at);
  return {
    value: cockcroftGault(years, weight.value, creatinine.value, sexAtBirth === 'FEMALE'),
    unit: 'mL/min',
    observedAt: creatinine.observedAt,
    from: `Cockcroft-Gault from creatinine ${creatinine.value} mg/dL, ${weight.value} kg, ${years} years`,
  };
}

function bilirubin(record: PatientRecord, at: string): OrganFunction {
  const found = recentNumber(record, TOTAL_BILIRUBIN, at);
  if (!found) return unknown(`A total bilirubin (LOINC ${TOTAL_BILIRUBIN}) of the last ${OLDEST_DAYS} days`);
  return { value: found.value, unit: 'mg/dL', observedAt: found.observedAt, from: `total bilirubin ${found.value} mg/dL` };
}

/** The newest of what was measured, as an observation or as a finding of a study. */
function ejectionFraction(record: PatientRecord, at: string): OrganFunction {
  const ofStudy = ejectionFractionOfStudy(record, at);
  const observed = recentNumber(record, EJECTION_FRACTION, at);
  if (!observed || (ofStudy.value !== null && ofStudy.observedAt > observed.observedAt)) return ofStudy;
  return { value: observed.value, unit: '%', observedAt: observed.observedAt, from: `LVEF ${observed.value} %` };
}

function ejectionFractionOfStudy({ imaging }: PatientRecord, at: string): OrganFunction {
  for (const { modality, studiedAt, findings } of imaging) {
    const found = findings.find(({ name, unit, value }) => name.trim().toUpperCase() === 'LVEF' && unit === '%' && value !== null);
    if (found?.value == null) continue;
    if (!isRecent(studiedAt, at)) break;
    return { value: found.value, unit: '%', observedAt: studiedAt, from: `LVEF ${found.value} % (${modality})` };
  }
  return unknown(
    `A left ventricular ejection fraction (LOINC ${EJECTION_FRACTION}, or LVEF in % of a study) of the last ${OLDEST_DAYS} days`,
  );
}

const MEASURES: Readonly<Record<OrganMeasure, (record: PatientRecord, at: string) => OrganFunction>> = {
  CREATININE_CLEARANCE: creatinineClearance,
  BILIRUBIN: bilirubin,
  LVEF: ejectionFraction,
};

export const organFunction = (measure: OrganMeasure, record: PatientRecord, at: string): OrganFunction => MEASURES[measure](record, at);
