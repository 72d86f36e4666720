/** A patient's results by gene, and what guidelines advise on them. */
import { Field, Float, ID, ObjectType } from 'type-graphql';
import {
  ActionEnum,
  BasisEnum,
  CallSourceEnum,
  CallStatusEnum,
  ModulatorEffectEnum,
  ModulatorStrengthEnum,
  PositionStateEnum,
  WhyNotReasonEnum,
} from '../enums.ts';
import { DateTime } from '../scalars.ts';
import { Drug, Evidence, EvidencePath, Gene, Guideline } from './knowledgeTypes.ts';

@ObjectType({ description: 'A pair of alleles and what it means.' })
export class Diplotype {
  @Field(() => [String], { description: 'The two alleles.' })
  alleles!: string[];
  @Field(() => String, { nullable: true, description: 'Phenotype in CPIC terms; null where the tables have none.' })
  phenotype!: string | null;
  @Field(() => String, { nullable: true, description: 'Activity score where the gene has one, no unit.' })
  activityScore!: string | null;
  @Field(() => String, { nullable: true, description: 'What guidance is looked up with.' })
  lookupKey!: string | null;
  @Field(() => Float, {
    nullable: true,
    description:
      "How probable this pair is among all that fit, 0 to 1, from allele frequencies in the population that the patient's recorded ancestry names. Null where the tables lack one of the alleles or the ancestry names none.",
  })
  posterior!: number | null;
}

@ObjectType({ description: 'What a file said at one defined position.' })
export class PositionEvidence {
  @Field(() => ID, { description: 'dbSNP reference number, or the place where there is none.' })
  rsid!: string;
  @Field(() => String, { description: 'Place on GRCh38, as in chr10:94942290.' })
  location!: string;
  @Field(() => PositionStateEnum, { description: 'Seen, missing or unreadable.' })
  state!: string;
  @Field(() => String, { nullable: true, description: 'Bases read on the forward strand.' })
  bases!: string | null;
  @Field(() => String, { nullable: true, description: 'Phase set that the bases belong to, where the file names one.' })
  phaseSet!: string | null;
  @Field(() => String, { description: 'The alleles that this position decides.' })
  decides!: string;
}

@ObjectType({ description: 'What a call would be if a position showed these bases.' })
export class CallOutcome {
  @Field(() => String, { description: 'Bases at the position, as in C/T, phase unknown.' })
  bases!: string;
  @Field(() => [String], { description: 'The pairs of alleles that would then fit.' })
  diplotypes!: string[];
  @Field(() => [String], { description: 'The phenotypes that they mean; empty where the tables have none.' })
  phenotypes!: string[];
}

@ObjectType({ description: 'A position that was not read and whose genotype would change the phenotype.' })
export class MissingPosition {
  @Field(() => PositionEvidence, { description: 'The position and what it decides.' })
  position!: PositionEvidence;
  @Field(() => [CallOutcome], { description: 'Every genotype there that would change the phenotype, with the call that would follow.' })
  wouldFollow!: CallOutcome[];
}

@ObjectType({ description: 'A position with the base that an allele would need there.' })
export class NeededBase {
  @Field(() => PositionEvidence, { description: 'The position and what was read.' })
  evidence!: PositionEvidence;
  @Field(() => String, { description: 'Base that the allele needs, or a IUPAC code for several.' })
  needed!: string;
}

@ObjectType({ description: 'Why a call does not name an allele.' })
export class WhyNot {
  @Field(() => String, { description: 'The allele.' })
  allele!: string;
  @Field(() => WhyNotReasonEnum, { description: 'The reason.' })
  reason!: string;
  @Field(() => [NeededBase], { description: 'The positions that decide it.' })
  positions!: NeededBase[];
  @Field(() => String, { description: 'In words.' })
  text!: string;
}

@ObjectType({ description: 'A medication taken now that slows an enzyme or makes more of it.' })
export class Modulator {
  @Field(() => String, { description: 'Generic name of the drug.' })
  drug!: string;
  @Field(() => ModulatorEffectEnum, { description: 'Slows the enzyme or makes more of it.' })
  effect!: string;
  @Field(() => ModulatorStrengthEnum, { description: 'How strongly, as FDA grades it.' })
  strength!: string;
  @Field(() => String, { description: 'Who says so.' })
  source!: string;
}

@ObjectType({ description: 'Something to know about a call.' })
export class CallWarning {
  @Field(() => String, { description: 'Stable code.' })
  code!: string;
  @Field(() => String, { description: 'In words.' })
  message!: string;
}

