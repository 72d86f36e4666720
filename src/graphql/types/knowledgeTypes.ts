/** Genes, drugs, guidelines, evidence: what the knowledge release says, about nobody in particular. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { InteractionSeverityEnum, PathNodeKindEnum } from '../enums.ts';
import { URI } from '../scalars.ts';
import { Node } from './node.ts';

@ObjectType({ description: 'Where a part of the knowledge comes from.' })
export class KnowledgeSource {
  @Field(() => String, { description: 'Short name of the source.' })
  id!: string;
  @Field(() => String, { description: 'What it is.' })
  title!: string;
  @Field(() => String, { description: 'Who publishes it.' })
  publisher!: string;
  @Field(() => String, { description: 'Which release of it was used.' })
  release!: string;
  @Field(() => String, { description: 'Licence that it is under.' })
  licence!: string;
  @Field(() => String, { description: 'Where it is published.' })
  url!: string;
}

@ObjectType({ description: 'The body of knowledge in force: every fact in an answer comes from it.' })
export class KnowledgeRelease {
  @Field(() => String, { description: 'Name of the release.' })
  name!: string;
  @Field(() => String, { description: 'SHA-256 of its tables: the same knowledge exactly when this is the same.' })
  digest!: string;
  @Field(() => [KnowledgeSource], { description: 'Its sources with release and licence.' })
  sources!: KnowledgeSource[];
}

@ObjectType({ description: 'A position of the genome that defines alleles, GRCh38.' })
export class Variant {
  @Field(() => ID, { description: 'dbSNP reference number.' })
  rsid!: string;
  @Field(() => String, { description: 'Chromosome, as in chr10.' })
  chromosome!: string;
  @Field(() => Int, { description: 'Position on GRCh38, counted from 1.' })
  position!: number;
  @Field(() => String, { description: 'Reference base on the forward strand.' })
  ref!: string;
  @Field(() => String, { description: 'Other base or bases on the forward strand, separated by semicolons.' })
  alt!: string;
  @Field(() => String, { description: 'What it is called.' })
  label!: string;
}

@ObjectType({ description: 'A named allele of a gene.' })
export class Allele {
  @Field(() => String, { description: 'Name, as in *3.' })
  name!: string;
  @Field(() => String, { description: 'Clinical function, in CPIC terms.' })
  function!: string;
  @Field(() => String, { nullable: true, description: 'Activity value where the gene has an activity score, no unit.' })
  activity!: string | null;
}

@ObjectType({ implements: Node, description: 'A gene that changes how drugs work or are cleared.' })
export class Gene extends Node {
  @Field(() => String, { description: 'HGNC symbol.' })
  symbol!: string;
  @Field(() => String, { description: 'Full name.' })
  name!: string;
  @Field(() => String, { description: 'Chromosome.' })
  chromosome!: string;
  @Field(() => String, { description: 'What the gene does to drugs, in one sentence.' })
  description!: string;
  @Field(() => [Allele], { description: 'Its named alleles; the reference first.' })
  alleles!: Allele[];
  @Field(() => [Variant], { description: 'Its defining positions.' })
  variants!: Variant[];
  @Field(() => [Guideline], { description: 'Guidelines about this gene.' })
  guidelines!: Guideline[];
}

@ObjectType({ implements: Node, description: 'A drug, by its ingredient.' })
export class Drug extends Node {
  @Field(() => String, { description: 'Generic name.' })
  name!: string;
  @Field(() => String, { description: 'RxNorm ingredient id.' })
  rxcui!: string;
  @Field(() => [String], { description: 'Brand and other names.' })
  synonyms!: string[];
  @Field(() => String, { description: 'Therapeutic class.' })
  class!: string;
  @Field(() => [Guideline], { description: 'Guidelines about this drug.' })
  guidelines!: Guideline[];
  @Field(() => [Interaction], { description: 'Interactions with other drugs in the release.' })
  interactions!: Interaction[];
}

@ObjectType({ implements: Node, description: 'A published guideline on genes and drugs.' })
export class Guideline extends Node {
  @Field(() => String, { description: 'What it is about.' })
  title!: string;
  @Field(() => String, { description: 'Who issues it.' })
  publisher!: string;
  @Field(() => String, { description: 'Year of the version used.' })
  year!: string;
  @Field(() => URI, { description: 'Where it is published.' })
  url!: string;
  @Field(() => [Gene], { description: 'Genes that it reads.' })
  genes!: Gene[];
  @Field(() => [Drug], { description: 'Drugs that it advises on.' })
  drugs!: Drug[];
}

@ObjectType({ description: 'A drug-drug interaction.' })
export class Interaction {
  @Field(() => ID, { description: 'Key in the knowledge tables.' })
  id!: string;
  @Field(() => [Drug], { description: 'Those of the two drugs that the release knows by themselves.' })
  drugs!: Drug[];
  @Field(() => [String], { description: 'The two drugs by name, as they are recorded.' })
  drugNames!: string[];
  @Field(() => Boolean, {
    description:
      'Whether a prescriber is to be stopped by it: it is contraindicated or major, and no published list says that it need not interrupt.',
  })
  interruptive!: boolean;
  @Field(() => InteractionSeverityEnum, { description: 'How serious it is.' })
  severity!: string;
  @Field(() => String, { description: 'How it comes about.' })
  mechanism!: string;
  @Field(() => String, { description: 'What may happen.' })
  effect!: string;
  @Field(() => String, { description: 'What to do.' })
  advice!: string;
  @Field(() => String, { description: 'Who says so.' })
  source!: string;
}

@ObjectType({ description: 'A publication behind a recommendation.' })
export class Evidence {
  @Field(() => ID, { description: 'PubMed id.' })
  pmid!: string;
  @Field(() => URI, { description: 'Its page at PubMed.' })
  url!: string;
}

@ObjectType({ description: 'A node on an evidence path.' })
export class PathNode {
  @Field(() => PathNodeKindEnum, { description: 'What it is.' })
  kind!: string;
  @Field(() => String, { description: 'Its key in the graph: rsid, allele, symbol, guideline id or drug name.' })
  key!: string;
  @Field(() => String, { description: 'What a person reads.' })
  label!: string;
}

@ObjectType({ description: 'A path of the graph that speaks for a statement, with its source.' })
export class EvidencePath {
  @Field(() => [PathNode], { description: 'From the finding to the drug.' })
  nodes!: PathNode[];
  @Field(() => [String], { description: 'How each node leads to the next; one less than the nodes.' })
  relations!: string[];
  @Field(() => String, { description: 'Who states it.' })
  source!: string;
  @Field(() => URI, { nullable: true, description: 'Where it is published.' })
  url!: string | null;
  @Field(() => String, { nullable: true, description: 'Strength as the source gives it.' })
  level!: string | null;
  @Field(() => String, { nullable: true, description: 'Year of the source.' })
  asOf!: string | null;
  @Field(() => String, { description: 'Knowledge release that holds it.' })
  release!: string;
}

@ObjectType({ description: 'A term that names exactly one gene.' })
export class GeneMatch {
  @Field(() => String, { description: 'The term that was sent.' })
  term!: string;
  @Field(() => Gene, { description: 'The gene.' })
  gene!: Gene;
}

@ObjectType({ description: 'The answer to a look-up of many genes: nothing is dropped.' })
export class GeneLookup {
  @Field(() => [GeneMatch], { description: 'Terms that name one gene.' })
  direct!: GeneMatch[];
  @Field(() => [String], { description: 'Terms that name several: none among official symbols.' })
  ambiguous!: string[];
  @Field(() => [String], { description: 'Terms that name none.' })
  noMatch!: string[];
}

@ObjectType({ description: 'A term that names exactly one drug.' })
export class DrugMatch {
  @Field(() => String, { description: 'The term that was sent.' })
  term!: string;
  @Field(() => Drug, { description: 'The drug.' })
  drug!: Drug;
}

@ObjectType({ description: 'A term that names several drugs.' })
export class DrugCandidates {
  @Field(() => String, { description: 'The term that was sent.' })
  term!: string;
  @Field(() => [Drug], { description: 'The drugs that it may mean.' })
  drugs!: Drug[];
}

@ObjectType({ description: 'The answer to a look-up of many drugs: nothing is dropped.' })
export class DrugLookup {
  @Field(() => [DrugMatch], { description: 'Terms that name one drug.' })
  direct!: DrugMatch[];
  @Field(() => [DrugCandidates], { description: 'Terms that name several.' })
  ambiguous!: DrugCandidates[];
  @Field(() => [String], { description: 'Terms that name none.' })
  noMatch!: string[];
}
