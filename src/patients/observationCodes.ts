/**
 * The observations that models and pages here know by name: LOINC code, the unit they are kept in (UCUM) and the
 * range outside which a value is taken for an error of entry. Other codes are kept as sent. LOINC codes are
 * copyright Regenstrief Institute, used under the LOINC licence.
 */
import { UNITS } from './intensiveStay.ts';

export interface ObservationCode {
  readonly code: string;
  readonly system: 'LOINC' | 'AVICENNA';
  readonly label: string;
  /** UCUM; null for a textual finding. */
  readonly unit: string | null;
  readonly min: number;
  readonly max: number;
  /** g/mol, where the unit may be one of substance as well as one of mass. */
  readonly molarMass?: number;
  /** Allowed texts of a textual finding. */
  readonly texts?: readonly string[];
}

const quantity = (code: string, label: string, unit: string, min: number, max: number, molarMass?: number): ObservationCode => ({
  code,
  system: 'LOINC',
  label,
  unit,
  min,
  max,
  ...(molarMass !== undefined && { molarMass }),
});

const finding = (code: string, label: string, texts: readonly string[], system: ObservationCode['system'] = 'LOINC'): ObservationCode => ({
  code,
  system,
  label,
  unit: null,
  min: 0,
  max: 0,
  texts,
});

/** g/mol, by the atomic weights of IUPAC (2021). Urea nitrogen is the two nitrogens of urea, phosphate is told as phosphorus. */
const MOLAR_MASS = {
  creatinine: 113.12,
  cholesterol: 386.66,
  glucose: 180.16,
  bilirubin: 584.67,
  ureaNitrogen: 28.014,
  lactate: 90.08,
  calcium: 40.078,
  magnesium: 24.305,
  phosphorus: 30.974,
} as const;

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
export const DIASTOLIC_PRESSURE = '8462-4';
export const MEAN_PRESSURE = '8478-0';
export const LACTATE = '2524-7';
export const WHITE_CELLS = '6690-2';
export const TOTAL_BILIRUBIN = '1975-2';
export const DIRECT_BILIRUBIN = '1968-7';
export const PLATELETS = '777-3';
export const BASE_EXCESS = '1925-7';
export const BICARBONATE = '1963-8';
/** Of the inhaled gas, percent. */
export const INHALED_OXYGEN = '3150-0';
export const ARTERIAL_PH = '2744-1';
export const ARTERIAL_CO2 = '2019-8';
export const AST = '1920-8';
export const ALKALINE_PHOSPHATASE = '6768-6';
export const UREA_NITROGEN = '3094-0';
export const CALCIUM = '17861-6';
export const CHLORIDE = '2075-0';
export const GLUCOSE = '2345-7';
export const MAGNESIUM = '19123-9';
export const PHOSPHATE = '2777-1';
export const POTASSIUM = '2823-3';
export const TROPONIN_I = '10839-9';
export const HAEMATOCRIT = '4544-3';
export const HAEMOGLOBIN = '718-7';
export const PTT = '14979-9';
export const FIBRINOGEN = '3255-7';
export const TUMOUR_SIZE = '33728-7';
export const TUMOUR_GRADE = '33732-9';
export const POSITIVE_NODES = '21893-3';
export const OESTROGEN_RECEPTOR = '16112-5';
export const PROGESTERONE_RECEPTOR = '16113-3';
export const HER2 = '48676-1';
export const KI67 = '29593-1';
export const EJECTION_FRACTION = '10230-1';
/** The unit that the patient is in, told at each move. */
export const PATIENT_UNIT = 'patient-unit';

