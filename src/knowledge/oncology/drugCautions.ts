/** When a drug is not to be given, or only with care: rules of drug labels, one row a rule. */

export const CAUTION_KINDS = ['CONDITION', 'ALLERGY', 'AGE', 'PREGNANCY', 'ORGAN_FUNCTION'] as const;
export type CautionKind = (typeof CAUTION_KINDS)[number];

export const CAUTION_SEVERITIES = ['CONTRAINDICATED', 'AVOID', 'ADJUST', 'MONITOR'] as const;
export type CautionSeverity = (typeof CAUTION_SEVERITIES)[number];

/** Creatinine clearance: mL/min (Cockcroft-Gault). Bilirubin: mg/dL, total. LVEF: left ventricular ejection fraction, %. */
export const ORGAN_MEASURES = ['CREATININE_CLEARANCE', 'BILIRUBIN', 'LVEF'] as const;
export type OrganMeasure = (typeof ORGAN_MEASURES)[number];

export interface DrugCaution {
  readonly id: string;
  /** Names in lower case. */
  readonly drugs: readonly string[];
  readonly kind: CautionKind;
  /** CONDITION: ICD-10-CM categories. ALLERGY: substances, in lower case. Otherwise empty. */
  readonly terms: readonly string[];
  /** ORGAN_FUNCTION only. */
  readonly measure: OrganMeasure | null;
  /** The rule holds below (or above) `limit`: of the measure, or of age in years. */
  readonly below: boolean | null;
  readonly limit: number | null;
  readonly severity: CautionSeverity;
  readonly text: string;
  readonly source: string;
  readonly url: string;
}

/** What a name of a group of drugs stands for, as FOLFOX. */
export interface Regimen {
  readonly name: string;
  readonly drugs: readonly string[];
}
