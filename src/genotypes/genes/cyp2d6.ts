/**
 * CYP2D6: gene deletions, duplications and hybrids decide activity and cannot be seen in single variants, so the gene
 * is called from a VCF only for research. Stated results: a sub-allele counts as its core allele (*2.001 as *2), and of
 * the alleles whose copies CPIC counts up to "three or more" more copies are looked up as x≥3. A tandem is written
 * `*36+*10`. Source: CPIC CYP2D6 allele table; PharmCAT, Outside Call Format.
 */
import type { NamedAllele } from '../definitions.ts';
import type { GeneRule } from '../geneRule.ts';

const SUB_ALLELE = /^(\*\d+)\.\d+$/;
const COPIES = /^\*(\d+)x(≥?)(\d+)$/i;

function hasManyCopies(alleles: readonly NamedAllele[], allele: string): boolean {
  return alleles.some(({ name }) => name === `*${allele}x≥3`);
}

export const cyp2d6: GeneRule = {
  fromVcf: 'RESEARCH',
  stated: (allele) => {
    const core = SUB_ALLELE.exec(allele)?.[1];
    return core === undefined
      ? { name: allele }
      : { name: core, note: `${allele} was read as ${core}: sub-alleles have no function of their own` };
  },
  lookUpAs: (allele, { alleles }) => {
    const [, star = '', atLeast = '', copies = ''] = COPIES.exec(allele) ?? [];
    if (star === '' || Number(copies) <= 2 || (atLeast !== '' && copies === '3')) return allele;
    return hasManyCopies(alleles, star) ? `*${star}x≥3` : allele;
  },
  caution: () => ({
    code: 'RESEARCH_ONLY',
    message:
      'Called from single variants only: deletions, duplications and hybrids with CYP2D7, which decide activity, were not looked at. For research only.',
  }),
};
