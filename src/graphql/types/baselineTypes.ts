import { Field, Float, Int, ObjectType } from 'type-graphql';
import { BaselineVerdictEnum } from '../enums.ts';
import { Observation } from './patientTypes.ts';

@ObjectType({ description: 'What is usual in health, for anyone.' })
export class PopulationRange {
  @Field(() => Float, { nullable: true, description: 'From, in the unit of the measurement; null where there is no lower bound.' })
  low!: number | null;
  @Field(() => Float, { nullable: true, description: 'To; null where there is no upper bound.' })
  high!: number | null;
  @Field(() => String, { description: 'Who says so.' })
  source!: string;
}

@ObjectType({
  description:
    'What is usual for one patient: the median of the earlier measurements of the window, and three deviations (1.4826 x the median absolute deviation) around it. Leys et al., J Exp Soc Psychol 2013, 49, 764. Not a diagnosis: a patient who has long been ill has an ill baseline.',
})
export class Baseline {
  @Field(() => String, { description: 'LOINC code, or a code of this platform.' })
  code!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => String, { nullable: true, description: 'UCUM unit of all numbers here.' })
  unit!: string | null;
  @Field(() => Observation, { description: 'The last measurement, which is held against the earlier ones.' })
  latest!: Observation;
  @Field(() => Int, { description: 'Earlier measurements in the window.' })
  count!: number;
  @Field(() => Int, { description: 'Days (UTC) that they are of.' })
  days!: number;
  @Field(() => Float, { nullable: true, description: 'Median of the earlier ones; null where they are too few.' })
  median!: number | null;
  @Field(() => Float, { nullable: true, description: 'Lower bound of what is usual for this patient.' })
  low!: number | null;
  @Field(() => Float, { nullable: true, description: 'Upper bound of it.' })
  high!: number | null;
  @Field(() => Float, { nullable: true, description: 'How many deviations the last one lies above the median; negative below it.' })
  deviations!: number | null;
  @Field(() => BaselineVerdictEnum, { description: 'Where the last one lies.' })
  verdict!: string;
  @Field(() => String, { nullable: true, description: 'What would settle it where it cannot be told.' })
  needs!: string | null;
  @Field(() => PopulationRange, {
    nullable: true,
    description: "What is usual for anyone, by the card of NEWS2; null for what it does not measure. It may differ from the patient's own.",
  })
  population!: PopulationRange | null;
}
