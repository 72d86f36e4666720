import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { SearchTypeEnum } from '../enums.ts';
import { Drug, Gene, Guideline } from './knowledgeTypes.ts';
import { Model } from './modelTypes.ts';
import { PageInfo } from './node.ts';
import { Patient } from './patientTypes.ts';

export const SearchItem = createUnionType({
  name: 'SearchItem',
  description: 'Anything that a search finds.',
  types: () => [Patient, Gene, Drug, Guideline, Model] as const,
});

@ObjectType({ description: 'One thing found.' })
export class SearchEdge {
  @Field(() => String, { description: 'Its place in the list.' })
  cursor!: string;
  @Field(() => SearchTypeEnum, { description: 'What it is.' })
  type!: string;
  @Field(() => String, { description: 'What a person reads.' })
  label!: string;
  @Field(() => SearchItem, { nullable: true, description: 'The thing itself.' })
  node!: typeof SearchItem | null;
}

@ObjectType({ description: 'What a search found: names that begin with the text first.' })
export class SearchConnection {
  @Field(() => [SearchEdge], { description: 'This page.' })
  edges!: SearchEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
  @Field(() => Int, { description: 'How many were found.' })
  totalCount!: number;
}
