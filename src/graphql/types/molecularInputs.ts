/** What is sent of a tumour. */
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import {
  CopyNumberCallEnum,
  SignatureEnum,
  SignatureResultEnum,
  VariantClassificationEnum,
  VariantConsequenceEnum,
  VariantOriginEnum,
} from '../tumourEnums.ts';
import { AboutPatientInput } from './inputs.ts';

@InputType({ description: 'A variant of a tumour: its protein or coding change, or its exon and consequence.' })
export class TumourVariantInput {
  @Field(() => String, { description: 'HGNC symbol of the gene, as in EGFR.' })
  gene!: string;
  @Field(() => String, { nullable: true, description: 'HGVS, as in p.L858R, p.Leu858Arg or p.E746_A750del.' })
  proteinChange?: string | null;
  @Field(() => String, { nullable: true, description: 'HGVS, as in c.2573T>G.' })
  codingChange?: string | null;
  @Field(() => VariantConsequenceEnum, { nullable: true, description: 'Read from the protein change where left out.' })
  consequence?: 'OTHER' | null;
  @Field(() => Int, { nullable: true, description: 'Exon, from 1.' })
  exon?: number | null;
  @Field(() => VariantOriginEnum, { nullable: true, description: 'UNKNOWN where left out.' })
  origin?: 'UNKNOWN' | null;
  @Field(() => VariantClassificationEnum, { nullable: true, description: 'What the laboratory makes of it, where it says so.' })
  classification?: 'UNCERTAIN_SIGNIFICANCE' | null;
  @Field(() => Float, { nullable: true, description: 'Share of reads that carry it, 0 to 1.' })
  alleleFraction?: number | null;
}

@InputType({ description: 'A fusion of two genes, of which one at least is known.' })
export class TumourFusionInput {
  @Field(() => String, { nullable: true, description: "HGNC symbol of the gene at the 5' end." })
  fivePrime?: string | null;
  @Field(() => String, { nullable: true, description: "HGNC symbol of the gene at the 3' end." })
  threePrime?: string | null;
}

@InputType({ description: 'A gene of which the tumour has more or fewer copies.' })
export class TumourCopyNumberInput {
  @Field(() => String, { description: 'HGNC symbol of the gene.' })
  gene!: string;
  @Field(() => CopyNumberCallEnum, { description: 'Which way.' })
  call!: 'GAIN';
  @Field(() => Float, { nullable: true, description: 'Copies, where they were counted.' })
  copies?: number | null;
}

@InputType({ description: 'What was read from the whole of the mutations.' })
export class TumourSignatureInput {
  @Field(() => SignatureEnum, { description: 'Which.' })
  name!: 'MSI';
  @Field(() => SignatureResultEnum, { description: 'How it came out.' })
  result!: 'HIGH';
  @Field(() => Float, { nullable: true, description: 'Of TMB, mutations per megabase.' })
  value?: number | null;
}

@InputType({ description: "An assay's report on a tumour. What was tested and not found counts: name the genes." })
export class ImportMolecularProfileInput extends AboutPatientInput {
  @Field(() => String, { description: 'Name of the assay.' })
  assay!: string;
  @Field(() => String, { nullable: true, description: 'What was tested, as in a biopsy of the liver.' })
  specimen?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Disease Ontology id of the tumour that was sampled, as in DOID:3908: of a patient with several, findings count for it alone.',
  })
  tumour?: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'Id of the report of this patient that this one corrects: that one stays on record and counts no more. A correction without any finding or tested gene takes it back.',
  })
  replaces?: string | null;
  @Field(() => DateTime, { description: 'When the laboratory reported it.' })
  reportedAt!: string;
  @Field(() => [String], { nullable: true, description: 'Genes in which a variant would have been seen.' })
  genesTested?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Genes whose fusions would have been seen.' })
  fusionsTested?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Genes whose copies were counted.' })
  copiesTested?: string[] | null;
  @Field(() => [TumourVariantInput], { nullable: true, description: 'Variants found.' })
  variants?: TumourVariantInput[] | null;
  @Field(() => [TumourFusionInput], { nullable: true, description: 'Fusions found.' })
  fusions?: TumourFusionInput[] | null;
  @Field(() => [TumourCopyNumberInput], { nullable: true, description: 'Changes of copy number found.' })
  copyNumbers?: TumourCopyNumberInput[] | null;
  @Field(() => [TumourSignatureInput], { nullable: true, description: 'Signatures.' })
  signatures?: TumourSignatureInput[] | null;
}
