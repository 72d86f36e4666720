/** Models as they may be asked, with what is known of them. */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { AvailabilityEnum } from '../enums.ts';
import { Node } from './node.ts';

@ObjectType({ description: 'A figure with its 95 % interval.' })
export class Figure {
  @Field(() => Float, { description: 'The estimate.' })
  value!: number;
  @Field(() => Float, { description: 'Lower bound.' })
  low!: number;
  @Field(() => Float, { description: 'Upper bound.' })
  high!: number;
}

@ObjectType({ description: 'A figure of a test by name, with its 95 % interval.' })
export class NamedFigure extends Figure {
  @Field(() => String, { description: 'As in mae, auroc or brier.' })
  metric!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
}

@ObjectType({ description: 'How a model did for one group of people that it had not seen.' })
export class SubgroupPerformance {
  @Field(() => String, { description: 'What the group is formed by, as in race or race+sex.' })
  by!: string;
  @Field(() => String, { description: 'Which group.' })
  level!: string;
  @Field(() => Int, {
    nullable: true,
    description:
      'How many people; null where the group is not shown (under 11 people, or it would tell such a group), 0 where it was not tested. To the nearest ten where the exact count would tell a group that is not shown.',
  })
  n!: number | null;
  @Field(() => Figure, { nullable: true, description: "Mean absolute error, in the answer's unit." })
  mae!: Figure | null;
  @Field(() => Figure, { nullable: true, description: 'Share of predictions within 20 % of the truth, 0 to 1.' })
  within20!: Figure | null;
  @Field(() => Figure, { nullable: true, description: "Mean of prediction minus truth, in the answer's unit." })
  bias!: Figure | null;
  @Field(() => Figure, { nullable: true, description: 'Share of true values inside the 90 % interval, 0 to 1.' })
  coverage!: Figure | null;
  @Field(() => Figure, { nullable: true, description: "How much the genotype lowered the mean error, in the answer's unit." })
  genotypeGain!: Figure | null;
  @Field(() => [NamedFigure], { description: 'All figures of the group; none where it is suppressed.' })
  figures!: NamedFigure[];
  @Field(() => String, {
    nullable: true,
    description: 'Of the gap between this group and the rest: GAP_SHOWN, NO_GAP_SHOWN or INCONCLUSIVE.',
  })
  verdict!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of the genotype: GENOTYPE_HELPS or NO_GENOTYPE_BENEFIT_SHOWN; null where the model does not use one.',
  })
  genotypeVerdict!: string | null;
}

@ObjectType({ description: 'How an input can be changed by a person.' })
export class Lever {
  @Field(() => Float, { nullable: true, description: 'Smallest step of a number.' })
  step!: number | null;
  @Field(() => Float, { nullable: true, description: 'Lowest value that is advised.' })
  min!: number | null;
  @Field(() => Float, { nullable: true, description: 'Highest value that is advised.' })
  max!: number | null;
  @Field(() => String, { nullable: true, description: 'down or up: the only way that a number is advised to go.' })
  direction!: string | null;
  @Field(() => String, { nullable: true, description: 'The only value that a flag or category is advised to take.' })
  to!: string | null;
}

@ObjectType({ description: 'An input of a model.' })
export class ModelInput {
  @Field(() => String, { description: 'Column name.' })
  name!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => String, { description: 'number, category, flag, diplotype, genotype or codes.' })
  type!: string;
  @Field(() => String, { nullable: true, description: 'Unit.' })
  unit!: string | null;
  @Field(() => Float, { nullable: true, description: 'Smallest value that the model was made for.' })
  min!: number | null;
  @Field(() => Float, { nullable: true, description: 'Largest value that the model was made for.' })
  max!: number | null;
  @Field(() => [String], { nullable: true, description: 'Allowed values of a category.' })
  levels!: string[] | null;
  @Field(() => String, { description: 'What happens where it is missing.' })
  whenMissing!: string;
  @Field(() => Lever, { nullable: true, description: 'How it can be changed, as in a what-if; null for what cannot be.' })
  lever!: Lever | null;
}

@ObjectType({ description: 'One of the 31 source attributes of ONC HTI-1, read from the card.' })
export class SourceAttribute {
  @Field(() => String, { description: 'Category and place in it, as in 3.2.' })
  code!: string;
  @Field(() => String, { description: 'Category.' })
  category!: string;
  @Field(() => String, { description: 'What it is about.' })
  name!: string;
  @Field(() => AvailabilityEnum, { description: 'Whether the card says it.' })
  availability!: string;
  @Field(() => String, { description: 'What it says, or why it says nothing.' })
  text!: string;
}

