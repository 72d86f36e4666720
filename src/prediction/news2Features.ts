/**
 * The inputs of NEWS2 from a patient record. Each sign is the latest of the last 12 hours, within which a set is due (RCP 2017);
 * an older one is none. Scale 2 of the oxygen saturation is a clinician's decision: it is read where it is recorded, and where
 * the problem list asks for one that is not, there is no answer.
 */
import {
  BODY_TEMPERATURE,
  HEART_RATE,
  INHALED_OXYGEN_FLOW,
  NEWS2_SCALE,
  OXYGEN_SATURATION,
  PULSE_OXIMETRY,
  RESPIRATORY_RATE,
  RESPONSIVENESS,
  SYSTOLIC_PRESSURE,
} from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { Feature } from './features.ts';
import { age, condition, measured, missing, pregnancy } from './recordFeatures.ts';

const OLDEST_HOURS = 12;
const HOUR_MS = 3_600_000;

/** ICD-10-CM: respiratory failure with hypercapnia. */
const HYPERCAPNIC_FAILURE = /^J96\.[0129]2/;

/** ACVPU, by the text that is recorded. */
const ACVPU: Readonly<Record<string, string>> = {
  alert: 'A',
  'new confusion': 'C',
  'responds to voice': 'V',
  'responds to pain': 'P',
  unresponsive: 'U',
};

/** The latest of some codes, if it is of the last 12 hours. */
function recent(record: PatientRecord, codes: readonly string[], at: string): Feature {
  const found = codes
    .map((code) => measured(record, code))
    .filter(({ observedAt }) => observedAt !== null)
    .sort((a, b) => ((a.observedAt as string) < (b.observedAt as string) ? 1 : -1));
  const [latest] = found;
  if (!latest?.observedAt) return missing('not recorded');
  const hours = (Date.parse(at) - Date.parse(latest.observedAt)) / HOUR_MS;
  return hours <= OLDEST_HOURS ? latest : missing(`last measured at ${latest.observedAt}, more than ${OLDEST_HOURS} hours ago`);
}

function scale(record: PatientRecord, at: string): Feature {
  const set = measured(record, NEWS2_SCALE);
  if (set.value !== null) return { ...set, value: set.value === 'scale 2' ? '2' : '1', note: 'as recorded' };
  const failure = condition(record, HYPERCAPNIC_FAILURE, at);
  if (failure.value === '1') return missing(`${failure.note}: a clinician has to set the scale (${NEWS2_SCALE})`);
  return { value: '1', observedAt: null, note: 'no other scale is recorded, and no hypercapnic respiratory failure in the problem list' };
}

function consciousness(record: PatientRecord, at: string): Feature {
  const found = recent(record, [RESPONSIVENESS], at);
  return found.value === null ? found : { ...found, value: ACVPU[String(found.value)] ?? null };
}

function supplementalOxygen(record: PatientRecord, at: string): Feature {
  const flow = recent(record, [INHALED_OXYGEN_FLOW], at);
  if (flow.value === null) return flow;
  return { ...flow, value: Number(flow.value) > 0 ? '1' : '0', note: `${flow.value} L/min` };
}

/** Input name of the card -> feature, as of `at`. */
export function news2Features(record: PatientRecord, at: string): Readonly<Record<string, Feature>> {
  return {
    respirationRate: recent(record, [RESPIRATORY_RATE], at),
    spo2: recent(record, [OXYGEN_SATURATION, PULSE_OXIMETRY], at),
    spo2Scale: scale(record, at),
    supplementalOxygen: supplementalOxygen(record, at),
    systolicBP: recent(record, [SYSTOLIC_PRESSURE], at),
    pulse: recent(record, [HEART_RATE], at),
    consciousness: consciousness(record, at),
    temperatureC: recent(record, [BODY_TEMPERATURE], at),
    ageYears: age(record, at),
    pregnant: pregnancy(record, at),
  };
}
