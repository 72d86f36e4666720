/** A patient and what is recorded about one. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import {
  ConsentCategoryEnum,
  ConsentPurposeEnum,
  MedicationStatusEnum,
  ObservationFlagEnum,
  OutcomeKindEnum,
  OverrideReasonEnum,
  OverrideSubjectEnum,
  RaceEnum,
  SeverityEnum,
  SexEnum,
} from '../enums.ts';
import { DateOnly, DateTime } from '../scalars.ts';
import { Drug } from './knowledgeTypes.ts';
import { Node, PageInfo } from './node.ts';

@ObjectType({ implements: Node, description: 'A drug that the patient takes or took.' })
export class Medication extends Node {
  @Field(() => String, { description: 'Generic name, or as written where the drug is not in the knowledge release.' })
  name!: string;
  @Field(() => Drug, { nullable: true, description: 'The drug, where it is in the knowledge release.' })
  drug!: Drug | null;
  @Field(() => String, { nullable: true, description: 'Dose as written.' })
  doseText!: string | null;
  @Field(() => DateTime, { description: 'When it was started.' })
  startedAt!: string;
  @Field(() => DateTime, { nullable: true, description: 'When it was stopped; null while it is taken.' })
  stoppedAt!: string | null;
  @Field(() => MedicationStatusEnum, { description: 'Taken now or stopped.' })
  status!: string;
}

@ObjectType({ description: 'A condition of the patient.' })
export class Condition {
  @Field(() => ID, { description: 'Key of the entry.' })
  id!: string;
  @Field(() => String, { description: 'Code.' })
  code!: string;
  @Field(() => String, { description: 'Code system, as in ICD-10-CM.' })
  system!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => DateTime, { description: 'When it began.' })
  onsetAt!: string;
  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it lasts.' })
  abatedAt!: string | null;
}

@ObjectType({ description: 'An allergy of the patient.' })
export class Allergy {
  @Field(() => ID, { description: 'Key of the entry.' })
  id!: string;
  @Field(() => String, { description: 'What to.' })
  substance!: string;
  @Field(() => String, { nullable: true, description: 'What happened.' })
  reaction!: string | null;
  @Field(() => SeverityEnum, { description: 'How severe.' })
  severity!: string;
  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordedAt!: string;
}

@ObjectType({ description: 'A measured finding of an imaging study.' })
export class ImagingFinding {
  @Field(() => String, { description: 'What was measured, as in LVEF.' })
  name!: string;
  @Field(() => Float, { nullable: true, description: 'The number, in `unit`.' })
  value!: number | null;
  @Field(() => String, { nullable: true, description: 'UCUM unit.' })
  unit!: string | null;
  @Field(() => String, { nullable: true, description: 'In words.' })
  text!: string | null;
}

@ObjectType({ description: 'An imaging study with its measured findings.' })
export class ImagingStudy {
  @Field(() => ID, { description: 'Key of the study.' })
  id!: string;
  @Field(() => String, { description: 'How it was made, as in ECHO or CT.' })
  modality!: string;
  @Field(() => String, { description: 'Part of the body.' })
  bodySite!: string;
  @Field(() => DateTime, { description: 'When it was made.' })
  studiedAt!: string;
  @Field(() => [ImagingFinding], { description: 'What was found.' })
  findings!: ImagingFinding[];
}

@ObjectType({ description: 'What happened, to be held against what was predicted.' })
export class Outcome {
  @Field(() => ID, { description: 'Key of the entry.' })
  id!: string;
  @Field(() => OutcomeKindEnum, { description: 'What kind.' })
  kind!: string;
  @Field(() => Float, { nullable: true, description: 'The number, in `unit`.' })
  value!: number | null;
  @Field(() => String, { nullable: true, description: 'UCUM unit.' })
  unit!: string | null;
  @Field(() => String, { nullable: true, description: 'In words.' })
  text!: string | null;
  @Field(() => String, { nullable: true, description: 'The model that it answers.' })
  model!: string | null;
  @Field(() => DateTime, { description: 'When it was seen.' })
  observedAt!: string;
}

@ObjectType({ description: 'Something shown that was not followed, with the reason.' })
export class Override {
  @Field(() => ID, { description: 'Key of the entry.' })
  id!: string;
  @Field(() => OverrideSubjectEnum, { description: 'What kind of thing was not followed.' })
  subject!: string;
  @Field(() => String, { description: 'Id of the alert, name of the drug or of the model.' })
  key!: string;
  @Field(() => String, { description: 'What was shown at that time.' })
  shown!: string;
  @Field(() => OverrideReasonEnum, { description: 'Why it was not followed.' })
  reason!: string;
  @Field(() => String, { nullable: true, description: 'In words.' })
  note!: string | null;
  @Field(() => String, { nullable: true, description: 'What was done instead.' })
  instead!: string | null;
  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordedAt!: string;
  @Field(() => String, { description: 'Who recorded it.' })
  recordedBy!: string;
}

@ObjectType({ description: 'What the patient agreed to. Care is agreed to unless it was refused, research only where it was granted.' })
export class Consent {
  @Field(() => ID, { description: 'Key of the entry.' })
  id!: string;
  @Field(() => ConsentPurposeEnum, { description: 'What for.' })
  purpose!: string;
  @Field(() => ConsentCategoryEnum, { description: 'Which data.' })
  category!: string;
  @Field(() => Boolean, { description: 'True for yes, false for no.' })
  granted!: boolean;
  @Field(() => DateTime, { description: 'From when.' })
  from!: string;
  @Field(() => DateTime, { nullable: true, description: 'Until when; null for no end.' })
  until!: string | null;
  @Field(() => String, { nullable: true, description: 'Who recorded it; null where it came with the registration.' })
  recordedBy!: string | null;
}

@ObjectType({ description: 'A measurement or finding.' })
export class Observation {
  @Field(() => ID, { description: 'Key of the observation.' })
  id!: string;
  @Field(() => String, { description: 'LOINC code, or a code of this platform.' })
  code!: string;
  @Field(() => String, { description: 'Code system.' })
  system!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => Float, { nullable: true, description: 'The number, in `unit`.' })
  value!: number | null;
  @Field(() => String, { nullable: true, description: 'A finding in words.' })
  text!: string | null;
  @Field(() => String, { nullable: true, description: 'UCUM unit.' })
  unit!: string | null;
  @Field(() => String, { nullable: true, description: 'What measured it, as the sender names it.' })
  device!: string | null;
  @Field(() => ObservationFlagEnum, { nullable: true, description: 'Why no model is given it; null where nothing is wrong with it.' })
  flag!: string | null;
  @Field(() => DateTime, { description: 'When it was measured.' })
  observedAt!: string;
  @Field(() => DateTime, { description: 'When it was told to the platform.' })
  recordedAt!: string;
}

@ObjectType({ description: 'One observation in a list.' })
export class ObservationEdge {
  @Field(() => String, { description: 'Its place in the list.' })
  cursor!: string;
  @Field(() => Observation, { description: 'The observation.' })
  node!: Observation;
}

@ObjectType({ description: 'Observations, newest first.' })
export class ObservationConnection {
  @Field(() => [ObservationEdge], { description: 'This page.' })
  edges!: ObservationEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
  @Field(() => Int, { description: 'How many there are in all; counted only when asked for.' })
  totalCount!: number;
}

@ObjectType({
  implements: Node,
  description: 'A patient. Everything about one is nullable where a denial or a failure must not hide the rest.',
})
export class Patient extends Node {
  @Field(() => String, { nullable: true, description: "The hospital's own identifier." })
  identifier!: string | null;
  @Field(() => DateOnly, { nullable: true, description: 'Date of birth.' })
  birthDate!: string | null;
  @Field(() => SexEnum, { nullable: true, description: 'Sex at birth as recorded.' })
  sexAtBirth!: string | null;
  @Field(() => RaceEnum, { nullable: true, description: 'Race as recorded.' })
  race!: string | null;
  @Field(() => String, { nullable: true, description: 'Ancestry as stated, in words.' })
  ancestry!: string | null;
  @Field(() => String, { nullable: true, description: 'The hospital or unit that sent the record, as it names itself.' })
  site!: string | null;
  @Field(() => Boolean, { description: 'True for a made-up demo patient.' })
  synthetic!: boolean;
  @Field(() => String, { nullable: true, description: 'The story of a demo patient.' })
  story!: string | null;
  @Field(() => Int, {
    description:
      'Events about this patient that could not be read and were passed over: what they said is missing from the record, and every prediction from it says so. 0 as a rule; an operator finds the reason in the log of the server.',
  })
  setAside!: number;
  @Field(() => [String], {
    nullable: true,
    description:
      'Medications taken now that the knowledge release does not know: interactions, inhibitors and guidance say nothing of them.',
  })
  unknownMedications!: string[] | null;
  @Field(() => [Condition], { nullable: true, description: 'Conditions, newest first.' })
  conditions!: Condition[] | null;
  @Field(() => [Allergy], { nullable: true, description: 'Allergies.' })
  allergies!: Allergy[] | null;
  @Field(() => [ImagingStudy], { nullable: true, description: 'Imaging studies, newest first.' })
  imaging!: ImagingStudy[] | null;
  @Field(() => [Outcome], { nullable: true, description: 'Outcomes, newest first.' })
  outcomes!: Outcome[] | null;
}

@ObjectType({ description: 'One patient in a list.' })
export class PatientEdge {
  @Field(() => String, { description: 'Its place in the list.' })
  cursor!: string;
  @Field(() => Patient, { description: 'The patient.' })
  node!: Patient;
}

@ObjectType({ description: 'Patients in the order asked for.' })
export class PatientConnection {
  @Field(() => [PatientEdge], { description: 'This page.' })
  edges!: PatientEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
  @Field(() => Int, { description: 'How many there are in all; counted only when asked for.' })
  totalCount!: number;
}
