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
    ...['AuditFault', 'AuditVerification', 'Withheld', 'CallOutcome'],
    ...['Disease', 'DiseaseCandidates', 'DiseaseLookup', 'DiseaseNamed', 'GraphPath', 'GraphPaths', 'PathFact', 'PathStep', 'PathThing'],
    ...['AccessDecision', 'Cohort', 'CohortCell', 'CohortValue'],
  ]),
  ...sameOf('CLINICAL', [
    ...['AffectedPatientConnection', 'AffectedPatientEdge', 'Actor', 'Alert', 'AlertConnection', 'AlertEdge', 'AlertEvent', 'AlertPayload'],
    ...[
      'AlertStreamItem',
      'Allergy',
      'Attribution',
      'AuditConnection',
      'AuditEdge',
      'AuditEntry',
      'Baseline',
      'Component',
      'Condition',
      'Consent',
      'Counterfactual',
    ],
    ...['CounterfactualChange', 'Counterfactuals', 'EmergencyAccess', 'Explanation', 'FeatureValue', 'ImagingFinding', 'ImagingStudy'],
    ...['ImportGenotypePayload', 'Medication', 'MedicationPayload', 'Observation', 'ObservationConnection', 'ObservationEdge', 'Outcome'],
    ...['Override', 'Patient', 'PatientConnection', 'PatientEdge', 'PatientPayload', 'Prediction', 'PredictionChange'],
    ...['RecordObservationsPayload', 'RecordOverridePayload', 'RiskEvent', 'RiskEventConnection', 'RiskEventEdge', 'RiskStreamItem'],
    ...['SimilarPatients', 'TrajectoryPoint', 'UnusualInput'],
  ]),
  ...sameOf('GENOMIC', [
    ...[
      'AdjuvantBenefit',
      'AppliedEvidence',
      'ArmBenefit',
      'DrugCaution',
      'ImportMolecularProfilePayload',
      'MolecularReport',
      'OpenQuestion',
    ],
    ...[
      'ClauseMatch',
      'JudgedCriterion',
      'TrialMatch',
      'TrialMatches',
      'TreatmentOption',
      'TreatmentOptions',
      'TumourCopyNumber',
      'TumourFinding',
      'TumourFusion',
      'TumourSignatureFinding',
      'TumourVariant',
    ],
  ]),
  ...sameOf('GENOMIC', ['CallWarning', 'Diplotype', 'DiplotypeCall', 'MissingPosition', 'PositionEvidence', 'Recommendation', 'WhyNot']),
};

/** Fields that tell of other data than their type, or of more: names, dates of birth, words that may name somebody, genotypes. */
export const FIELDS: Readonly<Record<string, readonly DataCategory[]>> = {
  'Patient.identifier': ['IDENTIFIERS'],
  'Patient.birthDate': ['IDENTIFIERS'],
  'Patient.story': ['IDENTIFIERS', 'GENOMIC'],
  'Patient.ancestry': ['IDENTIFIERS'],
  'Patient.unknownMedications': ['IDENTIFIERS'],
  'Patient.emergencyAccess': ['IDENTIFIERS'],
  'Patient.diplotypes': ['GENOMIC'],
  'Patient.recommendations': ['GENOMIC'],
  'Patient.molecularProfile': ['GENOMIC'],
  // What speaks against a drug is told with the words of the record.
  'Patient.treatmentOptions': ['GENOMIC', 'IDENTIFIERS'],
  // Ages are asked by the day.
  'Patient.trialMatches': ['GENOMIC', 'IDENTIFIERS'],
  'MolecularReport.specimen': ['IDENTIFIERS'],
  'MolecularReport.assay': ['IDENTIFIERS'],
  'Observation.text': ['IDENTIFIERS'],
  'Observation.device': ['IDENTIFIERS'],
  'Outcome.text': ['IDENTIFIERS'],
  'ImagingFinding.text': ['IDENTIFIERS'],
  'Allergy.reaction': ['IDENTIFIERS'],
  'Override.note': ['IDENTIFIERS'],
  'Override.instead': ['IDENTIFIERS'],
  'Alert.note': ['IDENTIFIERS'],
  'Alert.acknowledgedBy': ['IDENTIFIERS'],
  'Consent.recordedBy': ['IDENTIFIERS'],
  'Condition.label': ['IDENTIFIERS'],
  'Observation.label': ['IDENTIFIERS'],
  'Medication.name': ['IDENTIFIERS'],
  'Allergy.substance': ['IDENTIFIERS'],
  'ImagingStudy.bodySite': ['IDENTIFIERS'],
  'ImagingStudy.modality': ['IDENTIFIERS'],
  'ImagingFinding.name': ['IDENTIFIERS'],
  'Override.recordedBy': ['IDENTIFIERS'],
  'Medication.doseText': ['IDENTIFIERS'],
  'ImportGenotypePayload.diplotypes': ['GENOMIC'],
};