@ObjectType({ description: 'A version of a model that is loaded.' })
export class ModelVersion {
  @Field(() => String, { description: 'As in 1.0.0.' })
  version!: string;
  @Field(() => Boolean, { description: 'Whether it answers where no version is asked for: the newest that is no candidate.' })
  inForce!: boolean;
  @Field(() => Boolean, { description: 'On trial: it answers only where its version is asked for.' })
  candidate!: boolean;
  @Field(() => String, { description: 'SHA-256 of the file that answers.' })
  digest!: string;
}

@ObjectType({ description: 'What changed with a version of a model.' })
export class ModelChange {
  @Field(() => String, { description: 'The version.' })
  version!: string;
  @Field(() => String, { description: 'When it was made, as in 2026-01-31.' })
  date!: string;
  @Field(() => String, { description: 'In words.' })
  change!: string;
}

@ObjectType({ description: 'An item of TRIPOD+AI (BMJ 2024;385:e078378), read from the card.' })
export class TripodItem {
  @Field(() => String, { description: 'Number in the checklist, as in 12e.' })
  item!: string;
  @Field(() => String, { description: 'What it is about.' })
  name!: string;
  @Field(() => AvailabilityEnum, { description: 'Whether the card says it.' })
  availability!: string;
  @Field(() => String, { description: 'What it says, or why it says nothing.' })
  text!: string;
}

@ObjectType({ implements: Node, description: 'A model that may be asked, with what is known about it.' })
export class Model extends Node {
  @Field(() => String, { description: 'Name to ask it by.' })
  name!: string;
  @Field(() => String, { description: 'Version.' })
  version!: string;
  @Field(() => [ModelVersion], { description: 'All versions that are loaded, newest first.' })
  versions!: ModelVersion[];
  @Field(() => [ModelChange], { description: 'What changed with each version, newest first.' })
  changeLog!: ModelChange[];
  @Field(() => Boolean, {
    description: "Whether it can be asked of a patient's record (`Patient.prediction`); the others are asked with rows (avicenna predict).",
  })
  ofRecord!: boolean;
  @Field(() => String, { description: 'Title.' })
  title!: string;
  @Field(() => String, { description: 'What it does.' })
  summary!: string;
  @Field(() => String, { description: 'What it is for.' })
  intendedUse!: string;
  @Field(() => [String], { description: 'What it is not for.' })
  notFor!: string[];
  @Field(() => String, { description: 'SHA-256 of the file that answers.' })
  digest!: string;
  @Field(() => String, { description: 'Unit of the answer.' })
  unit!: string;
  @Field(() => [ModelInput], { description: 'What it takes.' })
  inputs!: ModelInput[];
  @Field(() => String, { description: 'How and on whom it was tested.' })
  evaluatedOn!: string;
  @Field(() => Int, { nullable: true, description: 'How many people it was tested on; null where it was not tested here.' })
  testedOn!: number | null;
  @Field(() => Figure, {
    nullable: true,
    description: "Mean absolute error over everyone tested, in the answer's unit; null where the model answers no measured number.",
  })
  mae!: Figure | null;
  @Field(() => Figure, { nullable: true, description: 'Share of predictions within 20 % of the truth, 0 to 1; null likewise.' })
  within20!: Figure | null;
  @Field(() => [NamedFigure], { description: 'All figures of the test.' })
  figures!: NamedFigure[];
  @Field(() => [SubgroupPerformance], { description: 'How it did by group; a group under 11 people is not shown, nor what would tell it.' })
  subgroups!: SubgroupPerformance[];
  @Field(() => [SourceAttribute], { description: 'The 31 source attributes of ONC HTI-1.' })
  sourceAttributes!: SourceAttribute[];
  @Field(() => [TripodItem], { description: 'Items of TRIPOD+AI that can be answered of a model that is served.' })
  tripodItems!: TripodItem[];
  @Field(() => [String], { description: 'Limits, in plain words.' })
  limits!: string[];
  @Field(() => String, { description: 'What it was trained on.' })
  trainedOn!: string;
  @Field(() => String, { description: 'Licence and attribution of the training data.' })
  attribution!: string;
}
