/** What laboratories found in a patient's tumours. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import {
  CopyNumberCallEnum,
  SignatureEnum,
  SignatureResultEnum,
  VariantClassificationEnum,
  VariantConsequenceEnum,
  VariantOriginEnum,
} from '../tumourEnums.ts';

@ObjectType({ description: 'A variant of a tumour.' })
export class TumourVariant {
  @Field(() => ID, { description: 'Key of the finding.' })
  id!: string;
  @Field(() => String, { description: 'HGNC symbol of the gene.' })
  gene!: string;
  @Field(() => String, { nullable: true, description: 'HGVS in one-letter codes, as in L858R.' })
  proteinChange!: string | null;
  @Field(() => String, { nullable: true, description: 'HGVS, as in c.2573T>G.' })
  codingChange!: string | null;
  @Field(() => VariantConsequenceEnum, { nullable: true, description: 'What it does to the protein; null where it cannot be told.' })
  consequence!: string | null;
  @Field(() => Int, { nullable: true, description: 'Exon as reported.' })
  exon!: number | null;
  @Field(() => VariantOriginEnum, { description: 'Whether it is of the tumour alone.' })
  origin!: string;
  @Field(() => VariantClassificationEnum, {
    nullable: true,
    description: 'What the laboratory makes of it; null where the report does not say.',
  })
  classification!: string | null;
  @Field(() => Float, { nullable: true, description: 'Share of reads that carry it, 0 to 1.' })
  alleleFraction!: number | null;
}

@ObjectType({ description: 'A fusion of two genes.' })
export class TumourFusion {
  @Field(() => ID, { description: 'Key of the finding.' })
  id!: string;
  @Field(() => String, { nullable: true, description: "Gene at the 5' end; null where it is not known." })
  fivePrime!: string | null;
  @Field(() => String, { nullable: true, description: "Gene at the 3' end; null where it is not known." })
  threePrime!: string | null;
}

@ObjectType({ description: 'A change of copy number.' })
export class TumourCopyNumber {
  @Field(() => ID, { description: 'Key of the finding.' })
  id!: string;
  @Field(() => String, { description: 'HGNC symbol of the gene.' })
  gene!: string;
  @Field(() => CopyNumberCallEnum, { description: 'Which way.' })
  call!: string;
  @Field(() => Float, { nullable: true, description: 'Copies, where they were counted.' })
  copies!: number | null;
}

@ObjectType({ description: 'What was read from the whole of the mutations.' })
export class TumourSignatureFinding {
  @Field(() => ID, { description: 'Key of the finding.' })
  id!: string;
  @Field(() => SignatureEnum, { description: 'Which.' })
  name!: string;
  @Field(() => SignatureResultEnum, { description: 'How it came out.' })
  result!: string;
  @Field(() => Float, { nullable: true, description: 'Of TMB, mutations per megabase.' })
  value!: number | null;
}

@ObjectType({ description: "An assay's report on a tumour." })
export class MolecularReport {
  @Field(() => ID, { description: 'Key of the report.' })
  id!: string;
  @Field(() => String, { description: 'Name of the assay.' })
  assay!: string;
  @Field(() => String, { nullable: true, description: 'What was tested.' })
  specimen!: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Disease Ontology id of the tumour that was sampled; null where the report does not say.',
  })
  tumour!: string | null;
  @Field(() => ID, { nullable: true, description: 'Report that this one corrects.' })
  replaces!: string | null;
  @Field(() => ID, { nullable: true, description: 'Report that corrects this one: then this one counts no more. Null where it stands.' })
  replacedBy!: string | null;
  @Field(() => DateTime, { description: 'When the laboratory reported it.' })
  reportedAt!: string;
  @Field(() => [String], {
    nullable: true,
    description: 'Genes in which a variant would have been seen; null where the report does not say.',
  })
  genesTested!: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Genes whose fusions would have been seen.' })
  fusionsTested!: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Genes whose copies were counted.' })
  copiesTested!: string[] | null;
  @Field(() => [TumourVariant], { description: 'Variants found.' })
  variants!: TumourVariant[];
  @Field(() => [TumourFusion], { description: 'Fusions found.' })
  fusions!: TumourFusion[];
  @Field(() => [TumourCopyNumber], { description: 'Changes of copy number found.' })
  copyNumbers!: TumourCopyNumber[];
  @Field(() => [TumourSignatureFinding], { description: 'Signatures.' })
  signatures!: TumourSignatureFinding[];
}
