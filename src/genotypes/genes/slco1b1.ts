/**
 * SLCO1B1: where no pair of star alleles fits, guidance is looked up with rs4149056 alone (c.521T>C: T as *1, C as *5),
 * as the guideline on statins allows; the call itself stays open. *45 is defined by two sub-alleles and reported by its
 * core name. Source: CPIC guideline for statins (PMID 35152405); PharmCAT, Gene Definition Exceptions.
 */
import type { GeneRule } from '../geneRule.ts';

/** GRCh38, chr12. */
const C_521 = 21178615;
const ALLELES: Readonly<Record<string, string>> = { T: '*1', C: '*5' };

export const slco1b1: GeneRule = {
  reportAs: (allele) => allele.replace(/^(\*\d+)\.\d+$/, '$1'),
  inferWithoutCall: (at) => {
    const found = at(C_521)?.bases.map((base) => ALLELES[base ?? '']) ?? [];
    return found.length === 2 && found.every((allele) => allele !== undefined) ? (found as string[]) : null;
  },
};
