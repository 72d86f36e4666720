import { type FileUpload, GraphQLUpload } from 'graphql-upload-minimal';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import {
  ConsentCategoryEnum,
  ConsentPurposeEnum,
  ErasureReasonEnum,
  OrderDirectionEnum,
  OutcomeKindEnum,
  OverrideReasonEnum,
  PatientOrderFieldEnum,
  PurposeEnum,
  RaceEnum,
  RoleEnum,
  SeverityEnum,
  SexEnum,
} from '../enums.ts';
import { DateOnly, DateTime } from '../scalars.ts';

/** What every command carries. Not in the schema by itself. */
@InputType()
export abstract class CommandInput {
  @Field(() => String, { description: 'Chosen by the sender, 8 to 128 characters: the same key with the same input is the same command.' })
  idempotencyKey!: string;
}

@InputType()
export abstract class AboutPatientInput extends CommandInput {
  @Field(() => ID, { description: 'The patient.' })
  patientId!: string;
}

@InputType({ description: 'Which patients to list; conditions add up.' })
export class PatientFilterInput {
  @Field(() => SexEnum, { nullable: true, description: 'Sex at birth.' })
  sexAtBirth?: string | null;
  @Field(() => RaceEnum, { nullable: true, description: 'Race as recorded.' })
  race?: string | null;
  @Field(() => String, { nullable: true, description: 'Takes or took this drug (generic or brand name).' })
  drug?: string | null;
  @Field(() => String, { nullable: true, description: 'Has a call of this gene.' })
  gene?: string | null;
  @Field(() => String, { nullable: true, description: 'With this phenotype of `gene`, as in Poor Metabolizer.' })
  phenotype?: string | null;
  @Field(() => DateOnly, { nullable: true, description: 'Born before this date.' })
  bornBefore?: string | null;
  @Field(() => DateOnly, { nullable: true, description: 'Born after this date.' })
  bornAfter?: string | null;
}

@InputType({ description: 'Order of a list of patients.' })
export class PatientOrderInput {
  @Field(() => PatientOrderFieldEnum, { description: 'By what.' })
  field!: string;
  @Field(() => OrderDirectionEnum, { description: 'Which way.' })
  direction!: string;
}

@InputType({ description: 'What the patient agreed to.' })
export class ConsentInput {
  @Field(() => ConsentPurposeEnum, { description: 'What for.' })
  purpose!: 'TREATMENT';
  @Field(() => ConsentCategoryEnum, { description: 'Which data.' })
  category!: 'ALL';
  @Field(() => Boolean, { description: 'True for yes, false for no.' })
  granted!: boolean;
  @Field(() => DateTime, { description: 'From when.' })
  from!: string;
  @Field(() => DateTime, { nullable: true, description: 'Until when.' })
  until?: string | null;
}

@InputType({ description: 'Opens a record.' })
export class RegisterPatientInput extends CommandInput {
  @Field(() => String, { description: "The hospital's own identifier; one record each." })
  identifier!: string;
  @Field(() => DateOnly, { description: 'Date of birth.' })
  birthDate!: string;
  @Field(() => SexEnum, { description: 'Sex at birth as recorded.' })
  sexAtBirth!: 'UNKNOWN';
  @Field(() => RaceEnum, { nullable: true, description: 'Race as recorded; UNKNOWN where left out.' })
  race?: 'UNKNOWN' | null;
  @Field(() => String, { nullable: true, description: 'Ancestry as stated, in words.' })
  ancestry?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The hospital or unit that sends the record, in at most 100 characters: models are judged by it.',
  })
  site?: string | null;
  @Field(() => [ConsentInput], { nullable: true, description: 'What the patient agreed to.' })
  consents?: ConsentInput[] | null;
}

@InputType({ description: 'One measurement or finding.' })
export class ObservationInput {
  @Field(() => String, { description: "LOINC code, or 'target-inr'." })
  code!: string;
  @Field(() => Float, { nullable: true, description: 'The number, in `unit`.' })
  value?: number | null;
  @Field(() => String, { nullable: true, description: 'A finding in words.' })
  text?: string | null;
  @Field(() => String, { nullable: true, description: 'UCUM unit; converted to the one that the code is kept in.' })
  unit?: string | null;
  @Field(() => String, { nullable: true, description: 'In words, for a code that the platform does not name.' })
  label?: string | null;
  @Field(() => String, { nullable: true, description: 'What measured it, as in a monitor or a wearable; at most 100 characters.' })
  device?: string | null;
  @Field(() => DateTime, { description: 'When it was measured.' })
  observedAt!: string;
}

