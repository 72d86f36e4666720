/** Predictions and the reasons for them. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import {
  AlertSeverityEnum,
  AttributionMethodEnum,
  CrossingEnum,
  DirectionEnum,
  EvidenceAgreementEnum,
  OutputSpaceEnum,
  PredictionStatusEnum,
  RiskCauseEnum,
} from '../enums.ts';
import { DateTime } from '../scalars.ts';
import { EvidencePath } from './knowledgeTypes.ts';
import { SubgroupPerformance } from './modelTypes.ts';
import { Node, PageInfo } from './node.ts';

@ObjectType({ description: 'A further answer of a model.' })
export class Component {
  @Field(() => String, { description: 'As in base_30_heart_failure.' })
  name!: string;
  @Field(() => Float, { description: 'The number.' })
  value!: number;
}

@ObjectType({ description: 'The range that the true value lies in for the stated share of people.' })
export class Interval {
  @Field(() => Float, { description: "Lower bound, in the answer's unit." })
  low!: number;
  @Field(() => Float, { description: "Upper bound, in the answer's unit." })
  high!: number;
  @Field(() => Float, { description: 'Share of people, 0 to 1.' })
  coverage!: number;
  @Field(() => String, { description: 'How it was made.' })
  method!: string;
  @Field(() => String, { description: 'Calibration group.' })
  group!: string;
}

@ObjectType({ description: 'An input as the model used it.' })
export class FeatureValue {
  @Field(() => String, { description: 'Column name.' })
  feature!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => String, { nullable: true, description: 'The value; null where missing.' })
  value!: string | null;
  @Field(() => String, { nullable: true, description: 'Unit.' })
  unit!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was measured, started or called.' })
  observedAt!: string | null;
  @Field(() => Boolean, { description: 'True where it is not recorded.' })
  missing!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'What is usual in health, in its unit, as `12 to 20`; null where the card does not say it.',
  })
  reference!: string | null;
  @Field(() => String, { nullable: true, description: 'Where it comes from, or what the model does without it.' })
  note!: string | null;
}

@ObjectType({ description: 'One driver of an answer.' })
export class Attribution {
  @Field(() => String, { description: 'The input or group of inputs.' })
  feature!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => String, { nullable: true, description: 'The value; null where missing.' })
  value!: string | null;
  @Field(() => String, { nullable: true, description: 'Unit of the value.' })
  unit!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was measured, started or called.' })
  observedAt!: string | null;
  @Field(() => Boolean, { description: 'True where it is not recorded.' })
  missing!: boolean;
  @Field(() => Float, { description: "What it moves the answer by, in the explanation's unit." })
  contribution!: number;
  @Field(() => DirectionEnum, { description: 'Which way.' })
  direction!: string;
  @Field(() => Boolean, { description: 'True for what can be changed by a person.' })
  modifiable!: boolean;
  @Field(() => [EvidencePath], { description: 'Paths of the graph that speak of it.' })
  evidence!: EvidencePath[];
  @Field(() => EvidenceAgreementEnum, { description: 'Whether they point the same way as the model.' })
  evidenceAgreement!: string;
}

@ObjectType({ description: 'Why the model answered what it did. baseValue + all contributions = the answer, up to the residual.' })
export class Explanation {
  @Field(() => AttributionMethodEnum, { description: 'How it was computed.' })
  method!: string;
  @Field(() => OutputSpaceEnum, { description: 'The scale that it adds up on.' })
  outputSpace!: string;
  @Field(() => String, { description: 'Unit of base value and contributions.' })
  unit!: string;
  @Field(() => Float, { description: 'Mean answer over the reference patients.' })
  baseValue!: number;
  @Field(() => [Attribution], { description: 'The largest drivers first, as many as asked for.' })
  attributions!: Attribution[];
  @Field(() => Float, { description: 'Sum of the drivers that are not listed.' })
  remainder!: number;
  @Field(() => Float, { description: 'What the sum misses the answer by: rounding only.' })
  residual!: number;
  @Field(() => String, { description: 'Digest of the synthetic reference patients.' })
  background!: string;
  @Field(() => String, { description: 'SHA-256 of the model file that was explained.' })
  modelDigest!: string;
  @Field(() => String, { description: 'In plain words.' })
  narrative!: string;
}

@ObjectType({ description: 'What changed in an answer since an earlier time, and what changed it.' })
export class PredictionChange {
  @Field(() => DateTime, { description: 'When the earlier answer was given: the last one by the time asked for.' })
  since!: string;
  @Field(() => Float, { description: 'The earlier answer, in `unit`.' })
  before!: number;
  @Field(() => Float, { description: 'The answer now, in `unit`.' })
  after!: number;
  @Field(() => Float, { description: 'Answer now less the earlier one.' })
  delta!: number;
  @Field(() => String, { description: 'Unit of the answers and of the change.' })
  unit!: string;
  @Field(() => OutputSpaceEnum, { description: 'The scale of `because`.' })
  outputSpace!: string;
  @Field(() => [Attribution], {
    description: 'What changed, summing to `delta`: inputs that are as they were are not in it. A new model version is a part of its own.',
  })
  because!: Attribution[];
  @Field(() => Boolean, { description: 'Whether another model file gave the earlier answer.' })
  modelChanged!: boolean;
  @Field(() => String, { description: 'SHA-256 of the model file that gave the earlier answer.' })
  previousModelDigest!: string;
  @Field(() => String, { description: 'In plain words.' })
  narrative!: string;
}

@ObjectType({ description: 'A value outside the middle 98 % of the people that the model was trained on.' })
export class UnusualInput {
  @Field(() => String, { description: 'Column name.' })
  feature!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => Float, { description: 'The value.' })
  value!: number;
  @Field(() => String, { nullable: true, description: 'Unit.' })
  unit!: string | null;
  @Field(() => Float, { description: '1st percentile.' })
  low!: number;
  @Field(() => Float, { description: '99th percentile.' })
  high!: number;
}

@ObjectType({ description: 'How well the model works for people like this one: read it before the drivers.' })
export class Applicability {
  @Field(() => String, { description: 'In plain words.' })
  statement!: string;
  @Field(() => [SubgroupPerformance], { description: 'The tested groups that this person belongs to, the most specific first.' })
  subgroups!: SubgroupPerformance[];
  @Field(() => Int, { description: 'Inputs that are missing.' })
  missingInputs!: number;
  @Field(() => Int, { description: 'Inputs in all.' })
  totalInputs!: number;
  @Field(() => [UnusualInput], { description: 'Inputs whose value few of the people had that the model was trained on.' })
  unusual!: UnusualInput[];
  @Field(() => [String], { description: 'What to be careful about.' })
  warnings!: string[];
}

@ObjectType({ description: 'The answer at one age, all else as it is now.' })
export class TrajectoryPoint {
  @Field(() => Float, { description: 'Age, years.' })
  age!: number;
  @Field(() => Float, { nullable: true, description: "In the prediction's unit; null where the model does not answer at that age." })
  value!: number | null;
  @Field(() => [Component], {
    description: 'Further answers by name, as base_30_total_cvd; one that is not given at that age is not there.',
  })
  components!: Component[];
  @Field(() => [String], { description: 'What to be careful about in the answer at that age.' })
  warnings!: readonly string[];
  @Field(() => String, { nullable: true, description: 'Why there is no answer.' })
  abstainReason!: string | null;
}

@ObjectType({ description: 'What a model says about a patient, with what it used.' })
export class Prediction {
  @Field(() => PredictionStatusEnum, { description: 'Whether it answered.' })
  status!: string;
  @Field(() => Float, { nullable: true, description: 'The answer, in `unit`; null where it abstained.' })
  value!: number | null;
  @Field(() => String, { description: 'Unit of the answer.' })
  unit!: string;
  @Field(() => Interval, { nullable: true, description: 'Range of the true value.' })
  interval!: Interval | null;
  @Field(() => String, { nullable: true, description: 'Why it abstained.' })
  abstainReason!: string | null;
  @Field(() => [FeatureValue], { description: 'Everything that it used, with times.' })
  inputs!: FeatureValue[];
  @Field(() => [FeatureValue], { description: 'What it would have used but is not recorded.' })
  missing!: FeatureValue[];
  @Field(() => DateTime, { description: 'As of when.' })
  at!: string;
  @Field(() => String, { description: 'Knowledge release in force.' })
  release!: string;
}

@ObjectType({ description: 'A threshold of an alert rule that a value went over.' })
export class Threshold {
  @Field(() => String, { description: 'The rule, as in news2-emergency.' })
  rule!: string;
  @Field(() => String, { description: 'The rule in words.' })
  title!: string;
  @Field(() => AlertSeverityEnum, { description: 'How urgent the rule is.' })
  severity!: string;
  @Field(() => Float, { description: "The threshold, in the model's unit." })
  value!: number;
  @Field(() => CrossingEnum, { description: 'Which way.' })
  direction!: string;
}

@ObjectType({ implements: Node, description: "A change of a patient's risk or dose, with what changed it." })
export class RiskEvent extends Node {
  @Field(() => String, { description: 'SHA-256 of the model file that answered.' })
  modelDigest!: string;
  @Field(() => String, { description: 'Knowledge release in force.' })
  release!: string;
  @Field(() => RiskCauseEnum, { description: 'What moved it.' })
  cause!: string;
  @Field(() => [ID], { description: 'Observations that moved it.' })
  observationIds!: string[];
  @Field(() => OutputSpaceEnum, { description: 'The scale of `because`.' })
  outputSpace!: string;
  @Field(() => String, { description: 'Unit of the values.' })
  unit!: string;
  @Field(() => PredictionStatusEnum, { description: 'Whether the model answered.' })
  status!: string;
  @Field(() => String, { nullable: true, description: 'Why it abstained.' })
  abstainReason!: string | null;
  @Field(() => Float, { nullable: true, description: 'Value before; null for the first, or after an abstention.' })
  previous!: number | null;
  @Field(() => Float, { nullable: true, description: 'Value now.' })
  value!: number | null;
  @Field(() => Float, { nullable: true, description: 'Value now less value before.' })
  delta!: number | null;
  @Field(() => String, { nullable: true, description: "The model's word for the value, as in HIGH; null where it has none." })
  category!: string | null;
  @Field(() => [Threshold], { description: 'Thresholds of the alert rules that lie between the two values.' })
  crossed!: Threshold[];
  @Field(() => DateTime, { description: 'When the cause happened or was measured.' })
  observedAt!: string;
}

@ObjectType({ description: 'One risk event in a list.' })
export class RiskEventEdge {
  @Field(() => String, { description: 'Its place in the list.' })
  cursor!: string;
  @Field(() => RiskEvent, { description: 'The event.' })
  node!: RiskEvent;
}

@ObjectType({ description: 'Risk events, newest first.' })
export class RiskEventConnection {
  @Field(() => [RiskEventEdge], { description: 'This page.' })
  edges!: RiskEventEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
  @Field(() => Int, { description: 'How many there are in all; counted only when asked for.' })
  totalCount!: number;
}

@ObjectType({ description: 'One step of a stream: an event, or none (nothing for you up to this cursor).' })
export class RiskStreamItem {
  @Field(() => String, { description: 'Keep it: give it as `after` to go on exactly here.' })
  cursor!: string;
  @Field(() => RiskEvent, { nullable: true, description: 'The event; null for a checkpoint.' })
  event!: RiskEvent | null;
}
