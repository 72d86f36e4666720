/**
 * UGT1A1: *80 (rs887829) and the TA repeat (rs3064744: *28, *36, *37) lie on one copy nearly always, so the tables have
 * *80+*28 and *80+*37 as alleles of their own, which are no combinations to look for.
 * Source: CPIC guideline for atazanavir (PMID 26417955) and its allele table; PharmCAT.
 */
import type { GeneRule } from '../geneRule.ts';

export const ugt1a1: GeneRule = {
  isCombined: (allele) => allele.includes('+'),
  caution: () => ({
    code: 'REPEAT_LENGTH',
    message: 'Some alleles differ only in the length of a TA repeat, which some methods of genotyping misread.',
  }),
};
