/**
 * CFTR: the table has only variants that respond to ivacaftor; its reference allele is `ivacaftor non-responsive CFTR
 * sequence` and stands for every other sequence, disease-causing ones included. A reference result is no exclusion of
 * cystic fibrosis. Source: CPIC guideline for ivacaftor (PMID 24598717) and its allele table.
 */
import type { GeneRule } from '../geneRule.ts';

const REFERENCE = 'ivacaftor non-responsive CFTR sequence';

export const cftr: GeneRule = {
  caution: (diplotypes) =>
    diplotypes.some((alleles) => alleles.includes(REFERENCE))
      ? {
          code: 'NOT_ALL_VARIANTS',
          message:
            'Only variants that respond to ivacaftor are in the table: other CFTR variants, also those that cause disease, show as the reference.',
        }
      : null,
};
