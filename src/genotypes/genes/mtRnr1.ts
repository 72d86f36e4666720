/**
 * MT-RNR1 is mitochondrial: one allele, no pair, and stated by a laboratory (heteroplasmy is not judged from a
 * genotype). Source: CPIC guideline for aminoglycosides (PMID 34032273).
 */
import type { GeneRule } from '../geneRule.ts';

export const mtRnr1: GeneRule = { fromVcf: 'NEVER', copies: 1 };
