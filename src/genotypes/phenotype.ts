import type { GeneDefinition, NamedAllele } from './definitions.ts';

/** A diplotype with what it means. Fields are null where the tables cannot tell, and `problem` says why. */
export interface Diplotype {
  readonly alleles: readonly string[];
  readonly phenotype: string | null;
  /** CPIC activity score, as text; null where the gene has none. */
  readonly activityScore: string | null;
  readonly lookupKey: string | null;
}

export type PhenotypeAnswer = { readonly diplotype: Diplotype } | { readonly problem: string };

/** `*1/*3` from `*3/*1`: alleles in the order of their numbers, as CPIC writes them. */
export function splitDiplotype(text: string): string[] {
  return text
    .split('/')
    .map((allele) => allele.trim())
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** HLA genes are looked up by the presence of a risk allele: `*57:01 positive`. Source: CPIC HLA-B guidelines. */
export function hlaLookupKey(alleles: readonly string[], riskAllele: string): string {
  return `${riskAllele} ${alleles.includes(riskAllele) ? 'positive' : 'negative'}`;
}

function fromRules(definition: GeneDefinition, found: readonly [NamedAllele, NamedAllele]): Diplotype | null {
  const keys = found.map((allele) => allele.key).sort();
  const rule = definition.rules.find((candidate) => {
    const wanted = [...candidate.keys].sort();
    return wanted[0] === keys[0] && wanted[1] === keys[1];
  });
  if (!rule) return null;
  const alleles = found.map((allele) => allele.name);
  return { alleles, phenotype: rule.phenotype, activityScore: rule.activityScore, lookupKey: rule.lookupKey };
}

/**
 * Phenotype, activity score and lookup key of a stated diplotype, by the gene's rules (CPIC: from allele functions
 * or, where the gene has an activity score, from the sum of the activity values).
 */
export function phenotypeOf(definition: GeneDefinition, text: string): PhenotypeAnswer {
  const names = definition.gene.startsWith('HLA-')
    ? text
        .split('/')
        .map((name) => name.trim())
        .sort()
    : splitDiplotype(text);
  const [first, second, ...more] = names;
  if (!first || !second || more.length > 0) {
    return {
      problem: `${definition.gene}: expected two alleles separated by '/', as in ${definition.alleles[0]?.name ?? '*1'}/${definition.alleles[0]?.name ?? '*1'}`,
    };
  }
  if (definition.gene.startsWith('HLA-')) {
    return { diplotype: { alleles: [first, second], phenotype: null, activityScore: null, lookupKey: null } };
  }
  const one = definition.alleles.find((allele) => allele.name === first);
  const two = definition.alleles.find((allele) => allele.name === second);
  if (!one || !two) return { problem: `${definition.gene}: allele ${one ? second : first} is not in the allele table` };
  const diplotype = fromRules(definition, [one, two]);
  if (!diplotype) return { problem: `${definition.gene}: no phenotype rule for ${one.key} with ${two.key}` };
  return { diplotype };
}
