/** Treatment options for a patient's tumour, each with what speaks for and against it. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, URI } from '../scalars.ts';
import {
  CautionBasisEnum,
  CautionSeverityEnum,
  DiseaseMatchEnum,
  EvidenceDirectionEnum,
  EvidenceLevelEnum,
  EvidenceSideEnum,
  EvidenceSignificanceEnum,
  GivenTogetherEnum,
  OptionStandingEnum,
  VariantOriginEnum,
} from '../tumourEnums.ts';
import { Drug, EvidencePath } from './knowledgeTypes.ts';

@ObjectType({ description: 'What the record does not say, though the answer turns on it.' })
export class OpenQuestion {
  @Field(() => String, { description: 'What is not known.' })
  question!: string;
  @Field(() => String, { description: 'The test, or what to record.' })
  settledBy!: string;
}

@ObjectType({ description: 'Something found in the tumour.' })
export class TumourFinding {
  @Field(() => String, { description: 'As in EGFR L858R.' })
  label!: string;
  @Field(() => VariantOriginEnum, { nullable: true, description: 'Of a variant, whether it is of the tumour alone.' })
  origin!: string | null;
  @Field(() => String, { description: 'The assay that found it.' })
  assay!: string;
  @Field(() => DateTime, { description: 'When it was reported.' })
  reportedAt!: string;
}

@ObjectType({ description: "A piece of predictive evidence whose molecular profile the patient's tumour has." })
export class AppliedEvidence {
  @Field(() => ID, { description: "The publisher's id, as in EID2994." })
  id!: string;
  @Field(() => EvidenceSideEnum, { description: 'What it says of the option.' })
  speaks!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The one therapy of a combination that it is of; null where it is of the whole option.',
  })
  alone!: string | null;
  @Field(() => String, { description: 'In words.' })
  text!: string;
  @Field(() => String, { description: 'The molecular profile that was studied, as the publisher names it.' })
  profile!: string;
  @Field(() => EvidenceLevelEnum, { description: 'How well it is founded.' })
  level!: string;
  @Field(() => EvidenceDirectionEnum, { description: 'Whether the study found what it asked.' })
  direction!: string;
  @Field(() => EvidenceSignificanceEnum, { description: 'What it asked.' })
  significance!: string;
  @Field(() => Int, { nullable: true, description: "The publisher's confidence in the item itself, 1 to 5 stars." })
  rating!: number | null;
  @Field(() => String, { description: 'The tumour that was studied.' })
  disease!: string;
  @Field(() => DiseaseMatchEnum, { description: "How that tumour lies to the patient's." })
  diseaseMatch!: string;
  @Field(() => [TumourFinding], {
    description: "What of the patient's tumour the profile is met by; empty where it asks that something is not there.",
  })
  findings!: TumourFinding[];
  @Field(() => String, { description: 'The paper, as in PMID:23816960.' })
  citation!: string;
  @Field(() => URI, { nullable: true, description: 'Where the paper is.' })
  url!: string | null;
  @Field(() => String, { nullable: true, description: 'Day on which the publisher last looked at it.' })
  reviewed!: string | null;
}

@ObjectType({ description: 'What speaks against a drug for this patient.' })
export class DrugCaution {
  @Field(() => String, { description: 'The drug.' })
  drug!: string;
  @Field(() => CautionBasisEnum, { description: 'What it follows from.' })
  basis!: string;
  @Field(() => CautionSeverityEnum, { description: 'How much it weighs.' })
  severity!: string;
  @Field(() => String, { description: 'In words.' })
  text!: string;
  @Field(() => String, { description: 'What of the record it follows from.' })
  because!: string;
  @Field(() => String, { description: 'Who states it.' })
  source!: string;
  @Field(() => URI, { nullable: true, description: 'Where it is published.' })
  url!: string | null;
}

@ObjectType({ description: 'A therapy, or several that are given together.' })
export class TreatmentOption {
  @Field(() => [String], { description: 'As the evidence names them.' })
  therapies!: string[];
  @Field(() => GivenTogetherEnum, { nullable: true, description: 'How they are given where they are several; null of one alone.' })
  together!: string | null;
  @Field(() => [Drug], { description: 'The drugs of it that the knowledge release knows.' })
  drugs!: Drug[];
  @Field(() => OptionStandingEnum, { description: 'Where it stands.' })
  standing!: string;
  @Field(() => [String], { description: 'Why it stands there, the deciding reason first.' })
  reasons!: string[];
  @Field(() => [AppliedEvidence], { description: 'All evidence that applies, for and against, the strongest first.' })
  evidence!: AppliedEvidence[];
  @Field(() => [DrugCaution], { description: 'What speaks against its drugs, the gravest first.' })
  cautions!: DrugCaution[];
  @Field(() => [OpenQuestion], { description: 'What is not known of it.' })
  open!: OpenQuestion[];
  @Field(() => [EvidencePath], { description: 'From what was found over the evidence to the tumour and the drug; the first ten.' })
  paths!: EvidencePath[];
  @Field(() => String, { nullable: true, description: 'Picture of `paths` (SVG with a text alternative); null where there is none.' })
  plotSvg!: string | null;
}

@ObjectType({ description: 'What a treatment after surgery adds.' })
export class ArmBenefit {
  @Field(() => String, { description: 'The treatment, alone.' })
  arm!: string;
  @Field(() => Float, { description: 'Alive after `years` with it, %.' })
  survival!: number;
  @Field(() => Float, { description: 'Percentage points more than with surgery alone.' })
  benefit!: number;
}

@ObjectType({ description: 'What each treatment after surgery for early breast cancer adds, by the effects of trials.' })
export class AdjuvantBenefit {
  @Field(() => String, { description: 'The model, as `model(name:)` has it.' })
  model!: string;
  @Field(() => String, { description: 'Its version.' })
  version!: string;
  @Field(() => Int, { description: 'Years after surgery.' })
  years!: number;
  @Field(() => Float, { nullable: true, description: 'Alive then with surgery alone, %; null where it cannot be told.' })
  untreated!: number | null;
  @Field(() => [ArmBenefit], { description: 'The largest benefit first; those that cannot be for this patient are left out.' })
  arms!: ArmBenefit[];
  @Field(() => [String], { description: 'What to be careful about.' })
  warnings!: string[];
  @Field(() => [OpenQuestion], { description: 'Why it cannot be told, or what the average was taken for.' })
  open!: OpenQuestion[];
}

@ObjectType({
  description: 'The options for one tumour of the patient. A drug that is not listed has no evidence here: that says nothing against it.',
})
export class TreatmentOptions {
  @Field(() => ID, { description: 'DOID of the tumour that was asked about.' })
  condition!: string;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => String, { description: 'The release that the evidence is of.' })
  release!: string;
  @Field(() => Int, { description: 'Molecular reports that were read.' })
  reports!: number;
  @Field(() => AdjuvantBenefit, { nullable: true, description: 'Of early breast cancer in a woman; null of any other tumour.' })
  adjuvantBenefit!: AdjuvantBenefit | null;
  @Field(() => [OpenQuestion], { description: 'What is open about the whole.' })
  open!: OpenQuestion[];
  @Field(() => String, { description: 'How the options are ordered.' })
  order!: string;
}
