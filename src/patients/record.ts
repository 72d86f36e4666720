/** The patient record as the graph holds it. Times are UTC, ISO 8601 with milliseconds; dates are YYYY-MM-DD. */
import type { GeneCall } from '../genotypes/call.ts';
import type { DataCategory } from './dataCategories.ts';
import type { IntensiveStay } from './intensiveStay.ts';
import type { MolecularReport } from './molecularProfile.ts';

export const SEXES = ['FEMALE', 'MALE', 'UNKNOWN'] as const;
export type Sex = (typeof SEXES)[number];
/** As recorded by the sender: an administrative category, not biology. Groups as in the OMB 1997 standard, reduced to those that a model here was tested on. */
export const RACES = ['ASIAN', 'BLACK', 'WHITE', 'UNKNOWN'] as const;
export type Race = (typeof RACES)[number];
export const SEVERITIES = ['MILD', 'MODERATE', 'SEVERE'] as const;
export type AllergySeverity = (typeof SEVERITIES)[number];
export const CONSENT_PURPOSES = ['TREATMENT', 'RESEARCH', 'EMERGENCY'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
export const CONSENT_CATEGORIES = ['ALL', 'GENOMIC', 'SENSITIVE'] as const;
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];
export const OUTCOME_KINDS = [
  'STABLE_DOSE',
  'BLEEDING',
  'THROMBOSIS',
  'MYOCARDIAL_INFARCTION',
  'STROKE',
  'HEART_FAILURE',
  'ADVERSE_REACTION',
  'RESPONSE',
  'SEPSIS',
  'DEATH',
  'OTHER',
] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export const OVERRIDE_SUBJECTS = ['ALERT', 'RECOMMENDATION', 'PREDICTION'] as const;
export type OverrideSubject = (typeof OVERRIDE_SUBJECTS)[number];
/** Grounds for erasure (Regulation (EU) 2016/679, Art. 17 (1)), and a record that was a mistake. */
export const ERASURE_REASONS = [
  'PATIENT_REQUEST',
  'CONSENT_WITHDRAWN',
  'NO_LONGER_NEEDED',
  'UNLAWFUL',
  'LEGAL_OBLIGATION',
  'ENTERED_IN_ERROR',
] as const;
export type ErasureReason = (typeof ERASURE_REASONS)[number];

export const OVERRIDE_REASONS = [
  'CLINICAL_JUDGEMENT',
  'PATIENT_PREFERENCE',
  'CONTRAINDICATED',
  'ALREADY_DONE',
  'NOT_APPLICABLE',
  'WRONG_DATA',
  'OTHER',
] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];
/** OUT_OF_RANGE: outside what a living person can have; kept as it was sent, never given to a model. */
export const OBSERVATION_FLAGS = ['OUT_OF_RANGE'] as const;
export type ObservationFlag = (typeof OBSERVATION_FLAGS)[number];

export interface Observation {
  readonly id: string;
  readonly code: string;
  readonly system: string;
  readonly label: string;
  /** In `unit`; null for a coded or textual finding. */
  readonly value: number | null;
  readonly text: string | null;
  /** UCUM. */
  readonly unit: string | null;
  /** What measured it, as the sender names it; null where nobody said. */
  readonly device: string | null;
  readonly flag: ObservationFlag | null;
  readonly observedAt: string;
  readonly recordedAt: string;
}

export interface Medication {
  readonly id: string;
  /** Generic name where the drug is known, otherwise as written. */
  readonly name: string;
  /** RxNorm ingredient id; null where the drug is not in the knowledge release. */
  readonly rxcui: string | null;
  readonly doseText: string | null;
  readonly startedAt: string;
  readonly stoppedAt: string | null;
}

export interface Condition {
  readonly id: string;
  readonly code: string;
  readonly system: string;
  readonly label: string;
  readonly onsetAt: string;
  readonly abatedAt: string | null;
}

export interface Allergy {
  readonly id: string;
  readonly substance: string;
  readonly reaction: string | null;
  readonly severity: AllergySeverity;
  readonly recordedAt: string;
}

