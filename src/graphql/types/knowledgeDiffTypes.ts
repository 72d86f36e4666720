/** What a change of knowledge release does, before it is made. */
import { Field, Int, ObjectType } from 'type-graphql';
import { FactKindEnum } from '../enums.ts';
import { KnowledgeRelease } from './knowledgeTypes.ts';
import { PageInfo } from './node.ts';
import { Patient } from './patientTypes.ts';

@ObjectType({ description: 'A fact that is new, gone or different.' })
export class FactChange {
  @Field(() => FactKindEnum, { description: 'What kind of fact.' })
  kind!: string;
  @Field(() => String, { description: 'What it is about, as in CYP2C9 *2.' })
  key!: string;
  @Field(() => String, { nullable: true, description: 'What the older release says; null where the fact is new.' })
  before!: string | null;
  @Field(() => String, { nullable: true, description: 'What the newer release says; null where the fact is gone.' })
  after!: string | null;
}

@ObjectType({ description: 'A changed fact with its place in the list.' })
export class FactChangeEdge {
  @Field(() => String, { description: 'Pass it as `after` to go on from here.' })
  cursor!: string;
  @Field(() => FactChange, { description: 'The change.' })
  node!: FactChange;
}

@ObjectType({ description: 'Changed facts, by kind and name.' })
export class FactChangeConnection {
  @Field(() => [FactChangeEdge], { description: 'This page.' })
  edges!: FactChangeEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows.' })
  pageInfo!: PageInfo;
  @Field(() => Int, { description: 'How many facts changed in all.' })
  totalCount!: number;
}

@ObjectType({ description: "A gene's result under both releases." })
export class PhenotypeChange {
  @Field(() => String, { description: 'HGNC symbol of the gene.' })
  gene!: string;
  @Field(() => String, { description: 'Diplotypes and phenotype under the older release.' })
  before!: string;
  @Field(() => String, { description: 'Diplotypes and phenotype under the newer release.' })
  after!: string;
}

@ObjectType({ description: 'What is advised on a drug under both releases.' })
export class RecommendationChange {
  @Field(() => String, { description: 'Generic name of the drug.' })
  drug!: string;
  @Field(() => String, { description: 'For whom: general, an indication or an ancestry.' })
  population!: string;
  @Field(() => String, { nullable: true, description: 'Advice under the older release; null where it has none.' })
  before!: string | null;
  @Field(() => String, { nullable: true, description: 'Advice under the newer release; null where it has none.' })
  after!: string | null;
}

@ObjectType({ description: 'A patient for whom something changes, and what.' })
export class AffectedPatientEdge {
  @Field(() => String, { description: 'Pass it as `after` to go on from here.' })
  cursor!: string;
  @Field(() => Patient, { description: 'The patient.' })
  node!: Patient;
  @Field(() => [PhenotypeChange], { description: 'Genes whose result changes.' })
  phenotypes!: PhenotypeChange[];
  @Field(() => [RecommendationChange], { description: 'Drugs on which other advice follows, taken or not.' })
  recommendations!: RecommendationChange[];
}

@ObjectType({ description: 'Patients for whom a phenotype or a recommendation changes.' })
export class AffectedPatientConnection {
  @Field(() => [AffectedPatientEdge], { description: 'This page.' })
  edges!: AffectedPatientEdge[];
  @Field(() => PageInfo, { description: 'Whether more follows: patients are looked at page by page.' })
  pageInfo!: PageInfo;
}

@ObjectType({ description: 'What changes between two knowledge releases that are in the graph.' })
export class KnowledgeDiff {
  @Field(() => KnowledgeRelease, { description: 'The older release.' })
  from!: KnowledgeRelease;
  @Field(() => KnowledgeRelease, { description: 'The newer release.' })
  to!: KnowledgeRelease;
  @Field(() => FactChangeConnection, { description: 'The facts that changed.' })
  changes!: FactChangeConnection;
  @Field(() => AffectedPatientConnection, { description: 'The patients whose phenotype or recommendation changes.' })
  affectedPatients!: AffectedPatientConnection;
}
