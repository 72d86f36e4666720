/** What would have to be otherwise for an answer to come below a threshold. */
import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One input that would be otherwise.' })
export class CounterfactualChange {
  @Field(() => String, { description: 'The input.' })
  input!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => String, { description: 'The value now; 1 and 0 are yes and no.' })
  from!: string;
  @Field(() => String, { description: 'The value that it would have.' })
  to!: string;
  @Field(() => String, { nullable: true, description: 'Unit of both.' })
  unit!: string | null;
  @Field(() => [String], {
    description: 'What speaks against some of the ways to do it, as a drug that guidance advises this patient against.',
  })
  cautions!: string[];
}

@ObjectType({ description: 'A way to come below the threshold: in the calculation, not a promise that the change has that effect.' })
export class Counterfactual {
  @Field(() => [CounterfactualChange], { description: 'What would be otherwise: three inputs at most.' })
  changes!: CounterfactualChange[];
  @Field(() => Float, { description: "What the model answers then, in the answer's unit." })
  value!: number;
}

@ObjectType({ description: 'An input that can be changed, but is not offered for this patient.' })
export class RefusedLever {
  @Field(() => String, { description: 'The input.' })
  input!: string;
  @Field(() => String, { description: 'In words.' })
  label!: string;
  @Field(() => String, { description: 'What speaks against it.' })
  reason!: string;
}

@ObjectType({ description: 'The nearest changes that would bring an answer below a threshold, each verified by asking the model.' })
export class Counterfactuals {
  @Field(() => Float, { description: "The threshold, in the answer's unit." })
  threshold!: number;
  @Field(() => String, { description: 'Whose threshold it is.' })
  thresholdSource!: string;
  @Field(() => [Counterfactual], {
    description: 'The fewest changes first. Empty where none is found or none is needed: `reason` says which.',
  })
  found!: Counterfactual[];
  @Field(() => [RefusedLever], { description: 'What is not offered for this patient, and why.' })
  refused!: RefusedLever[];
  @Field(() => String, { nullable: true, description: 'Why nothing is offered.' })
  reason!: string | null;
  @Field(() => String, { description: 'In plain words.' })
  narrative!: string;
}
