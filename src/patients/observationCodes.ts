/**
 * The observations that models and pages here know by name: LOINC code, the unit they are kept in (UCUM) and the
 * range outside which a value is taken for an error of entry. Other codes are kept as sent. LOINC codes are
 * copyright Regenstrief Institute, used under the LOINC licence.
 */
export interface ObservationCode {
  readonly code: string;
  readonly system: 'LOINC' | 'AVICENNA';
  readonly label: string;
  /** UCUM; null for a textual finding. */
  readonly unit: string | null;
  readonly min: number;
  readonly max: number;
  /** Allowed texts of a textual finding. */
  readonly texts?: readonly string[];
}

const quantity = (code: string, label: string, unit: string, min: number, max: number): ObservationCode => ({
  code,
  system: 'LOINC',
  label,
  unit,
  min,
  max,
});

export const SMOKING_STATUS = '72166-2';
export const BODY_HEIGHT = '8302-2';
export const BODY_WEIGHT = '29463-7';
export const TARGET_INR = 'target-inr';
/** Which saturation scale of NEWS2 a clinician has set. */
export const NEWS2_SCALE = 'news2-spo2-scale';
export const BODY_MASS_INDEX = '39156-5';
export const SYSTOLIC_PRESSURE = '8480-6';
export const HEART_RATE = '8867-4';
export const RESPIRATORY_RATE = '9279-1';
export const BODY_TEMPERATURE = '8310-5';
/** In arterial blood, however measured. */
export const OXYGEN_SATURATION = '2708-6';
export const PULSE_OXIMETRY = '59408-5';
/** 0 is air. */
export const INHALED_OXYGEN_FLOW = '3151-8';
export const RESPONSIVENESS = '67775-7';
export const CREATININE = '2160-0';
export const EGFR = '98979-8';
export const TOTAL_CHOLESTEROL = '2093-3';
export const HDL_CHOLESTEROL = '2085-9';
export const HBA1C = '4548-4';
export const URINE_ALBUMIN_CREATININE = '9318-7';

export const OBSERVATION_CODES: readonly ObservationCode[] = [
  quantity(BODY_HEIGHT, 'Body height', 'cm', 20, 260),
  quantity(BODY_WEIGHT, 'Body weight', 'kg', 0.3, 500),
  quantity('6301-6', 'INR', '1', 0.5, 20),
  quantity(HEART_RATE, 'Heart rate', '/min', 10, 350),
  quantity(RESPIRATORY_RATE, 'Respiratory rate', '/min', 1, 120),
  quantity(SYSTOLIC_PRESSURE, 'Systolic blood pressure', 'mm[Hg]', 20, 350),
  quantity('8462-4', 'Diastolic blood pressure', 'mm[Hg]', 10, 250),
  quantity(BODY_TEMPERATURE, 'Body temperature', 'Cel', 20, 46),
  quantity(OXYGEN_SATURATION, 'Oxygen saturation', '%', 20, 100),
  quantity(PULSE_OXIMETRY, 'Oxygen saturation by pulse oximetry', '%', 20, 100),
  quantity(INHALED_OXYGEN_FLOW, 'Inhaled oxygen flow rate', 'L/min', 0, 80),
  quantity('2524-7', 'Lactate', 'mmol/L', 0.1, 40),
  quantity('6690-2', 'White blood cells', '10*3/uL', 0, 500),
  quantity(CREATININE, 'Creatinine', 'mg/dL', 0.05, 40),
  quantity(EGFR, 'eGFR (CKD-EPI 2021)', 'mL/min/{1.73_m2}', 1, 250),
  quantity(BODY_MASS_INDEX, 'Body mass index', 'kg/m2', 5, 120),
  quantity(TOTAL_CHOLESTEROL, 'Total cholesterol', 'mg/dL', 20, 1500),
  quantity(HDL_CHOLESTEROL, 'HDL cholesterol', 'mg/dL', 1, 300),
  quantity(HBA1C, 'HbA1c', '%', 2, 25),
  quantity(URINE_ALBUMIN_CREATININE, 'Urine albumin-creatinine ratio', 'mg/g', 0, 30000),
  quantity('1975-2', 'Bilirubin, total', 'mg/dL', 0, 80),
  quantity('777-3', 'Platelets', '10*3/uL', 0, 3000),
  {
    code: SMOKING_STATUS,
    system: 'LOINC',
    label: 'Tobacco smoking status',
    unit: null,
    min: 0,
    max: 0,
    texts: ['current smoker', 'former smoker', 'never smoker', 'unknown'],
  },
  {
    code: RESPONSIVENESS,
    system: 'LOINC',
    label: 'Level of responsiveness',
    unit: null,
    min: 0,
    max: 0,
    texts: ['alert', 'new confusion', 'responds to voice', 'responds to pain', 'unresponsive'],
  },
  {
    code: NEWS2_SCALE,
    system: 'AVICENNA',
    label: 'Saturation scale of NEWS2',
    unit: null,
    min: 0,
    max: 0,
    texts: ['scale 1', 'scale 2'],
  },
  { code: TARGET_INR, system: 'AVICENNA', label: 'Target INR', unit: '1', min: 1, max: 5 },
];

const byCode = new Map(OBSERVATION_CODES.map((entry) => [entry.code, entry]));

export function observationCode(code: string): ObservationCode | undefined {
  return byCode.get(code);
}
