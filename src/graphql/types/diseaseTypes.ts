/** Diseases by what they are called. */
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A disease, as the release in force names it.' })
export class Disease {
  @Field(() => ID, {
    description: 'DOID, or the id of another vocabulary where it has none; what `treatmentOptions` and `evidencePaths` are asked with.',
  })
  id!: string;
  @Field(() => String, { description: 'Name.' })
  name!: string;
  @Field(() => [String], { description: 'What else it is called.' })
  synonyms!: string[];
  @Field(() => [String], { description: 'Its ids elsewhere, as in ICD10CM:C34.' })
  crossReferences!: string[];
}

@ObjectType({ description: 'A term that names one disease.' })
export class DiseaseNamed {
  @Field(() => String, { description: 'The term that was sent.' })
  term!: string;
  @Field(() => Disease, { description: 'The disease.' })
  disease!: Disease;
}

@ObjectType({ description: 'A term that names several diseases.' })
export class DiseaseCandidates {
  @Field(() => String, { description: 'The term that was sent.' })
  term!: string;
  @Field(() => [Disease], { description: 'The diseases that it may mean.' })
  diseases!: Disease[];
}

@ObjectType({ description: 'The answer to a look-up of many diseases: nothing is dropped.' })
export class DiseaseLookup {
  @Field(() => [DiseaseNamed], { description: 'Terms that name one disease.' })
  direct!: DiseaseNamed[];
  @Field(() => [DiseaseCandidates], { description: 'Terms that name several.' })
  ambiguous!: DiseaseCandidates[];
  @Field(() => [String], { description: 'Terms that name none.' })
  noMatch!: string[];
}