@InputType({
  description:
    'Records measurements. One that is wrong is refused with its index in `userErrors`, the others are recorded; one that no living person has is kept, flagged and given to no model; one that is in the record already is not recorded again.',
})
export class RecordObservationsInput extends AboutPatientInput {
  @Field(() => [ObservationInput], { description: '1 to 1000 observations.' })
  observations!: ObservationInput[];
}

@InputType({ description: 'Records a condition.' })
export class RecordConditionInput extends AboutPatientInput {
  @Field(() => String, { description: 'Code, as in I48.91.' })
  code!: string;
  @Field(() => String, { nullable: true, description: 'Code system; ICD-10-CM where left out.' })
  system?: string | null;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => DateTime, { description: 'When it began.' })
  onsetAt!: string;
  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  abatedAt?: string | null;
}

@InputType({ description: 'Records an allergy.' })
export class RecordAllergyInput extends AboutPatientInput {
  @Field(() => String, { description: 'What to.' })
  substance!: string;
  @Field(() => String, { nullable: true, description: 'What happened.' })
  reaction?: string | null;
  @Field(() => SeverityEnum, { description: 'How severe.' })
  severity!: 'MILD';
}

@InputType({ description: 'A measured finding.' })
export class ImagingFindingInput {
  @Field(() => String, { description: 'What was measured, as in LVEF.' })
  name!: string;
  @Field(() => Float, { nullable: true, description: 'The number, in `unit`.' })
  value?: number | null;
  @Field(() => String, { nullable: true, description: 'UCUM unit.' })
  unit?: string | null;
  @Field(() => String, { nullable: true, description: 'In words.' })
  text?: string | null;
}

@InputType({ description: 'Records an imaging study with its measured findings.' })
export class RecordImagingInput extends AboutPatientInput {
  @Field(() => String, { description: 'How it was made, as in ECHO or CT.' })
  modality!: string;
  @Field(() => String, { description: 'Part of the body.' })
  bodySite!: string;
  @Field(() => DateTime, { description: 'When it was made.' })
  studiedAt!: string;
  @Field(() => [ImagingFindingInput], { description: 'What was found.' })
  findings!: ImagingFindingInput[];
}

@InputType({ description: 'Records what happened, to be held against what was predicted.' })
export class RecordOutcomeInput extends AboutPatientInput {
  @Field(() => OutcomeKindEnum, { description: 'What kind.' })
  kind!: 'OTHER';
  @Field(() => Float, { nullable: true, description: 'The number, in `unit`.' })
  value?: number | null;
  @Field(() => String, { nullable: true, description: 'UCUM unit.' })
  unit?: string | null;
  @Field(() => String, { nullable: true, description: 'In words.' })
  text?: string | null;
  @Field(() => String, { nullable: true, description: 'The model that it answers.' })
  model?: string | null;
  @Field(() => DateTime, { description: 'When it was seen.' })
  observedAt!: string;
}

@InputType({ description: 'Starts a medication.' })
export class StartMedicationInput extends AboutPatientInput {
  @Field(() => String, { description: 'Generic name, brand name or RxNorm id.' })
  drug!: string;
  @Field(() => String, { nullable: true, description: 'Dose as written.' })
  doseText?: string | null;
  @Field(() => DateTime, { description: 'When it was started.' })
  startedAt!: string;
}

@InputType({ description: 'Stops a medication.' })
export class StopMedicationInput extends AboutPatientInput {
  @Field(() => ID, { description: 'The medication.' })
  medicationId!: string;
  @Field(() => DateTime, { description: 'When it was stopped.' })
  stoppedAt!: string;
  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null;
}

@InputType({ description: 'Takes an alert upon oneself.' })
export class AcknowledgeAlertInput extends CommandInput {
  @Field(() => ID, { description: 'Global id of the alert.' })
  alertId!: string;
  @Field(() => String, { nullable: true, description: 'What is done about it, in at most 500 characters.' })
  note?: string | null;
}

