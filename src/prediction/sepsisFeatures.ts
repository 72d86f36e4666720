/**
 * The inputs of the sepsis models from the stay in intensive care that a record has: a row for each hour in which something was
 * measured, and one for the present hour. Several measurements of an hour are their median, as in the data that the models were
 * trained on (Reyna et al., Crit Care Med 2020;48:210).
 */
import { median } from '../median.ts';
import type { IntensiveStay } from '../patients/intensiveStay.ts';
import * as codes from '../patients/observationCodes.ts';
import type { Observation, PatientRecord } from '../patients/record.ts';
import type { Feature } from './features.ts';
import type { RawRow } from './inputs.ts';
import { age, missing } from './recordFeatures.ts';

const HOUR_MS = 3_600_000;
const PERCENT = 100;

/** Input -> the codes that it is measured by. What pulse oximeters send under either code is the oximeter's saturation. */
const MEASURED_BY: Readonly<Record<string, readonly string[]>> = {
  HR: [codes.HEART_RATE],
  O2Sat: [codes.PULSE_OXIMETRY, codes.OXYGEN_SATURATION],
  Temp: [codes.BODY_TEMPERATURE],
  SBP: [codes.SYSTOLIC_PRESSURE],
  MAP: [codes.MEAN_PRESSURE],
  DBP: [codes.DIASTOLIC_PRESSURE],
  Resp: [codes.RESPIRATORY_RATE],
  BaseExcess: [codes.BASE_EXCESS],
  HCO3: [codes.BICARBONATE],
  FiO2: [codes.INHALED_OXYGEN],
  pH: [codes.ARTERIAL_PH],
  PaCO2: [codes.ARTERIAL_CO2],
  AST: [codes.AST],
  BUN: [codes.UREA_NITROGEN],
  Alkalinephos: [codes.ALKALINE_PHOSPHATASE],
  Calcium: [codes.CALCIUM],
  Chloride: [codes.CHLORIDE],
  Creatinine: [codes.CREATININE],
  Bilirubin_direct: [codes.DIRECT_BILIRUBIN],
  Glucose: [codes.GLUCOSE],
  Lactate: [codes.LACTATE],
  Magnesium: [codes.MAGNESIUM],
  Phosphate: [codes.PHOSPHATE],
  Potassium: [codes.POTASSIUM],
  Bilirubin_total: [codes.TOTAL_BILIRUBIN],
  TroponinI: [codes.TROPONIN_I],
  Hct: [codes.HAEMATOCRIT],
  Hgb: [codes.HAEMOGLOBIN],
  PTT: [codes.PTT],
  WBC: [codes.WHITE_CELLS],
  Fibrinogen: [codes.FIBRINOGEN],
  Platelets: [codes.PLATELETS],
};

const INPUT_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(MEASURED_BY).flatMap(([input, measuredBy]) => measuredBy.map((code) => [code, input] as const)),
);

/** In the unit of the model: oxygen is a fraction there. */
const inUnit = (input: string, value: number) => (input === 'FiO2' ? value / PERCENT : value);

interface Measurement {
  readonly input: string;
  readonly value: number;
  readonly observation: Observation;
}

/** What the models read of a stay, by `at`, in the order of measurement. */
function measurements({ observations }: IntensiveStay, at: string): Measurement[] {
  return observations.flatMap((observation) => {
    const input = INPUT_OF.get(observation.code);
    if (input === undefined || observation.value === null || observation.observedAt > at) return [];
    return [{ input, value: inUnit(input, observation.value), observation }];
  });
}

const hoursBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / HOUR_MS;

const stayAt = ({ stay }: PatientRecord, at: string) => (stay && stay.since <= at ? stay : null);

/** What is the same in all hours of a stay. */
function aboutStay(record: PatientRecord, { unit, since, hospitalSince }: IntensiveStay, at: string): Readonly<Record<string, Feature>> {
  const told = (value: number | string | null, observedAt: string | null, note: string | null): Feature => ({ value, observedAt, note });
  const kind = unit === 'medical intensive care' ? 'MICU' : unit === 'surgical intensive care' ? 'SICU' : null;
  return {
    patient: told(record.id, null, null),
    Age: age(record, at),
    Gender: record.sexAtBirth === 'UNKNOWN' ? missing('sex not recorded') : told(record.sexAtBirth === 'MALE' ? '1' : '0', null, null),
    Unit1: kind === null ? missing('another kind of unit') : told(kind === 'MICU' ? '1' : '0', since, unit),
    Unit2: kind === null ? missing('another kind of unit') : told(kind === 'SICU' ? '1' : '0', since, unit),
    HospAdmTime: told(-hoursBetween(hospitalSince, since), hospitalSince, null),
  };
}

/** The first hour of a stay is 1. */
const hourOf = (since: string, time: string) => Math.floor(hoursBetween(since, time)) + 1;

/** Each input as it was measured last, for a person to read. */
export function sepsisFeatures(record: PatientRecord, at: string): Readonly<Record<string, Feature>> {
  const stay = stayAt(record, at);
  if (!stay) return {};
  const last = new Map(measurements(stay, at).map(({ input, value, observation }) => [input, { value, observation }]));
  const measured = Object.keys(MEASURED_BY).map((input) => {
    const found = last.get(input);
    if (!found) return [input, missing('not measured in this stay')] as const;
    const { id, observedAt } = found.observation;
    return [input, { value: found.value, observedAt, note: null, observation: id }] as const;
  });
  const hour = { value: hourOf(stay.since, at), observedAt: null, note: `in intensive care since ${stay.since}` };
  return { ...aboutStay(record, stay, at), ...Object.fromEntries(measured), ICULOS: hour };
}

/** A row for each hour, the present one last: empty where the patient is in no intensive care. */
export function sepsisHours(record: PatientRecord, at: string): RawRow[] {
  const stay = stayAt(record, at);
  if (!stay) return [];
  const hours = new Map<number, Map<string, number[]>>();
  for (const { input, value, observation } of measurements(stay, at)) {
    const hour = hourOf(stay.since, observation.observedAt);
    const inHour = hours.get(hour) ?? new Map<string, number[]>();
    hours.set(hour, inHour);
    inHour.set(input, [...(inHour.get(input) ?? []), value]);
  }
  const now = hourOf(stay.since, at);
  if (!hours.has(now)) hours.set(now, new Map());
  const same = Object.fromEntries(Object.entries(aboutStay(record, stay, at)).map(([input, { value }]) => [input, value]));
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([hour, inHour]) => ({
      ...same,
      ICULOS: hour,
      ...Object.fromEntries([...inHour].map(([input, values]) => [input, median(values)])),
    }));
}

/** Why the models are not for somebody at all. */
export function sepsisUnfit(record: PatientRecord, at: string): string | null {
  return stayAt(record, at) ? null : `the record does not say that the patient is in intensive care (observation '${codes.PATIENT_UNIT}')`;
}
