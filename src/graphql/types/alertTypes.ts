/** Alerts: what the rules say of risks, and what people did about it. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { AlertChangeEnum, AlertSeverityEnum, AlertStatusEnum } from '../enums.ts';
import { DateTime } from '../scalars.ts';
import { Node, PageInfo } from './node.ts';

@ObjectType({ implements: Node, description: 'A risk that a rule says somebody must know of.' })
export class Alert extends Node {
  @Field(() => String, { description: 'Name of the rule, as in news2-emergency.' })
  rule!: string;
  @Field(() => String, { description: 'What it is about, in words.' })
  title!: string;
  @Field(() => AlertSeverityEnum, { description: 'How urgent.' })
  severity!: string;
  @Field(() => AlertStatusEnum, { description: 'Where it stands.' })
  status!: string;
  @Field(() => String, { description: "The rule's condition in words, as in `at or above 7`." })
  condition!: string;
  @Field(() => Boolean, { description: 'Whether the condition held when the alert changed last.' })
  conditionHolds!: boolean;
  @Field(() => String, { description: 'Who is to act on it now.' })
  notify!: string;
  @Field(() => Float, { nullable: true, description: "The model's answer when the alert changed last; null where it has none." })
  value!: number | null;
  @Field(() => String, { nullable: true, description: 'Unit of the value.' })
  unit!: string | null;
  @Field(() => String, { nullable: true, description: "The model's word for the value." })
  category!: string | null;
  @Field(() => DateTime, { description: 'When the condition was first met.' })
  startedAt!: string;
  @Field(() => DateTime, { description: 'When it was raised.' })
  raisedAt!: string;
  @Field(() => DateTime, { nullable: true, description: 'When somebody acknowledged it.' })
  acknowledgedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'Who acknowledged it.' })
  acknowledgedBy!: string | null;
  @Field(() => String, { nullable: true, description: 'What they noted.' })
  note!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was over.' })
  clearedAt!: string | null;
}

@ObjectType({ description: 'One alert in a list.' })
export class AlertEdge {
  @Field(() => String, { description: 'Its place in the list.' })
  cursor!: string;
  @Field(() => Alert, { description: 'The alert.' })
  node!: Alert;
}

@ObjectType({ description: 'Alerts, the one that changed last first.' })
export class AlertConnection {
  @Field(() => [AlertEdge], { description: 'This page.' })
  edges!: AlertEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
  @Field(() => Int, { description: 'How many there are in all; counted only when asked for.' })
  totalCount!: number;
}

@ObjectType({ description: 'Something that happened to an alert.' })
export class AlertEvent {
  @Field(() => ID, { description: 'Of the event: the same however often it is delivered.' })
  id!: string;
  @Field(() => AlertChangeEnum, { description: 'What happened.' })
  change!: string;
  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordedAt!: string;
  @Field(() => Alert, { description: 'The alert as it was left by this event.' })
  alert!: Alert;
}

@ObjectType({ description: 'One step of a stream: an event, or none (nothing for you up to this cursor).' })
export class AlertStreamItem {
  @Field(() => String, { description: 'Keep it: give it as `after` to go on exactly here.' })
  cursor!: string;
  @Field(() => AlertEvent, { nullable: true, description: 'The event; null for a checkpoint.' })
  event!: AlertEvent | null;
}
