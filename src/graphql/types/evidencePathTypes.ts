/** Paths between two things of a release. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A gene, compound, disease or whatever else a release speaks of.' })
export class PathThing {
  @Field(() => ID, { description: 'Kind and id, as in Gene 7157.' })
  key!: string;
  @Field(() => String, { description: 'Name.' })
  name!: string;
  @Field(() => Int, { description: 'How many facts it has: a thing with very many says little of any.' })
  degree!: number;
}

@ObjectType({ description: 'Who states a step of a path.' })
export class PathFact {
  @Field(() => String, { description: 'The publisher.' })
  source!: string;
  @Field(() => String, { description: 'Licence of the statement.' })
  licence!: string;
  @Field(() => String, { nullable: true, description: 'Level, as the publisher grades it.' })
  level!: string | null;
  @Field(() => String, { nullable: true, description: 'Its date.' })
  date!: string | null;
}

@ObjectType({ description: 'How one thing of a path leads to the next.' })
export class PathStep {
  @Field(() => String, { description: 'Kind of the fact, as in TARGETS.' })
  kind!: string;
  @Field(() => Boolean, { description: 'False where the fact is read against its direction.' })
  forward!: boolean;
  @Field(() => [PathFact], { description: 'Everybody who states it.' })
  facts!: PathFact[];
}

@ObjectType({ description: 'A path between two things.' })
export class GraphPath {
  @Field(() => [PathThing], { description: 'From one end to the other.' })
  things!: PathThing[];
  @Field(() => [PathStep], { description: 'One less than the things.' })
  steps!: PathStep[];
  @Field(() => Float, {
    description:
      'What paths of one length are ranked by, 0 to 1: the product over the things between of the count of their facts to the power of -0.4 (Himmelstein et al., eLife 2017;6:e26726).',
  })
  weight!: number;
}

@ObjectType({
  description:
    'Paths between two things, the shorter first, then those over the rarer things. A path is a reason to look, not evidence of an effect.',
})
export class GraphPaths {
  @Field(() => PathThing, { description: 'Where they begin.' })
  from!: PathThing;
  @Field(() => PathThing, { description: 'Where they end.' })
  to!: PathThing;
  @Field(() => String, { description: 'The release that states them.' })
  release!: string;
  @Field(() => [GraphPath], { description: 'Ranked.' })
  paths!: GraphPath[];
  @Field(() => String, { nullable: true, description: 'Picture (SVG with a text alternative); null where there is no path.' })
  plotSvg!: string | null;
}
