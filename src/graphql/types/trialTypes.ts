/** Trials held against a patient. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { CriterionVerdictEnum, TrialLevelEnum } from '../tumourEnums.ts';
import { OpenQuestion } from './treatmentTypes.ts';

@ObjectType({ description: 'One criterion of a trial, held against the patient.' })
export class JudgedCriterion {
  @Field(() => String, { description: 'What it asks, in words.' })
  text!: string;
  @Field(() => CriterionVerdictEnum, { description: 'Whether it is met.' })
  verdict!: string;
  @Field(() => String, { nullable: true, description: 'The test or the fact that would settle it; null where it is settled.' })
  settledBy!: string | null;
  @Field(() => String, { description: 'Its place in the document of the trial.' })
  at!: string;
}

@ObjectType({ description: 'The criteria of one step, arm or dose level.' })
export class ClauseMatch {
  @Field(() => TrialLevelEnum, { description: 'Which part of the trial it is.' })
  level!: string;
  @Field(() => String, { description: 'Its code in the trial.' })
  code!: string;
  @Field(() => Boolean, { description: 'True where it takes nobody now.' })
  suspended!: boolean;
  @Field(() => CriterionVerdictEnum, {
    description: 'Of all its criteria, by the rules that join them, and of the step and arm that it lies in.',
  })
  verdict!: string;
  @Field(() => Int, { description: 'How many criteria would have to be otherwise for it to be met; 0 where none is known to fail.' })
  failing!: number;
  @Field(() => [JudgedCriterion], { description: 'Each of its criteria.' })
  criteria!: JudgedCriterion[];
}

@ObjectType({ description: 'A trial held against the patient.' })
export class TrialMatch {
  @Field(() => ID, { description: 'Name of the trial, as it was loaded.' })
  trial!: string;
  @Field(() => String, { nullable: true, description: 'Title.' })
  title!: string | null;
  @Field(() => String, { description: 'As in open to accrual.' })
  status!: string;
  @Field(() => Boolean, { description: 'True for a made-up trial.' })
  synthetic!: boolean;
  @Field(() => CriterionVerdictEnum, { description: 'Of the part that fits best and takes patients.' })
  verdict!: string;
  @Field(() => Boolean, { description: 'Not met by one criterion alone, which is not the diagnosis.' })
  nearly!: boolean;
  @Field(() => [ClauseMatch], { description: 'Its parts.' })
  clauses!: ClauseMatch[];
}

@ObjectType({
  description:
    'Trials that are open, held against the patient: those that fit first, then those of which it cannot be told, then those that nearly fit. A person decides who is asked.',
})
export class TrialMatches {
  @Field(() => ID, { description: 'DOID of the tumour that was asked about.' })
  condition!: string;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => [OpenQuestion], { description: 'What is open about the whole.' })
  open!: OpenQuestion[];
}
