/**
 * How probable each pair is that fits a genotype without phase, from the frequencies of its alleles in a population:
 * Bayes' rule over the pairs that fit, with the pairs' Hardy-Weinberg probabilities as prior (twice the product of the
 * frequencies for two different alleles). None where the tables lack an allele of any of the pairs.
 */
import type { Diplotype, GeneCall } from '../genotypes/call.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

/** Diplotype name -> probability, 0 to 1, adding up to 1 over `diplotypes` and `alsoFit`. */
export function posteriors(knowledge: KnowledgeSnapshot, call: GeneCall, population: string): ReadonlyMap<string, number> | null {
  const frequencies = knowledge.frequencies.get(`${call.gene} ${population}`);
  const candidates: readonly Diplotype[] = [...call.diplotypes, ...call.alsoFit];
  if (!frequencies || candidates.some(({ alleles }) => alleles.length !== 2)) return null;
  const priors = candidates.map(({ alleles: [first = '', second = ''] }) => {
    const product = (frequencies.get(first) ?? Number.NaN) * (frequencies.get(second) ?? Number.NaN);
    return first === second ? product : 2 * product;
  });
  const total = priors.reduce((sum, prior) => sum + prior, 0);
  if (!(total > 0)) return null;
  return new Map(candidates.map(({ alleles }, index) => [alleles.join('/'), (priors[index] as number) / total]));
}

/** The population of the tables that a recorded ancestry names, as `European` in `Southern European`; null where it names none. */
export function populationOf(knowledge: KnowledgeSnapshot, ancestry: string | null): string | null {
  if (ancestry === null) return null;
  const names = [...new Set([...knowledge.frequencies.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))];
  return names.find((name) => ancestry.toLowerCase().includes(name.toLowerCase())) ?? null;
}