@ObjectType({ description: "A patient's result for one gene." })
export class DiplotypeCall {
  @Field(() => Gene, { description: 'The gene.' })
  gene!: Gene;
  @Field(() => CallStatusEnum, { description: 'Whether it could be called.' })
  status!: string;
  @Field(() => CallSourceEnum, { description: 'Called here or stated by a laboratory.' })
  source!: string;
  @Field(() => Boolean, { description: 'True where it is known which variants lie on one chromosome.' })
  phased!: boolean;
  @Field(() => [Diplotype], { description: 'Every pair of alleles that fits equally well: several where the data cannot tell.' })
  diplotypes!: Diplotype[];
  @Field(() => [String], {
    description: 'DPYD and RYR1: variants found without knowing on which copy of the gene they are, one that is on both twice. Else empty.',
  })
  variants!: string[];
  @Field(() => [Diplotype], {
    description: 'What phenotype and guidance are looked up with: mostly the diplotypes, for DPYD and RYR1 the worst pair.',
  })
  lookup!: Diplotype[];
  @Field(() => [Diplotype], { description: 'Further pairs that phased data could show; they fit but explain fewer positions.' })
  alsoFit!: Diplotype[];
  @Field(() => String, {
    nullable: true,
    description: 'The phenotype where all pairs of `diplotypes` agree; those of `alsoFit` do not count here.',
  })
  agreedPhenotype!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The phenotype that the enzyme shows under the medications taken now, where a strong or moderate inhibitor or inducer shifts its activity (it can still be the same category). CYP2D6 by the activity score (CPIC); for other enzymes, and for inducers, there is no consensus and this is our reading (docs/adr/0008). Null where nothing shifts it, where an inhibitor and an inducer oppose each other, or where what is possible disagrees. Drugs that the release does not know are not seen: see `unknownMedications`.',
  })
  phenoconvertedPhenotype!: string | null;
  @Field(() => [Modulator], {
    description:
      'The strong and moderate inhibitors and inducers of the enzyme among the medications taken now; empty where your token does not read what is taken.',
  })
  modulators!: Modulator[];
  @Field(() => [PositionEvidence], { description: 'Per position: seen, missing, and what it decides. Empty for a stated result.' })
  evidence!: PositionEvidence[];
  @Field(() => [MissingPosition], {
    nullable: true,
    description:
      'Positions not read whose genotype would change the phenotype: what to test to settle it. Each is tried with every genotype, the others staying as they are; where a gene needs several that are missing, with every genotype of these. Null where the call was made under another release and is not yet made again.',
  })
  wouldChangeIf!: MissingPosition[] | null;
  @Field(() => WhyNot, {
    nullable: true,
    description: 'Why the call does not name an allele. Null for a stated result or an unknown allele.',
  })
  whyNot!: WhyNot | null;
  @Field(() => String, {
    nullable: true,
    description: 'A picture of the call as SVG: the positions along the gene, seen, missing and deciding. Null for a stated result.',
  })
  plotSvg!: string | null;
  @Field(() => [String], { description: 'Positions without a usable genotype: what would settle the call.' })
  missing!: string[];
  @Field(() => [CallWarning], { description: 'What to know before relying on it.' })
  warnings!: CallWarning[];
  @Field(() => DateTime, { description: 'When it was imported.' })
  importedAt!: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the file; null for a stated result.' })
  fileDigest!: string | null;
  @Field(() => String, { description: 'Knowledge release that it was called with.' })
  release!: string;
}

@ObjectType({ description: 'A change of dose, as a share of the usual.' })
export class DoseAdjustment {
  @Field(() => Float, { nullable: true, description: 'Lower bound as a fraction of the usual dose.' })
  factorLow!: number | null;
  @Field(() => Float, { nullable: true, description: 'Upper bound as a fraction of the usual dose.' })
  factorHigh!: number | null;
  @Field(() => String, { nullable: true, description: 'In words.' })
  text!: string | null;
}

@ObjectType({ description: 'What a gene was looked up with.' })
export class MatchedLookup {
  @Field(() => String, { description: 'Symbol of the gene.' })
  gene!: string;
  @Field(() => String, {
    description: 'Phenotype, activity score or allele status that the guideline names; `No Result` for a gene without a result.',
  })
  key!: string;
}

@ObjectType({ description: "What a guideline advises for this patient's genes and one drug." })
export class Recommendation {
  @Field(() => ID, { description: 'Key in the knowledge release.' })
  id!: string;
  @Field(() => Drug, { description: 'The drug.' })
  drug!: Drug;
  @Field(() => Boolean, { description: 'True where the patient takes the drug now.' })
  taken!: boolean;
  @Field(() => ActionEnum, { description: 'What to do.' })
  action!: string;
  @Field(() => String, { description: "Strength of the recommendation, in the guideline's words." })
  classification!: string;
  @Field(() => String, { description: 'For whom: general, an indication or an ancestry.' })
  population!: string;
  @Field(() => Boolean, {
    description:
      'True where every pair of alleles that fits, those of `alsoFit` too, would get the same action and dose: it can be acted on although the pair is open.',
  })
  sameForAllDiplotypes!: boolean;
  @Field(() => BasisEnum, {
    description: 'Whether it follows from the genotype alone or from the phenotype under the medications taken now.',
  })
  basis!: string;
  @Field(() => Boolean, {
    description:
      'True for the one that holds now: where medications shift an enzyme, that is the one that takes them into account, except that an inducer never lifts a caution of the genotype.',
  })
  applies!: boolean;
  @Field(() => [Modulator], { description: 'The medications that shifted it; empty for the genotype alone.' })
  modulators!: Modulator[];
  @Field(() => DoseAdjustment, { nullable: true, description: 'Change of dose where one is given.' })
  dose!: DoseAdjustment | null;
  @Field(() => [Drug], { description: 'Drugs to consider instead.' })
  alternatives!: Drug[];
  @Field(() => [MatchedLookup], { description: 'What the guideline was looked up with, gene by gene.' })
  lookup!: MatchedLookup[];
  @Field(() => [DiplotypeCall], { nullable: true, description: 'The gene results that led to it.' })
  because!: DiplotypeCall[] | null;
  @Field(() => Guideline, { description: 'The guideline.' })
  guideline!: Guideline;
  @Field(() => [Evidence], { description: 'Publications behind it.' })
  evidence!: Evidence[];
  @Field(() => [EvidencePath], { description: "The graph's paths from the patient's variants to the drug." })
  paths!: EvidencePath[];
  @Field(() => String, { description: 'In words.' })
  text!: string;
  @Field(() => String, { description: 'Knowledge release that states it.' })
  release!: string;
}
