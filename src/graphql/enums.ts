import { registerEnumType } from 'type-graphql';
import { ROLES } from '../access/actor.ts';
import { AUDIT_ACTIONS } from '../access/audit/entry.ts';
import { COHORT_DIMENSIONS } from '../access/cohort/countCohort.ts';
import { DENIALS } from '../access/decide.ts';
import { WHY_NOT_REASONS, type WhyNotReason } from '../genotypes/whyNot.ts';
import { FACT_KINDS } from '../knowledge/diff.ts';
import { ALERT_SEVERITIES, CROSSINGS } from '../monitoring/alertRule.ts';
import { BASELINE_VERDICTS } from '../monitoring/baseline.ts';
import { RISK_CAUSES } from '../monitoring/riskEvent.ts';
import { DATA_CATEGORIES } from '../patients/dataCategories.ts';
import {
  CONSENT_CATEGORIES,
  CONSENT_PURPOSES,
  ERASURE_REASONS,
  OBSERVATION_FLAGS,
  OUTCOME_KINDS,
  OVERRIDE_REASONS,
  OVERRIDE_SUBJECTS,
  RACES,
  SEVERITIES,
  SEXES,
} from '../patients/record.ts';
import { USER_ERROR_CODES } from '../patients/userError.ts';

/** An enum of the schema from a closed list of texts. */
export function enumOf<T extends string>(
  name: string,
  description: string,
  values: readonly T[],
  valueDescriptions: Partial<Record<T, string>> = {},
): { readonly [K in T]: K } {
  const object = Object.fromEntries(values.map((value) => [value, value])) as { readonly [K in T]: K };
  const valuesConfig = Object.fromEntries(
    values.map((value) => [value, { description: valueDescriptions[value] ?? value.toLowerCase().replaceAll('_', ' ') }]),
  );
  registerEnumType(object, { name, description, valuesConfig: valuesConfig as never });
  return object;
}

export const SexEnum = enumOf('Sex', 'Sex at birth as recorded.', SEXES);
export const RaceEnum = enumOf(
  'Race',
  'Race as recorded: an administrative category, not biology. Models say how they did per group.',
  RACES,
);
export const SeverityEnum = enumOf('AllergySeverity', 'How severe a reaction was.', SEVERITIES);
export const OutcomeKindEnum = enumOf('OutcomeKind', 'What happened to the patient.', OUTCOME_KINDS);
export const ConsentPurposeEnum = enumOf('ConsentPurpose', 'What data may be used for.', CONSENT_PURPOSES);
export const DataCategoryEnum = enumOf('DataCategory', 'Data of a record that are guarded apart.', DATA_CATEGORIES, {
  CLINICAL: 'what is measured, given, diagnosed and predicted, with sex, race and age',
  IDENTIFIERS: 'identifier, date of birth and free text',
  GENOMIC: 'genotypes and what follows from them',
  SENSITIVE: 'conditions of mental health, substance use, HIV, sexual health and violence',
});
export const WithheldReasonEnum = enumOf('WithheldReason', 'Why data are not shown.', ['ROLE', 'TOKEN', 'CONSENT'] as const, {
  ROLE: 'nobody in this role is shown them',
  TOKEN: 'your token does not read them: its scopes lack MolecularSequence.r',
  CONSENT: 'the patient does not agree to it',
});
export const RoleEnum = enumOf('Role', 'In which role somebody asks.', [...ROLES, 'SYSTEM'] as const, {
  CLINICIAN: 'treats patients',
  ANALYST: 'studies patients who agreed to research',
  PATIENT: 'sees the own record',
  DEVICE: 'sends measurements and sees nothing',
  OPERATOR: 'runs the platform and sees no patient',
  SYSTEM: 'the program itself',
});
export const AccessDenialEnum = enumOf('AccessDenial', 'Why somebody may not see a patient.', DENIALS, {
  ROLE: 'nobody in the role sees a patient',
  OTHER_PATIENT: 'the token is about another patient',
  NOT_SYNTHETIC: 'the token is for made-up patients only',
  OTHER_SITE: 'the patient is of another unit',
  CONSENT: 'the patient does not agree',
});
export const AuditActionEnum = enumOf('AuditAction', 'What was done with the data of a patient.', AUDIT_ACTIONS, {
  READ: 'data of the patient were given',
  WRITE: 'something was recorded',
  REFUSED: 'the patient was named and not shown, or a command was not allowed',
  COUNTED: 'the patient went into a count or a figure among others',
  STREAM_STARTED: 'a subscription began',
  STREAM_DELIVERED: "the patient's first event in a subscription was sent",
  STREAM_ENDED: 'a subscription ended',
});
export const PurposeEnum = enumOf('Purpose', 'What data are asked for.', [...CONSENT_PURPOSES, 'OWN', 'OPERATIONS'] as const, {
  OWN: "the patient's own use",
  OPERATIONS: 'running the platform: no patient data',
});
export const ConsentCategoryEnum = enumOf('ConsentCategory', 'Which data a consent covers.', CONSENT_CATEGORIES, {
  ALL: 'all data',
  GENOMIC: 'genotypes and what follows from them',
  SENSITIVE: 'conditions that HL7 lists as sensitive: substance use, psychiatry, HIV, sexually transmitted, reproductive, violence',
});
export const OverrideSubjectEnum = enumOf('OverrideSubject', 'What was not followed.', OVERRIDE_SUBJECTS);
export const ErasureReasonEnum = enumOf('ErasureReason', 'Why a patient was erased.', ERASURE_REASONS, {
  PATIENT_REQUEST: 'the patient objects, or asks for it',
  CONSENT_WITHDRAWN: 'what it was recorded by was consent, and that was withdrawn',
  NO_LONGER_NEEDED: 'what it was recorded for is over',
  UNLAWFUL: 'it should never have been recorded',
  LEGAL_OBLIGATION: 'the law orders it',
  ENTERED_IN_ERROR: 'the record was a mistake',
});
export const OverrideReasonEnum = enumOf('OverrideReason', 'Why something was not followed.', OVERRIDE_REASONS, {
  CONTRAINDICATED: 'something that the platform does not know speaks against it',
  ALREADY_DONE: 'it was done before',
  NOT_APPLICABLE: 'it does not fit this patient',
  WRONG_DATA: 'it rests on data that are wrong',
  OTHER: 'as the note says',
});
export const ObservationFlagEnum = enumOf('ObservationFlag', 'What is wrong with a measurement.', OBSERVATION_FLAGS, {
  OUT_OF_RANGE: 'outside what a living person can have: kept as it was sent',
});
export const UserErrorCodeEnum = enumOf('UserErrorCode', 'What is wrong with a field of an input.', USER_ERROR_CODES);
export const RiskCauseEnum = enumOf('RiskCause', 'What moved a risk.', RISK_CAUSES, {
  REGISTRATION: 'the record was opened: the first value',
  MODEL: 'another version of the model',
  CORRECTION: 'a measurement came late: the answer as of its time was another',
});

