/**
 * HLA-A and HLA-B are stated by a laboratory and never called from single variants. Guidance asks for the presence of a
 * risk allele, on any copy: `*57:01 positive`. Names beyond two fields count as their two-field name (*57:01:01 as
 * *57:01). Source: CPIC guidelines for abacavir (PMID 24561393), allopurinol (26094938), carbamazepine and
 * oxcarbazepine (29392710), phenytoin (32779747).
 */
import type { GeneRule } from '../geneRule.ts';

const LONGER = /^(\*\d+:\d+)((:\d+)+[A-Z]?|[GP])$/;
/** Two fields at least: fewer do not tell a risk allele from others. */
const ALLELE = { pattern: /^\*\d{2,4}:\d{2,4}[A-Z]?$/, expected: 'two fields at least, as in *57:01' };

function rule(letter: string, riskAlleles: readonly string[]): GeneRule {
  return {
    fromVcf: 'NEVER',
    allele: ALLELE,
    stated: (allele) => {
      const starred = allele.startsWith(`${letter}*`) ? allele.slice(1) : allele;
      const name = LONGER.exec(starred)?.[1] ?? starred;
      return name === allele ? { name } : { name, note: `${allele} was read as ${name}` };
    },
    statuses: (alleles) => riskAlleles.map((risk) => `${risk} ${alleles.includes(risk) ? 'positive' : 'negative'}`),
  };
}

export const hlaA = rule('A', ['*31:01']);
export const hlaB = rule('B', ['*15:02', '*57:01', '*58:01']);
