import { Field, ID, ObjectType } from 'type-graphql';
import { AccessDenialEnum, ConsentPurposeEnum, DataCategoryEnum, PurposeEnum, RoleEnum, WithheldReasonEnum } from '../enums.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'Who asks, as the token says it.' })
export class Actor {
  @Field(() => ID, { description: 'Issuer and subject of the token.' })
  id!: string;
  @Field(() => RoleEnum, { description: 'In which role.' })
  role!: string;
  @Field(() => PurposeEnum, { description: 'What data are asked for.' })
  purpose!: string;
  @Field(() => [DataCategoryEnum], { description: 'The most that the role sees of a patient; a patient may hold back more.' })
  sees!: string[];
  @Field(() => [String], { description: 'What the token allows, as SMART scopes.' })
  scopes!: string[];
  @Field(() => [String], { nullable: true, description: 'Units whose patients are seen; null for all.' })
  sites!: string[] | null;
  @Field(() => Boolean, { description: 'True where only made-up patients are seen.' })
  syntheticOnly!: boolean;
  @Field(() => DateTime, { nullable: true, description: 'When the token expires; null for never.' })
  expiresAt!: string | null;
}

@ObjectType({ description: 'Something of the record that is not shown to you, and why.' })
export class Withheld {
  @Field(() => DataCategoryEnum, { description: 'Which data.' })
  category!: string;
  @Field(() => WithheldReasonEnum, { description: 'Why.' })
  reason!: string;
  @Field(() => String, { description: 'In words, with what would change it.' })
  text!: string;
}

@ObjectType({ description: 'Somebody opened the record in an emergency, without the word of the patient.' })
export class EmergencyAccess {
  @Field(() => ID, { description: 'Key of the entry.' })
  id!: string;
  @Field(() => ConsentPurposeEnum, { description: 'EMERGENCY.' })
  purpose!: string;
  @Field(() => String, { description: 'Who.' })
  openedBy!: string;
  @Field(() => String, { description: 'Why, in words.' })
  reason!: string;
  @Field(() => DateTime, { description: 'From when.' })
  from!: string;
  @Field(() => DateTime, { description: 'Until when.' })
  until!: string;
}

@ObjectType({ description: 'What somebody would be shown of a patient, and why.' })
export class AccessDecision {
  @Field(() => [DataCategoryEnum], { description: 'What would be shown; empty for nothing.' })
  sees!: string[];
  @Field(() => AccessDenialEnum, { nullable: true, description: 'Why nothing would be; null where something is.' })
  denial!: string | null;
  @Field(() => Boolean, { description: 'Whether the record is open to this person in an emergency.' })
  emergency!: boolean;
  @Field(() => DateTime, { nullable: true, description: 'Until when it holds by the clock alone; null where the clock changes nothing.' })
  until!: string | null;
  @Field(() => [String], { description: 'How it was decided, in the order in which it is.' })
  because!: string[];
}
