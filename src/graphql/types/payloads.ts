import { Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import { UserErrorCodeEnum } from '../enums.ts';
import { Alert } from './alertTypes.ts';
import { DiplotypeCall } from './genotypeTypes.ts';
import { Interaction } from './knowledgeTypes.ts';
import { MolecularReport } from './molecularTypes.ts';
import { Medication, Observation, Override, Patient } from './patientTypes.ts';

@ObjectType({
  description:
    'What is wrong with one field of the input. Nothing was recorded of it; the rest of a list of observations was where `eventId` is given.',
})
export class UserError {
  @Field(() => UserErrorCodeEnum, { description: 'Stable code.' })
  code!: string;
  @Field(() => String, { description: 'Path of the field.' })
  field!: string;
  @Field(() => Int, { nullable: true, description: 'Index in the list, from 0, where the field is in one.' })
  index!: number | null;
  @Field(() => String, { description: 'In words.' })
  message!: string;
}

@InterfaceType({ description: 'What every mutation answers.' })
export abstract class MutationPayload {
  @Field(() => Patient, { nullable: true, description: 'The patient as the record is now.' })
  patient!: Patient | null;
  @Field(() => [UserError], { description: 'What is wrong with the input; empty where all of it was recorded.' })
  userErrors!: UserError[];
  @Field(() => ID, { nullable: true, description: 'The durable event; null where nothing was recorded.' })
  eventId!: string | null;
  @Field(() => Boolean, { description: 'False where it is durable but not yet readable (after 2 s): no error.' })
  visible!: boolean;
}

@ObjectType({ implements: MutationPayload, description: 'Answer of a change of the record.' })
export class PatientPayload extends MutationPayload {}

@ObjectType({ implements: MutationPayload, description: 'Answer of recordObservations.' })
export class RecordObservationsPayload extends MutationPayload {
  @Field(() => [Observation], { nullable: true, description: 'The latest observation of each code that was sent.' })
  observations!: Observation[] | null;
  @Field(() => [Int], { description: 'Indexes of those that were kept with a flag and are given to no model.' })
  flagged!: number[];
}

@ObjectType({ implements: MutationPayload, description: 'Answer of recordOverride.' })
export class RecordOverridePayload extends MutationPayload {
  @Field(() => Override, { nullable: true, description: 'What was recorded.' })
  override!: Override | null;
}

@ObjectType({ implements: MutationPayload, description: 'Answer of a change of the medication.' })
export class MedicationPayload extends MutationPayload {
  @Field(() => Medication, { nullable: true, description: 'The medication.' })
  medication!: Medication | null;
  @Field(() => [Interaction], {
    nullable: true,
    description:
      'Interactions of a medication that was started with what the patient takes now, the most serious first; none of one that was stopped. Null where your token does not read what is taken.',
  })
  interactions!: Interaction[] | null;
}

@ObjectType({ implements: MutationPayload, description: 'Answer of importGenotype.' })
export class ImportGenotypePayload extends MutationPayload {
  @Field(() => [DiplotypeCall], { nullable: true, description: 'All gene results as the record holds them now.' })
  diplotypes!: DiplotypeCall[] | null;
}

@ObjectType({ implements: MutationPayload, description: 'Answer of acknowledgeAlert.' })
export class AlertPayload extends MutationPayload {
  @Field(() => Alert, { nullable: true, description: 'The alert as it is now.' })
  alert!: Alert | null;
}

@ObjectType({ implements: MutationPayload, description: 'Answer of importMolecularProfile.' })
export class ImportMolecularProfilePayload extends MutationPayload {
  @Field(() => [MolecularReport], { nullable: true, description: 'All reports as the record holds them now, the latest first.' })
  molecularProfile!: MolecularReport[] | null;
}