export const OBSERVATION_CODES: readonly ObservationCode[] = [
  quantity(BODY_HEIGHT, 'Body height', 'cm', 20, 260),
  quantity(BODY_WEIGHT, 'Body weight', 'kg', 0.3, 500),
  quantity('6301-6', 'INR', '1', 0.5, 20),
  quantity(HEART_RATE, 'Heart rate', '/min', 10, 350),
  quantity(RESPIRATORY_RATE, 'Respiratory rate', '/min', 1, 120),
  quantity(SYSTOLIC_PRESSURE, 'Systolic blood pressure', 'mm[Hg]', 20, 350),
  quantity(DIASTOLIC_PRESSURE, 'Diastolic blood pressure', 'mm[Hg]', 10, 250),
  quantity(BODY_TEMPERATURE, 'Body temperature', 'Cel', 20, 46),
  quantity(OXYGEN_SATURATION, 'Oxygen saturation', '%', 20, 100),
  quantity(PULSE_OXIMETRY, 'Oxygen saturation by pulse oximetry', '%', 20, 100),
  quantity(INHALED_OXYGEN_FLOW, 'Inhaled oxygen flow rate', 'L/min', 0, 80),
  quantity(LACTATE, 'Lactate', 'mmol/L', 0.1, 40, MOLAR_MASS.lactate),
  quantity(WHITE_CELLS, 'White blood cells', '10*3/uL', 0, 500),
  quantity(CREATININE, 'Creatinine', 'mg/dL', 0.05, 40, MOLAR_MASS.creatinine),
  quantity(EGFR, 'eGFR (CKD-EPI 2021)', 'mL/min/{1.73_m2}', 1, 250),
  quantity(BODY_MASS_INDEX, 'Body mass index', 'kg/m2', 5, 120),
  quantity(TOTAL_CHOLESTEROL, 'Total cholesterol', 'mg/dL', 20, 1500, MOLAR_MASS.cholesterol),
  quantity(HDL_CHOLESTEROL, 'HDL cholesterol', 'mg/dL', 1, 300, MOLAR_MASS.cholesterol),
  quantity(HBA1C, 'HbA1c', '%', 2, 25),
  quantity(URINE_ALBUMIN_CREATININE, 'Urine albumin-creatinine ratio', 'mg/g', 0, 30000),
  quantity(TOTAL_BILIRUBIN, 'Bilirubin, total', 'mg/dL', 0, 80, MOLAR_MASS.bilirubin),
  quantity(PLATELETS, 'Platelets', '10*3/uL', 0, 3000),
  quantity(MEAN_PRESSURE, 'Mean arterial pressure', 'mm[Hg]', 10, 300),
  quantity(INHALED_OXYGEN, 'Inhaled oxygen concentration', '%', 15, 100),
  quantity(ARTERIAL_PH, 'pH, arterial', '[pH]', 6.5, 8),
  quantity(ARTERIAL_CO2, 'Carbon dioxide pressure, arterial', 'mm[Hg]', 5, 200),
  quantity(BASE_EXCESS, 'Base excess, arterial', 'mmol/L', -50, 50),
  quantity(BICARBONATE, 'Bicarbonate', 'mmol/L', 1, 70),
  quantity(AST, 'Aspartate aminotransferase', 'U/L', 0, 50000),
  quantity(ALKALINE_PHOSPHATASE, 'Alkaline phosphatase', 'U/L', 0, 10000),
  quantity(UREA_NITROGEN, 'Urea nitrogen', 'mg/dL', 0, 500, MOLAR_MASS.ureaNitrogen),
  quantity(CALCIUM, 'Calcium', 'mg/dL', 1, 30, MOLAR_MASS.calcium),
  quantity(CHLORIDE, 'Chloride', 'mmol/L', 40, 200),
  quantity(DIRECT_BILIRUBIN, 'Bilirubin, direct', 'mg/dL', 0, 60, MOLAR_MASS.bilirubin),
  quantity(GLUCOSE, 'Glucose, plasma', 'mg/dL', 5, 3000, MOLAR_MASS.glucose),
  quantity('2339-0', 'Glucose, blood', 'mg/dL', 5, 3000, MOLAR_MASS.glucose),
  quantity('41653-7', 'Glucose, capillary by glucometer', 'mg/dL', 5, 3000, MOLAR_MASS.glucose),
  quantity('99504-3', 'Glucose, interstitial fluid', 'mg/dL', 5, 3000, MOLAR_MASS.glucose),
  quantity(MAGNESIUM, 'Magnesium', 'mg/dL', 0.1, 20, MOLAR_MASS.magnesium),
  quantity(PHOSPHATE, 'Phosphate', 'mg/dL', 0.1, 30, MOLAR_MASS.phosphorus),
  quantity(POTASSIUM, 'Potassium', 'mmol/L', 0.5, 15),
  quantity(TROPONIN_I, 'Troponin I', 'ng/mL', 0, 2000),
  quantity(HAEMATOCRIT, 'Haematocrit', '%', 3, 80),
  quantity(HAEMOGLOBIN, 'Haemoglobin', 'g/dL', 1, 30),
  quantity(PTT, 'Activated partial thromboplastin time', 's', 10, 400),
  quantity(FIBRINOGEN, 'Fibrinogen', 'mg/dL', 5, 2000),
  quantity(TUMOUR_SIZE, 'Tumour, largest dimension', 'mm', 0.1, 500),
  quantity(POSITIVE_NODES, 'Regional lymph nodes with tumour', '1', 0, 200),
  quantity(EJECTION_FRACTION, 'Left ventricular ejection fraction', '%', 5, 95),
  quantity(KI67, 'Ki-67, share of tumour cells', '%', 0, 100),
  finding(TUMOUR_GRADE, 'Tumour grade', ['1', '2', '3']),
  finding(OESTROGEN_RECEPTOR, 'Oestrogen receptor', ['positive', 'negative']),
  finding(PROGESTERONE_RECEPTOR, 'Progesterone receptor', ['positive', 'negative']),
  finding(HER2, 'HER2', ['positive', 'negative', 'equivocal']),
  finding(SMOKING_STATUS, 'Tobacco smoking status', ['current smoker', 'former smoker', 'never smoker', 'unknown']),
  finding(RESPONSIVENESS, 'Level of responsiveness', ['alert', 'new confusion', 'responds to voice', 'responds to pain', 'unresponsive']),
  finding(NEWS2_SCALE, 'Saturation scale of NEWS2', ['scale 1', 'scale 2'], 'AVICENNA'),
  finding(PATIENT_UNIT, 'Unit that the patient is in', UNITS, 'AVICENNA'),
  { code: TARGET_INR, system: 'AVICENNA', label: 'Target INR', unit: '1', min: 1, max: 5 },
];

const byCode = new Map(OBSERVATION_CODES.map((entry) => [entry.code, entry]));

export function observationCode(code: string): ObservationCode | undefined {
  return byCode.get(code);
}

/** Whether a text has the form of a LOINC code, with the check digit that its number has (Luhn, as LOINC assigns it). */
export function isLoincCode(code: string): boolean {
  const [, number = '', digit = ''] = /^(\d{1,7})-(\d)$/.exec(code) ?? [];
  const sum = [...number].reverse().reduce((total, text, place) => {
    const value = Number(text) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return number !== '' && (10 - (sum % 10)) % 10 === Number(digit);
}