@InputType({ description: "Records that something shown was not followed: exactly one of 'alertId', 'drug' and 'model'." })
export class RecordOverrideInput extends AboutPatientInput {
  @Field(() => ID, { nullable: true, description: 'An alert of the patient.' })
  alertId?: string | null;
  @Field(() => String, { nullable: true, description: 'A drug whose recommendation was not followed (generic or brand name).' })
  drug?: string | null;
  @Field(() => String, { nullable: true, description: 'A model whose answer was not followed, as in warfarin-dose.' })
  model?: string | null;
  @Field(() => OverrideReasonEnum, { description: 'Why.' })
  reason!: 'OTHER';
  @Field(() => String, { nullable: true, description: 'In words, at most 500 characters; needed for OTHER.' })
  note?: string | null;
  @Field(() => String, { nullable: true, description: 'What was done instead, in at most 500 characters.' })
  instead?: string | null;
}

@InputType({ description: 'A diplotype as a laboratory states it.' })
export class OutsideCallInput {
  @Field(() => String, { description: 'HGNC symbol of the gene.' })
  gene!: string;
  @Field(() => String, { nullable: true, description: 'Two alleles separated by a slash, as in *1/*4; one for MT-RNR1 or a male G6PD.' })
  diplotype?: string | null;
  @Field(() => String, { nullable: true, description: 'Phenotype in CPIC terms, where the alleles are not known or another is stated.' })
  phenotype?: string | null;
  @Field(() => String, { nullable: true, description: 'Activity score as text, no unit.' })
  activityScore?: string | null;
}

@InputType({ description: 'Imports a genotype: a VCF on GRCh38, stated diplotypes, or both (a stated one wins).' })
export class ImportGenotypeInput extends AboutPatientInput {
  @Field(() => String, {
    nullable: true,
    description: 'Text of a VCF on GRCh38: every gene of the release that can be called from bases is called.',
  })
  vcf?: string | null;
  @Field(() => GraphQLUpload, {
    nullable: true,
    description: 'The same as a file, plain, gzip or bgzip, of at most 64 MB: sent as a part of a GraphQL multipart request.',
  })
  file?: Promise<FileUpload> | null;
  @Field(() => String, { nullable: true, description: 'Sample of the VCF; may be left out where there is one.' })
  sample?: string | null;
  @Field(() => [OutsideCallInput], { nullable: true, description: 'Results that a laboratory states; they win over the VCF.' })
  outsideCalls?: OutsideCallInput[] | null;
}

@InputType({ description: 'An input of a model as it would be.' })
export class SupposedInput {
  @Field(() => String, { description: "Column name of an input that can be changed, as in sbp: the model's `inputs` with a `lever`." })
  feature!: string;
  @Field(() => String, { description: 'The value, as in a table: a number in the unit of the input, a category, 1 or 0 of a flag.' })
  value!: string;
}

@InputType({ description: 'What the patient agrees to or refuses.' })
export class SetConsentInput extends AboutPatientInput {
  @Field(() => ConsentPurposeEnum, { description: 'What for.' })
  purpose!: 'TREATMENT';
  @Field(() => ConsentCategoryEnum, { description: 'Which data.' })
  category!: 'ALL';
  @Field(() => Boolean, { description: 'True for yes, false for no.' })
  granted!: boolean;
  @Field(() => DateTime, { nullable: true, description: 'From when; from now on where left out. Not in the past.' })
  from?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Until when; for good where left out.' })
  until?: string | null;
}

@InputType({ description: 'Erases a patient.' })
export class ErasePatientInput extends AboutPatientInput {
  @Field(() => ErasureReasonEnum, { description: 'Why: it stays, in the log and in the audit.' })
  reason!: keyof typeof ErasureReasonEnum;
}

@InputType({ description: 'Somebody who would ask.' })
export class AskerInput {
  @Field(() => RoleEnum, { description: 'In which role.' })
  role!: string;
  @Field(() => PurposeEnum, { nullable: true, description: "What for; the role's own where left out." })
  purpose?: string | null;
  @Field(() => [String], { nullable: true, description: 'Units whose patients the token is for; all where left out.' })
  sites?: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Issuer and subject of the token: whether this person has opened the record in an emergency.',
  })
  id?: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the one patient that the token is about.' })
  patient?: string | null;
}

@InputType({ description: 'Opening a record in an emergency.' })
export class BreakGlassInput extends CommandInput {
  @Field(() => String, { description: "The hospital's identifier of the patient." })
  identifier!: string;
  @Field(() => String, { description: 'Why, 10 to 500 characters: it stays on the record.' })
  reason!: string;
  @Field(() => Int, { nullable: true, description: 'For how many minutes, 1 to 480; 60 where left out.' })
  minutes?: number | null;
}
