/**
 * The inputs of PREVENT from a patient record. eGFR is taken as recorded, else computed from creatinine by CKD-EPI 2021, as
 * the equations were made; body mass index likewise from height and weight.
 */
import {
  BODY_HEIGHT,
  BODY_MASS_INDEX,
  BODY_WEIGHT,
  CREATININE,
  EGFR,
  HBA1C,
  HDL_CHOLESTEROL,
  SYSTOLIC_PRESSURE,
  TOTAL_CHOLESTEROL,
  URINE_ALBUMIN_CREATININE,
} from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import { eGfr } from './equations/ckdEpi2021.ts';
import type { Feature } from './features.ts';
import { age, condition, DIABETES, measured, sexAtBirth, smoker, taken } from './recordFeatures.ts';

/** Generic names of drugs that lower blood pressure, by the classes of the 2025 AHA/ACC guideline. */
const PRESSURE_LOWERING = [
  ...['lisinopril', 'ramipril', 'enalapril', 'perindopril', 'captopril', 'benazepril', 'quinapril', 'fosinopril', 'trandolapril'],
  ...['losartan', 'valsartan', 'candesartan', 'irbesartan', 'olmesartan', 'telmisartan', 'azilsartan'],
  ...['amlodipine', 'nifedipine', 'felodipine', 'diltiazem', 'verapamil', 'lercanidipine'],
  ...['hydrochlorothiazide', 'chlorthalidone', 'indapamide', 'metolazone', 'furosemide', 'torsemide', 'spironolactone', 'eplerenone'],
  ...[
    'metoprolol',
    'bisoprolol',
    'atenolol',
    'carvedilol',
    'nebivolol',
    'propranolol',
    'labetalol',
    'doxazosin',
    'clonidine',
    'hydralazine',
  ],
] as const;

const STATINS = ['atorvastatin', 'fluvastatin', 'lovastatin', 'pitavastatin', 'pravastatin', 'rosuvastatin', 'simvastatin'] as const;

/** Input name -> generic names of the drugs that set it. */
export const PREVENT_INPUT_DRUGS = { bp_tx: PRESSURE_LOWERING, statin: STATINS } as const;

/** ICD-10-CM: what PREVENT predicts has happened already. */
const CARDIOVASCULAR_DISEASE = /^(I20|I21|I22|I23|I24|I25|I50|I60|I61|I63|I69\.[0136]|G45|Z95\.[15])/;

const CM_PER_M = 100;

/** What was measured, else what follows from other measurements, with the time of the later. */
function derived(record: PatientRecord, code: string, from: readonly string[], note: string, of: (values: number[]) => number): Feature {
  const own = measured(record, code);
  const parts = from.map((part) => measured(record, part));
  if (own.value !== null || parts.some(({ value }) => value === null)) return own;
  const times = parts.flatMap(({ observedAt }) => (observedAt === null ? [] : [observedAt])).sort();
  return { value: of(parts.map(({ value }) => Number(value))), observedAt: times.at(-1) ?? null, note };
}

function kidneyFunction(record: PatientRecord, at: string): Feature {
  const years = Number(age(record, at).value);
  if (record.sexAtBirth === 'UNKNOWN') return measured(record, EGFR);
  return derived(record, EGFR, [CREATININE], 'from creatinine by CKD-EPI 2021', ([creatinine = Number.NaN]) =>
    Math.round(eGfr(creatinine, years, record.sexAtBirth === 'FEMALE')),
  );
}

function bodyMass(record: PatientRecord): Feature {
  return derived(
    record,
    BODY_MASS_INDEX,
    [BODY_HEIGHT, BODY_WEIGHT],
    'from height and weight',
    ([height = Number.NaN, weight = Number.NaN]) => Number((weight / (height / CM_PER_M) ** 2).toFixed(1)),
  );
}

/** Input name of the card -> feature, as of `at`. */
export function preventFeatures(record: PatientRecord, at: string): Readonly<Record<string, Feature>> {
  return {
    age: age(record, at),
    sex: sexAtBirth(record),
    sbp: measured(record, SYSTOLIC_PRESSURE),
    bp_tx: taken(record, PREVENT_INPUT_DRUGS.bp_tx, at),
    total_c: measured(record, TOTAL_CHOLESTEROL),
    hdl_c: measured(record, HDL_CHOLESTEROL),
    statin: taken(record, PREVENT_INPUT_DRUGS.statin, at),
    dm: condition(record, DIABETES, at),
    smoking: smoker(record),
    egfr: kidneyFunction(record, at),
    bmi: bodyMass(record),
    hba1c: measured(record, HBA1C),
    uacr: measured(record, URINE_ALBUMIN_CREATININE),
  };
}

/** Why PREVENT is not for somebody; null where it may be. */
export function preventUnfit(record: PatientRecord, at: string): string | null {
  const known = condition(record, CARDIOVASCULAR_DISEASE, at);
  return known.value === '1' ? `not for people with cardiovascular disease: ${known.note}` : null;
}