interface Coded {
  readonly code?: string;
  readonly name?: string;
  readonly rxcui?: string | null;
}

/**
 * What stands in place of what may not be null: of words that a person wrote the code where there is one (a drug that the release knows is
 * named by the release), of a list none.
 */
export const IN_PLACE: Readonly<Record<string, (source: Coded) => string | readonly never[]>> = {
  'DiplotypeCall.modulators': () => [],
  'Condition.label': ({ code }) => code ?? 'withheld',
  'Observation.label': ({ code }) => code ?? 'withheld',
  'Medication.name': ({ name, rxcui }) => (rxcui && name ? name : 'withheld'),
  'Allergy.substance': () => 'withheld',
  'ImagingStudy.bodySite': () => 'withheld',
  'ImagingStudy.modality': () => 'withheld',
  'ImagingFinding.name': () => 'withheld',
  'Override.recordedBy': () => 'withheld',
  'MolecularReport.assay': () => 'withheld',
};

/** Fields that tell of resources that their type does not name, or of more: a token needs the scope of each. */
export const FIELD_RESOURCES: Readonly<Record<string, readonly Resource[]>> = {
  'Patient.unknownMedications': ['MedicationStatement'],
  'Patient.interactions': ['MedicationStatement'],
  'MedicationPayload.interactions': ['MedicationStatement'],
  'Patient.riskTrajectory': ['RiskAssessment'],
  'Patient.alerts': ['DetectedIssue'],
  // Guidance goes by the genotype under the drugs that are taken.
  'Patient.recommendations': ['MolecularSequence', 'MedicationStatement'],
  'DiplotypeCall.modulators': ['MedicationStatement'],
  'DiplotypeCall.phenoconvertedPhenotype': ['MedicationStatement'],
  'Patient.treatmentOptions': ['MolecularSequence', 'MedicationStatement', 'Condition', 'AllergyIntolerance', 'Observation'],
  'Patient.trialMatches': ['MolecularSequence', 'Condition', 'Observation'],
};

/** What a root field needs: nothing, a scope of the token, or a role (AUDIT: a patient, or an operator). Commands are decided in access/patientWriter.ts. */
export type RootRule = 'OPEN' | 'COMMAND' | 'OPERATOR' | 'AUDIT' | { readonly resource: Resource; readonly letter: Letter };

const READ: RootRule = { resource: 'Patient', letter: 'r' };
const RISKS: RootRule = { resource: 'RiskAssessment', letter: 's' };
const ALERTS: RootRule = { resource: 'DetectedIssue', letter: 's' };

export const ROOTS: Readonly<Record<string, RootRule>> = {
  'Query.accessDecision': 'OPERATOR',
  'Query.alerts': ALERTS,
  'Query.auditTrail': 'AUDIT',
  'Query.auditVerification': 'OPERATOR',
  'Query.cohort': { resource: 'Patient', letter: 's' },
  'Query.diseases': 'OPEN',
  'Query.drug': 'OPEN',
  'Query.drugs': 'OPEN',
  'Query.evidencePaths': 'OPEN',
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
  'Mutation.erasePatient': 'COMMAND',
  'Mutation.importGenotype': 'COMMAND',
  'Mutation.importMolecularProfile': 'COMMAND',
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

/** The resource that a type stands for: a token needs its scope by whatever way a thing of the type is reached. */
export const TYPE_RESOURCES: Readonly<Record<string, Resource>> = {
  Patient: 'Patient',
  RiskEvent: 'RiskAssessment',
  Prediction: 'RiskAssessment',
  SimilarPatients: 'RiskAssessment',
  LocalValidity: 'RiskAssessment',
  Alert: 'DetectedIssue',
  Override: 'DetectedIssue',
  Observation: 'Observation',
  ObservationConnection: 'Observation',
  Baseline: 'Observation',
  Outcome: 'Observation',
  Condition: 'Condition',
  Allergy: 'AllergyIntolerance',
  Medication: 'MedicationStatement',
  ImagingStudy: 'ImagingStudy',
  DiplotypeCall: 'MolecularSequence',
  MolecularReport: 'MolecularSequence',
  TreatmentOptions: 'MolecularSequence',
  TrialMatches: 'MolecularSequence',
  Recommendation: 'MolecularSequence',
  Consent: 'Consent',
  EmergencyAccess: 'AuditEvent',
};

/** Fields that go through the patients of the platform and are no root: what they need. */
export const NEEDS: Readonly<Record<string, readonly (readonly [Resource, Letter])[]>> = {
  'KnowledgeDiff.affectedPatients': [
    ['Patient', 's'],
    ['MolecularSequence', 's'],
    ['MedicationStatement', 's'],
  ],
};

function sameOf(telling: Telling, types: readonly string[]): Record<string, Telling> {
  return Object.fromEntries(types.map((type) => [type, telling]));
}
