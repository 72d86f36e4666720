/** What is special about calling a gene; a gene without a rule is called by matching pairs alone. */
import type { CallWarning } from './call.ts';
import type { CompiledGene } from './compiledGene.ts';
import type { GeneDefinition, NamedAllele } from './definitions.ts';
import type { ApartVariants } from './lowestFunction.ts';
import type { Observation } from './observation.ts';

export interface StatedName {
  readonly name: string;
  /** What was changed in a name as stated, for the reader. */
  readonly note?: string;
}

export interface GeneRule {
  /** NEVER: only stated results count. RESEARCH: from a VCF only where the caller asks for it by name. Default ALWAYS. */
  readonly fromVcf?: 'ALWAYS' | 'RESEARCH' | 'NEVER';
  /** Default PAIRS. */
  readonly strategy?: 'PAIRS' | 'LOWEST_FUNCTION';
  /** How many copies a person has: 1 for a mitochondrial gene, X_LINKED for one in males and two in females. Default 2. */
  readonly copies?: 1 | 2 | 'X_LINKED';
  /** VCF positions without which nothing is called. */
  readonly required?: readonly number[];
  /** A base that no allele is defined by counts as the reference, so that the variants that are known still guide. */
  readonly undocumentedAsReference?: boolean;
  /** Of several unphased diplotypes, the one to report; null where the rule names none. */
  readonly preferUnphased?: (diplotypes: readonly string[]) => string | null;
  /** Alleles that stand for several others and take no part in combinations. */
  readonly isCombined?: (allele: string) => boolean;
  /** The name that an allele is reported by. */
  readonly reportAs?: (allele: string) => string;
  /** Alleles to look guidance up with where no pair of named alleles fits. */
  readonly inferWithoutCall?: (at: (position: number) => Observation | null) => readonly string[] | null;
  /** DPYD's HapB3. */
  readonly apart?: (gene: CompiledGene, warn: (warning: CallWarning) => void) => ApartVariants | null;
  /** LOWEST_FUNCTION: how bad an allele is, the lowest number the worst. */
  readonly rank?: (allele: NamedAllele | undefined) => number;
  /** An allele as stated by a laboratory, in the name that the tables have. */
  readonly stated?: (allele: string) => StatedName;
  /** The name that a stated allele is looked up by. */
  readonly lookUpAs?: (allele: string, definition: GeneDefinition) => string;
  /** How a name of an allele must look, where more than the table's names are possible. */
  readonly allele?: { readonly pattern: RegExp; readonly expected: string };
  /** Allele statuses that guidance is looked up with instead of a phenotype (HLA). */
  readonly statuses?: (alleles: readonly string[]) => readonly string[];
  /** What to know about a call of this gene from a VCF. */
  readonly caution?: (alleles: readonly (readonly string[])[]) => CallWarning | null;
}
