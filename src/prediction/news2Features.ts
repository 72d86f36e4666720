/**
 * The inputs of NEWS2 from a patient record. A score is of one set of observations (RCP 2017: at least every 12 hours), so an
 * older vital sign is none. Scale 2 of the oxygen saturation is for hypercapnic respiratory failure, by the problem list.
 */
import {
  BODY_TEMPERATURE,
  HEART_RATE,
  INHALED_OXYGEN_FLOW,
  OXYGEN_SATURATION,
  PULSE_OXIMETRY,
  RESPIRATORY_RATE,
  RESPONSIVENESS,
  SYSTOLIC_PRESSURE,
} from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { Feature } from './features.ts';
import { age, condition, measured, missing } from './recordFeatures.ts';

const OLDEST_HOURS = 12;
const HOUR_MS = 3_600_000;

/** ICD-10-CM: respiratory failure with hypercapnia. */
const HYPERCAPNIC_FAILURE = /^J96\.[0129]2/;
/** ICD-10-CM: pregnancy, childbirth and the puerperium; supervision and weeks of pregnancy. */
const PREGNANCY = /^(O|Z33\.1|Z34|Z3A)/;

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
  const { value, observedAt, note } = condition(record, HYPERCAPNIC_FAILURE, at);
  if (value === '1') return { value: '2', observedAt, note: `${note}: target 88 to 92 %, which a clinician has to have set` };
  return { value: '1', observedAt: null, note: 'no hypercapnic respiratory failure in the problem list, which is taken as complete' };
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
    pregnant: condition(record, PREGNANCY, at),
  };
}
