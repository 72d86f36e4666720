/**
 * Which data each field of the schema tells of, and what a token must allow for it. A field without a rule is a failing test
 * (test/access/matrix.test.ts): nothing becomes visible by being forgotten.
 */
import type { Letter, Resource } from '../access/scopes.ts';
import type { DataCategory } from '../patients/dataCategories.ts';

/** KNOWLEDGE: nothing of a patient. Otherwise the data that it tells of, which its reader must be allowed to see. */
export type Telling = 'KNOWLEDGE' | DataCategory;

/** Types all of whose fields tell of the same, but for those in FIELDS. */
export const TYPES: Readonly<Record<string, Telling>> = {
  ...sameOf('KNOWLEDGE', [
    ...['Allele', 'Applicability', 'CalibrationBin', 'DoseAdjustment', 'Drug', 'DrugCandidates', 'DrugLookup', 'DrugMatch'],
    ...['Evidence', 'EvidencePath', 'FactChange', 'FactChangeConnection', 'FactChangeEdge', 'Figure', 'Gene', 'GeneLookup', 'GeneMatch'],
    ...['Guideline', 'Interaction', 'KnowledgeDiff', 'KnowledgeRelease', 'KnowledgeSource', 'Lever', 'LocalGroup', 'LocalValidity'],
    ...['Model', 'ModelChange', 'ModelInput', 'ModelVersion', 'Modulator', 'NamedFigure', 'NeededBase', 'PageInfo', 'PathNode'],
    ...['PopulationRange', 'RefusedLever', 'SourceAttribute', 'SubgroupPerformance', 'Threshold', 'TripodItem', 'UserError', 'Variant'],
    ...[
      'Backup',
      'BackupPayload',
      'Interval',
      'PhenotypeChange',
      'RecommendationChange',
      'MatchedLookup',
      'SearchConnection',
      'SearchEdge',
    ],
    ...['Withheld', 'CallOutcome'],
  ]),
  ...sameOf('CLINICAL', [
    ...['AffectedPatientConnection', 'AffectedPatientEdge', 'Actor', 'Alert', 'AlertConnection', 'AlertEdge', 'AlertEvent', 'AlertPayload'],
    ...['AlertStreamItem', 'Allergy', 'Attribution', 'Baseline', 'Component', 'Condition', 'Consent', 'Counterfactual'],
    ...['CounterfactualChange', 'Counterfactuals', 'EmergencyAccess', 'Explanation', 'FeatureValue', 'ImagingFinding', 'ImagingStudy'],
    ...['ImportGenotypePayload', 'Medication', 'MedicationPayload', 'Observation', 'ObservationConnection', 'ObservationEdge', 'Outcome'],
    ...['Override', 'Patient', 'PatientConnection', 'PatientEdge', 'PatientPayload', 'Prediction', 'PredictionChange'],
    ...['RecordObservationsPayload', 'RecordOverridePayload', 'RiskEvent', 'RiskEventConnection', 'RiskEventEdge', 'RiskStreamItem'],
    ...['SimilarPatients', 'TrajectoryPoint', 'UnusualInput'],
  ]),
  ...sameOf('GENOMIC', ['CallWarning', 'Diplotype', 'DiplotypeCall', 'MissingPosition', 'PositionEvidence', 'Recommendation', 'WhyNot']),
};

/** Fields that tell of other data than their type: names, dates of birth, words that may name somebody, genotypes. */
export const FIELDS: Readonly<Record<string, Telling>> = {
  'Patient.identifier': 'IDENTIFIERS',
  'Patient.birthDate': 'IDENTIFIERS',
  'Patient.story': 'IDENTIFIERS',
  'Patient.emergencyAccess': 'IDENTIFIERS',
  'Patient.diplotypes': 'GENOMIC',
  'Patient.recommendations': 'GENOMIC',
  'Observation.text': 'IDENTIFIERS',
  'Observation.device': 'IDENTIFIERS',
  'Outcome.text': 'IDENTIFIERS',
  'ImagingFinding.text': 'IDENTIFIERS',
  'Allergy.reaction': 'IDENTIFIERS',
  'Override.note': 'IDENTIFIERS',
  'Override.instead': 'IDENTIFIERS',
  'Alert.note': 'IDENTIFIERS',
  'Medication.doseText': 'IDENTIFIERS',
  'ImportGenotypePayload.diplotypes': 'GENOMIC',
};

