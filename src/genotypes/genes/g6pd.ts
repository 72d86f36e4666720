/**
 * G6PD lies on the X chromosome: a male has one copy and one allele, a female two. Bases that no allele is defined by
 * count as reference: the gene guards against toxicity. Source: CPIC guideline for G6PD (PMID 36049896); PharmCAT.
 */
import type { GeneRule } from '../geneRule.ts';

export const g6pd: GeneRule = { copies: 'X_LINKED', undocumentedAsReference: true };
