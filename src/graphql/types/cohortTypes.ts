/** Counts of patients that are safe to be passed on. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { CohortDimension } from '../../access/cohort/countCohort.ts';
import { CohortDimensionEnum } from '../enums.ts';

@InputType({ description: 'Whom to count; one of the two at most. A condition that is sensitive counts for nobody.' })
export class CohortFilterInput {
  @Field(() => String, { nullable: true, description: 'Takes or took this drug of the release (generic or brand name).' })
  drug?: string | null;
  @Field(() => String, { nullable: true, description: 'Has or had a condition of this ICD-10-CM category: three characters, as in I48.' })
  condition?: string | null;
}

@ObjectType({ description: 'Which value of a dimension.' })
export class CohortValue {
  @Field(() => CohortDimensionEnum, { description: 'The dimension.' })
  dimension!: CohortDimension;
  @Field(() => String, {
    description: 'Its value, as in FEMALE, 60-69, Poor Metabolizer; `not known` of a phenotype that is not there, or not yours to see.',
  })
  value!: string;
}

@ObjectType({ description: 'How many patients there are of one kind.' })
export class CohortCell {
  @Field(() => [CohortValue], { description: 'Of which kind; empty of the total.' })
  values!: CohortValue[];
  @Field(() => Int, { nullable: true, description: 'Patients, rounded to the nearest 5; null where hidden. 0 is nobody.' })
  count!: number | null;
  @Field(() => Boolean, { description: 'True where the count is hidden: 1 to 10 patients, or such a count could be worked out from it.' })
  suppressed!: boolean;
  @Field(() => String, { description: 'The count in words: `about 35`, `none` or `hidden`.' })
  label!: string;
}

@ObjectType({
  description:
    'Counts of the patients whom you may see. A count of 1 to 10 is hidden, and with it as many more as it takes that nobody can work it out from the sums; with a filter also where it leaves out 10 or fewer. The others are rounded to 5, each by itself: they need not add up.',
})
export class Cohort {
  @Field(() => [CohortDimensionEnum], { description: 'What is counted by.' })
  by!: CohortDimension[];
  @Field(() => CohortCell, { description: 'All of them.' })
  total!: CohortCell;
  @Field(() => [CohortCell], { description: 'Each value of a dimension, or each pair of values of two.' })
  cells!: CohortCell[];
  @Field(() => [CohortCell], { description: 'Of two dimensions the sums of each by itself.' })
  margins!: CohortCell[];
  @Field(() => String, { description: 'In plain words, with how many counts are hidden.' })
  statement!: string;
}