export const AlertSeverityEnum = enumOf('AlertSeverity', 'How urgent an alert is.', ALERT_SEVERITIES, {
  INFO: 'worth knowing',
  WARNING: 'somebody should look soon',
  CRITICAL: 'somebody must act now',
});
export const CrossingEnum = enumOf('Crossing', 'Which way a value went over a threshold.', CROSSINGS, {
  UP: 'from below it to it or above',
  DOWN: 'from it or above to below',
});
export const ALERT_STATUSES = ['RAISED', 'ESCALATED', 'ACKNOWLEDGED', 'CLEARED'] as const;
export const AlertStatusEnum = enumOf('AlertStatus', 'Where an alert stands.', ALERT_STATUSES, {
  RAISED: 'told, and nobody has acknowledged it',
  ESCALATED: 'told to a second role, since nobody acknowledged it in time',
  ACKNOWLEDGED: 'somebody has taken it upon themselves; the condition still holds',
  CLEARED: 'over: the condition has ended and, where the rule asks for it, somebody has acknowledged it',
});
export const ALERT_CHANGES = ['RAISED', 'ESCALATED', 'ACKNOWLEDGED', 'CONDITION_ENDED', 'CONDITION_RETURNED', 'CLEARED'] as const;
export const AlertChangeEnum = enumOf('AlertChange', 'What happened to an alert.', ALERT_CHANGES, {
  RAISED: 'the condition of its rule is met',
  ESCALATED: 'nobody acknowledged it in time: a second role is told',
  ACKNOWLEDGED: 'somebody has taken it upon themselves',
  CONDITION_ENDED: 'the condition has ended; the alert waits for its acknowledgement',
  CONDITION_RETURNED: 'the condition is met again before the alert was acknowledged',
  CLEARED: 'it is over',
});

export const CohortDimensionEnum = enumOf('CohortDimension', 'What patients are counted by.', COHORT_DIMENSIONS, {
  SEX: 'sex at birth as recorded',
  AGE_BAND: 'age in bands of ten years, ages over 89 together; by the year of birth alone',
  RACE: 'race as recorded',
  PHENOTYPE: 'what one gene makes of drugs, as in Poor Metabolizer',
});

