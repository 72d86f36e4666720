/** Enums of tumours, of the evidence on them and of treatment options. */
import { CAUTION_SEVERITIES } from '../knowledge/oncology/drugCautions.ts';
import { EVIDENCE_DIRECTIONS, EVIDENCE_LEVELS, EVIDENCE_SIGNIFICANCES } from '../knowledge/oncology/predictiveEvidence.ts';
import { DISEASE_MATCHES } from '../knowledge/oncology/tumours.ts';
import {
  COPY_NUMBER_CALLS,
  SIGNATURE_RESULTS,
  SIGNATURES,
  VARIANT_CLASSIFICATIONS,
  VARIANT_CONSEQUENCES,
  VARIANT_ORIGINS,
} from '../patients/molecularProfile.ts';
import { CAUTION_BASES } from '../treatment/cautions.ts';
import { SPEAKS, STANDINGS } from '../treatment/standing.ts';
import { enumOf } from './enums.ts';

export const VariantConsequenceEnum = enumOf('VariantConsequence', 'What a variant does to the protein.', VARIANT_CONSEQUENCES);
export const VariantOriginEnum = enumOf('VariantOrigin', 'Whether a variant is of the tumour alone.', VARIANT_ORIGINS, {
  SOMATIC: 'of the tumour alone',
  GERMLINE: 'born with',
  UNKNOWN: 'the report does not say',
});
export const VariantClassificationEnum = enumOf(
  'VariantClassification',
  'What the laboratory makes of a variant: of an inherited one by ACMG and AMP (2015); of an acquired one by ClinGen, CGC and VICC (2022), whose oncogenic stands here as pathogenic.',
  VARIANT_CLASSIFICATIONS,
);
export const CopyNumberCallEnum = enumOf('CopyNumberCall', 'How many copies of a gene there are.', COPY_NUMBER_CALLS);
export const SignatureEnum = enumOf('TumourSignature', 'What is read from the whole of the mutations.', SIGNATURES, {
  MSI: 'microsatellite instability',
  TMB: 'tumour mutational burden, mutations per megabase',
  HRD: 'homologous recombination deficiency',
  UVA: 'ultraviolet light',
  POLE: 'polymerase epsilon',
  APOBEC: 'APOBEC',
});
export const SignatureResultEnum = enumOf('SignatureResult', 'How a signature came out.', SIGNATURE_RESULTS);

export const EvidenceLevelEnum = enumOf('EvidenceLevel', 'How well a piece of evidence is founded, as CIViC grades it.', EVIDENCE_LEVELS, {
  A: 'validated: in use, or of a large trial',
  B: 'clinical: a trial or a cohort of patients',
  C: 'case reports',
  D: 'preclinical: cells or animals',
  E: 'inferred',
});
export const EvidenceDirectionEnum = enumOf('EvidenceDirection', 'Whether the study found it.', EVIDENCE_DIRECTIONS);
export const EvidenceSignificanceEnum = enumOf('EvidenceSignificance', 'What was asked of the therapy.', EVIDENCE_SIGNIFICANCES, {
  SENSITIVITY: 'the tumour responds',
  RESISTANCE: 'the tumour does not respond',
  REDUCED_SENSITIVITY: 'the tumour responds less',
  ADVERSE_RESPONSE: 'the patient is harmed',
});
export const EvidenceSideEnum = enumOf('EvidenceSide', 'What a piece of evidence says of an option.', SPEAKS, {
  FOR: 'for it',
  AGAINST: 'against it: resistance, harm, or a benefit that was looked for and not found',
  NOT_AGAINST: 'resistance was looked for and not found',
});
export const DiseaseMatchEnum = enumOf('DiseaseMatch', "How the tumour of the evidence lies to the patient's.", DISEASE_MATCHES, {
  EXACT: 'the same',
  PARENT: "a wider group that the patient's belongs to",
  NARROWER: "one kind of what is recorded of the patient, which need not be the patient's",
  OTHER: 'another tumour',
});
export const OptionStandingEnum = enumOf('OptionStanding', 'Where an option stands for the patient, in the order of the list.', STANDINGS, {
  FITS: 'evidence for it in this tumour or its wider group, and nothing known against it',
  CAUTION: 'evidence for it, and something to mind: a dose, an interaction, a kind of tumour that is not settled',
  CONFLICTING: 'stronger evidence for it, and clinical evidence of resistance in this tumour',
  OTHER_TUMOUR: 'evidence for it in another tumour only',
  PRECLINICAL: 'its strongest evidence is of cells, animals or inference: nobody was treated',
  UNKNOWN: 'it depends on a test that is not recorded',
  AGAINST: 'resistance, or a reason in the patient not to give it',
});
export const GivenTogetherEnum = enumOf('GivenTogether', 'How the therapies of an option are given.', ['COMBINATION', 'SEQUENTIAL'], {
  COMBINATION: 'together: the evidence is of all of them, not of each',
  SEQUENTIAL: 'one after the other',
});
export const CautionBasisEnum = enumOf('CautionBasis', 'What a caution follows from.', CAUTION_BASES, {
  GENOTYPE: "the patient's genotype, by a guideline",
  INTERACTION: 'a drug that is taken now',
});
export const CautionSeverityEnum = enumOf('CautionSeverity', 'How much a caution weighs.', CAUTION_SEVERITIES, {
  CONTRAINDICATED: 'not to be given',
  AVOID: 'not recommended: another is to be chosen',
  ADJUST: 'another dose, or with a measure against it',
  MONITOR: 'with closer watching',
});

export const CriterionVerdictEnum = enumOf('CriterionVerdict', 'Whether a criterion of a trial is met.', ['MET', 'NOT_MET', 'UNKNOWN'], {
  NOT_MET: 'it is known not to be',
  UNKNOWN: 'the record does not say: that is not the same as no',
});
export const TrialLevelEnum = enumOf('TrialLevel', 'Which part of a trial a set of criteria is for.', ['step', 'arm', 'dose_level']);
