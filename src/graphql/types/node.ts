import { Field, ID, InterfaceType, ObjectType } from 'type-graphql';

@InterfaceType({ description: 'Anything with a global id.' })
export abstract class Node {
  @Field(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id!: string;
}

@ObjectType({ description: 'Where a page ends and whether more follows.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'True where another page follows.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row of this page: pass it as `after`.' })
  endCursor!: string | null;
}