export const CallStatusEnum = enumOf('CallStatus', 'Whether a gene could be called.', ['CALLED', 'NO_CALL', 'NOT_TESTED'], {
  NO_CALL: 'the file speaks of the gene but does not settle it',
  NOT_TESTED: 'the file has none of the defined positions',
});
export const CallSourceEnum = enumOf('CallSource', 'Where a call comes from.', ['VCF', 'OUTSIDE'], {
  VCF: 'called here from a file',
  OUTSIDE: 'stated by a laboratory',
});
export const PositionStateEnum = enumOf('PositionState', 'What a file says at a position.', ['SEEN', 'MISSING', 'UNREADABLE']);
export const WhyNotReasonEnum = enumOf(
  'WhyNotReason',
  'Why a call does not name an allele.',
  Object.keys(WHY_NOT_REASONS) as WhyNotReason[],
  WHY_NOT_REASONS,
);
export const BasisEnum = enumOf('RecommendationBasis', 'What a recommendation follows from.', ['GENOTYPE', 'PHENOCONVERTED'], {
  GENOTYPE: 'the genotype alone',
  PHENOCONVERTED: 'the phenotype that the enzyme shows under the medications taken now',
});
export const ModulatorEffectEnum = enumOf('ModulatorEffect', 'What a medication does to an enzyme.', ['INHIBITOR', 'INDUCER'], {
  INHIBITOR: 'slows it',
  INDUCER: 'makes more of it',
});
export const ModulatorStrengthEnum = enumOf('ModulatorStrength', 'How strongly, as FDA grades it.', ['STRONG', 'MODERATE'], {
  STRONG: 'exposure to a sensitive substrate changes five-fold or more (inducers: by 80 % or more)',
  MODERATE: 'exposure to a sensitive substrate changes two- to five-fold (inducers: by 50 to 80 %)',
});
export const FactKindEnum = enumOf('FactKind', 'What kind of knowledge a fact is.', FACT_KINDS);
export const ActionEnum = enumOf(
  'RecommendationAction',
  'What the guideline advises.',
  ['STANDARD', 'REDUCE', 'INCREASE', 'AVOID', 'ALTERNATIVE', 'MONITOR', 'NO_RECOMMENDATION'],
  {
    STANDARD: 'the usual start',
    REDUCE: 'a lower dose than usual',
    INCREASE: 'a higher dose than usual',
    AVOID: 'do not use',
    ALTERNATIVE: 'prefer another drug',
    MONITOR: 'use with closer watching or judgement',
    NO_RECOMMENDATION: 'the evidence does not settle it',
  },
);
export const InteractionSeverityEnum = enumOf(
  'InteractionSeverity',
  'How serious a drug interaction is.',
  ['CONTRAINDICATED', 'MAJOR', 'MODERATE', 'MINOR', 'UNKNOWN'],
  { UNKNOWN: 'no source states it: it follows from an enzyme, or a list says only that it need not interrupt a prescriber' },
);
export const BaselineVerdictEnum = enumOf(
  'BaselineVerdict',
  'Where a measurement lies by what is usual for the patient.',
  BASELINE_VERDICTS,
  {
    CANNOT_TELL: 'too little was measured; `needs` says what would settle it',
  },
);
export const MedicationStatusEnum = enumOf('MedicationStatus', 'Whether a medication is taken now.', ['ACTIVE', 'STOPPED']);
export const PredictionStatusEnum = enumOf('PredictionStatus', 'Whether the model answered.', ['OK', 'ABSTAINED'], {
  ABSTAINED: 'the model does not answer; the reason says what would settle it',
});
export const AvailabilityEnum = enumOf(
  'Availability',
  'Whether something is said of a model.',
  ['PROVIDED', 'NOT_AVAILABLE', 'NOT_APPLICABLE'],
  { NOT_AVAILABLE: 'the card does not say it', NOT_APPLICABLE: 'it cannot exist for this model' },
);
export const OutputSpaceEnum = enumOf('OutputSpace', 'The scale that an explanation adds up on.', ['VALUE', 'MARGIN'], {
  VALUE: 'the unit of the answer, such as mg/week',
  MARGIN: "the model's own scale before its link",
});
export const AttributionMethodEnum = enumOf('AttributionMethod', 'How attributions were computed.', ['EXACT'], {
  EXACT: 'every coalition of the declared players was scored with the model file that answered',
});
export const DirectionEnum = enumOf('Direction', 'Which way a driver moves the answer.', ['RAISES', 'LOWERS', 'NONE']);
export const EvidenceAgreementEnum = enumOf(
  'EvidenceAgreement',
  'Whether the knowledge points the same way as the model.',
  ['AGREES', 'CONFLICTS', 'NO_DIRECTION', 'NO_EVIDENCE'],
  {
    NO_DIRECTION: 'the evidence names the driver but no direction',
    NO_EVIDENCE: 'only the model speaks of this driver',
  },
);
export const PathNodeKindEnum = enumOf('PathNodeKind', 'What a node of an evidence path is.', [
  'VARIANT',
  'ALLELE',
  'GENE',
  'GUIDELINE',
  'DRUG',
  'INTERACTION',
  'ALTERATION',
  'PROFILE',
  'EVIDENCE',
  'DISEASE',
]);
export const PlotKindEnum = enumOf('PlotKind', 'Which picture.', ['WATERFALL', 'TIMELINE'], {
  WATERFALL: 'from the reference average to the answer, one bar a driver',
  TIMELINE: 'the answers since the first finding, each with what moved it; null where there is none',
});
export const PatientOrderFieldEnum = enumOf('PatientOrderField', 'What patients are ordered by.', ['IDENTIFIER', 'BIRTH_DATE']);
export const OrderDirectionEnum = enumOf('OrderDirection', 'Ascending or descending.', ['ASC', 'DESC']);
export const SearchTypeEnum = enumOf('SearchType', 'What a search looks among.', ['PATIENT', 'GENE', 'DRUG', 'GUIDELINE', 'MODEL']);
