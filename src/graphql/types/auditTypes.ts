/** Who saw what, as it was written down. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccessDenialEnum, AuditActionEnum, DataCategoryEnum, PurposeEnum, RoleEnum } from '../enums.ts';
import { DateTime } from '../scalars.ts';
import { PageInfo } from './node.ts';

@ObjectType({ description: 'One entry of the audit: it can be checked that it was not changed (avicenna audit verify).' })
export class AuditEntry {
  @Field(() => DateTime, { description: 'When.' })
  at!: string;
  @Field(() => AuditActionEnum, { description: 'What was done.' })
  action!: string;
  @Field(() => ID, { description: 'Who: issuer and subject of the token.' })
  actor!: string;
  @Field(() => RoleEnum, { description: 'In which role.' })
  role!: string;
  @Field(() => PurposeEnum, { description: 'For what.' })
  purpose!: string;
  @Field(() => Boolean, { description: 'True where the record was open in an emergency.' })
  emergency!: boolean;
  @Field(() => [DataCategoryEnum], { description: 'Which data could be seen; empty where none.' })
  sees!: string[];
  @Field(() => AccessDenialEnum, { nullable: true, description: 'Why nothing could be seen; null where something could.' })
  denial!: string | null;
  @Field(() => String, { nullable: true, description: 'Name of the operation or of the command; null where it had none.' })
  operation!: string | null;
  @Field(() => [String], { description: 'Fields of patients that the operation asks for, as Type.field; empty of a command.' })
  fields!: string[];
  @Field(() => String, { nullable: true, description: 'SHA-256 of the operation without its values.' })
  document!: string | null;
  @Field(() => ID, { nullable: true, description: 'The event that was recorded; null where none was.' })
  event!: string | null;
  @Field(() => ID, { description: 'Which server wrote the entry, from its start to its end.' })
  writer!: string;
  @Field(() => Int, { description: 'Number of the entry among those of its writer, from 1.' })
  number!: number;
  @Field(() => String, { description: 'SHA-256 of the entry.' })
  hash!: string;
}

@ObjectType({ description: 'One entry in a list.' })
export class AuditEdge {
  @Field(() => String, { description: 'Its place in the list.' })
  cursor!: string;
  @Field(() => AuditEntry, { description: 'The entry.' })
  node!: AuditEntry;
}

@ObjectType({ description: 'Entries about a patient, the newest first.' })
export class AuditConnection {
  @Field(() => [AuditEdge], { description: 'This page.' })
  edges!: AuditEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
}

@ObjectType({ description: 'Something in the audit that is not as it was written.' })
export class AuditFault {
  @Field(() => String, {
    description:
      'ALTERED, MISSING (entries before this one, or one that is named elsewhere, are not there), REORDERED, SIGNATURE, UNKNOWN_KEY or UNSEALED (no signature for longer than a writer leaves it).',
  })
  fault!: string;
  @Field(() => ID, { nullable: true, description: 'Whose entry; null where it cannot be read.' })
  writer!: string | null;
  @Field(() => Int, { nullable: true, description: 'Its number; null where it cannot be read.' })
  n!: number | null;
  @Field(() => String, { nullable: true, description: 'Its place in the log of entries; null of one that is not there.' })
  seq!: string | null;
}

@ObjectType({ description: 'Whether the audit is as it was written.' })
export class AuditVerification {
  @Field(() => Int, { description: 'Entries that were looked at.' })
  entries!: number;
  @Field(() => Int, { description: 'Servers, from a start to an end, that wrote them.' })
  writers!: number;
  @Field(() => Int, { description: 'Signatures.' })
  seals!: number;
  @Field(() => Int, { description: 'Entries after the last signature of their writer: not signed yet, or cut off by a crash.' })
  unsealed!: number;
  @Field(() => [AuditFault], { description: 'What is wrong; empty where nothing is.' })
  faults!: AuditFault[];
}