/** The FHIR resource that a field of a patient stands for; those without one come with the patient. */
export const PATIENT_RESOURCES: Readonly<Record<string, Resource>> = {
  observations: 'Observation',
  baselines: 'Observation',
  conditions: 'Condition',
  allergies: 'AllergyIntolerance',
  medications: 'MedicationStatement',
  unknownMedications: 'MedicationStatement',
  interactions: 'MedicationStatement',
  imaging: 'ImagingStudy',
  outcomes: 'Observation',
  diplotypes: 'MolecularSequence',
  recommendations: 'MolecularSequence',
  prediction: 'RiskAssessment',
  riskTrajectory: 'RiskAssessment',
  alerts: 'DetectedIssue',
  overrides: 'DetectedIssue',
  consents: 'Consent',
  emergencyAccess: 'AuditEvent',
};

/** What a root field needs: nothing, a scope of the token, or a role. Commands are decided in access/patientWriter.ts. */
export type RootRule = 'OPEN' | 'COMMAND' | 'OPERATOR' | { readonly resource: Resource; readonly letter: Letter };

const READ: RootRule = { resource: 'Patient', letter: 'r' };
const RISKS: RootRule = { resource: 'RiskAssessment', letter: 's' };
const ALERTS: RootRule = { resource: 'DetectedIssue', letter: 's' };

export const ROOTS: Readonly<Record<string, RootRule>> = {
  'Query.alerts': ALERTS,
  'Query.drug': 'OPEN',
  'Query.drugs': 'OPEN',
  'Query.gene': 'OPEN',
  'Query.genes': 'OPEN',
  'Query.knowledge': 'OPEN',
  'Query.knowledgeDiff': 'OPEN',
  'Query.knowledgeReleases': 'OPEN',
  'Query.me': 'OPEN',
  'Query.model': 'OPEN',
  'Query.models': 'OPEN',
  'Query.node': 'OPEN',
  'Query.nodes': 'OPEN',
  'Query.patient': READ,
  'Query.patients': { resource: 'Patient', letter: 's' },
  'Query.riskEvents': RISKS,
  'Query.search': 'OPEN',
  'Mutation.acknowledgeAlert': 'COMMAND',
  'Mutation.breakGlass': 'COMMAND',
  'Mutation.importGenotype': 'COMMAND',
  'Mutation.recordAllergy': 'COMMAND',
  'Mutation.recordCondition': 'COMMAND',
  'Mutation.recordImaging': 'COMMAND',
  'Mutation.recordObservations': 'COMMAND',
  'Mutation.recordOutcome': 'COMMAND',
  'Mutation.recordOverride': 'COMMAND',
  'Mutation.registerPatient': 'COMMAND',
  'Mutation.setConsent': 'COMMAND',
  'Mutation.startMedication': 'COMMAND',
  'Mutation.stopMedication': 'COMMAND',
  'Mutation.takeBackup': 'OPERATOR',
  'Subscription.alertRaised': ALERTS,
  'Subscription.patientRiskChanged': RISKS,
};

/** What of a node is read needs the scope of its kind, by whatever way it is reached. */
export const NODE_RESOURCES: Readonly<Record<string, Resource>> = {
  Patient: 'Patient',
  RiskEvent: 'RiskAssessment',
  Alert: 'DetectedIssue',
};

function sameOf(telling: Telling, types: readonly string[]): Record<string, Telling> {
  return Object.fromEntries(types.map((type) => [type, telling]));
}
