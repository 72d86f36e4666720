/**
 * RYR1: the worst variant on each copy decides (see lowestFunction.ts), one associated with malignant hyperthermia the
 * worst. Bases that no allele is defined by count as reference, so that the known variants still warn.
 * Source: CPIC guideline for volatile anaesthetics and succinylcholine (PMID 30499100); PharmCAT 3.
 */
import type { GeneRule } from '../geneRule.ts';

export const ryr1: GeneRule = {
  strategy: 'LOWEST_FUNCTION',
  undocumentedAsReference: true,
  rank: (allele) => (allele?.function?.includes('Malignant') ? 0 : 1),
};
