import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from './payloads.ts';

@ObjectType({ description: 'A copy of the event log. It is as secret as the log itself.' })
export class Backup {
  @Field(() => String, { description: 'Folder on the machine of the server.' })
  directory!: string;
  @Field(() => String, { description: 'When it was taken (UTC, ISO 8601).' })
  takenAt!: string;
  @Field(() => String, { description: 'Epoch of the log: a restore begins another.' })
  epoch!: string;
  @Field(() => String, { description: 'Sequence of the last event that it has.' })
  lastSeq!: string;
  @Field(() => Int, { description: 'How many events.' })
  events!: number;
  @Field(() => String, { description: 'SHA-256 of the copy, in hexadecimal digits; `restore` checks it.' })
  sha256!: string;
}

@ObjectType({ description: 'Answer of takeBackup.' })
export class BackupPayload {
  @Field(() => Backup, { nullable: true, description: 'The copy; null where none was taken.' })
  backup!: Backup | null;
  @Field(() => [UserError], { description: 'What is wrong with the input.' })
  userErrors!: UserError[];
}