export interface ImagingFinding {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly text: string | null;
}

export interface ImagingStudy {
  readonly id: string;
  readonly modality: string;
  readonly bodySite: string;
  readonly studiedAt: string;
  readonly findings: readonly ImagingFinding[];
}

export interface Outcome {
  readonly id: string;
  readonly kind: OutcomeKind;
  readonly value: number | null;
  readonly unit: string | null;
  readonly text: string | null;
  /** The model whose prediction this outcome answers. */
  readonly model: string | null;
  readonly observedAt: string;
}

/** What the patient agreed to or refused; or, where somebody opened the record in an emergency, that. */
export interface Consent {
  readonly id: string;
  readonly purpose: ConsentPurpose;
  readonly category: ConsentCategory;
  readonly granted: boolean;
  readonly from: string;
  readonly until: string | null;
  /** When it was told to the platform; empty of those told with the registration. */
  readonly recordedAt: string;
  /** Who told the platform; null of those told with the registration. */
  readonly recordedBy: string | null;
  /** Who opened the record in an emergency, without the patient's word; null of what the patient said. */
  readonly openedBy: string | null;
  /** Why it was opened; null of what the patient said. */
  readonly reason: string | null;
}

/** A gene call as it was imported: with the time, the file's digest and the release that it was made with. */
export interface RecordedCall {
  readonly call: GeneCall;
  readonly importedAt: string;
  readonly fileDigest: string | null;
  readonly release: string;
}

export interface Withheld {
  readonly category: DataCategory;
  /** ROLE: whoever asked sees none of anybody. TOKEN: the token does not read them. CONSENT: the patient does not agree. */
  readonly reason: 'ROLE' | 'TOKEN' | 'CONSENT';
}

/** Whether data of a category are withheld from whoever was given the record. */
export const isWithheld = ({ withheld }: Pick<PatientRecord, 'withheld'>, asked: DataCategory): boolean =>
  withheld.some(({ category }) => category === asked);

export interface PatientRecord {
  /** Random surrogate: the only name of a patient in the log. */
  readonly id: string;
  readonly identifier: string;
  readonly birthDate: string;
  readonly sexAtBirth: Sex;
  readonly race: Race;
  readonly ancestry: string | null;
  /** The hospital or unit that sent the record, as it names itself; null where nobody said. */
  readonly site: string | null;
  readonly synthetic: boolean;
  readonly story: string | null;
  readonly calls: readonly RecordedCall[];
  /** What was found in the patient's tumours, the latest report first. */
  readonly molecular: readonly MolecularReport[];
  readonly medications: readonly Medication[];
  readonly conditions: readonly Condition[];
  readonly allergies: readonly Allergy[];
  readonly imaging: readonly ImagingStudy[];
  readonly outcomes: readonly Outcome[];
  readonly consents: readonly Consent[];
  /** The latest observation of each code. */
  readonly latest: readonly Observation[];
  /** Where the patient is in intensive care, what was measured there: read only for a model that asks for it, otherwise null. */
  readonly stay: IntensiveStay | null;
  /** What of the record is not shown to whoever asked, and why; empty where all is. */
  readonly withheld: readonly Withheld[];
  /** Events about the patient that could not be applied: what they said is missing here. */
  readonly setAside: number;
}

/** The code system that rules and models read conditions by. */
export const ICD_10_CM = 'ICD-10-CM';

/** Whether a condition has begun and has not ended. */
export function isPresent({ onsetAt, abatedAt }: Condition, at: string): boolean {
  return onsetAt <= at && (abatedAt === null || abatedAt > at);
}

/** Names of the drugs taken at a time, each once. */
export function takenAt({ medications }: Pick<PatientRecord, 'medications'>, at: string): string[] {
  return [...new Set(medications.filter((medication) => isActive(medication, at)).map(({ name }) => name))];
}

export function isActive(medication: Medication, at: string): boolean {
  return medication.startedAt <= at && (medication.stoppedAt === null || medication.stoppedAt > at);
}
