/**
 * Recommendations for one person: by the genotype and, where medications taken now shift an enzyme, by the phenotype
 * that results. Both are given; the one that takes the medications into account applies.
 */
import type { GeneCall } from '../genotypes/call.ts';
import { isShifted, type Phenoconversion, phenoconvert } from './phenoconversion.ts';
import { type LookupKeys, lookupKeysOf, openKeysOf, type RecommendedRule, recommendFor } from './recommend.ts';
import type { KnowledgeSnapshot, Modulator } from './snapshot.ts';

export interface Advice extends RecommendedRule {
  readonly basis: 'GENOTYPE' | 'PHENOCONVERTED';
  /** False where another basis holds now. */
  readonly applies: boolean;
  readonly modulators: readonly Modulator[];
}

/** The conversions that change a lookup, by gene. A drug does not count as a modulator of its own guidance. */
function conversions(knowledge: KnowledgeSnapshot, calls: readonly GeneCall[], taken: readonly string[]): Map<string, Phenoconversion> {
  const found = new Map<string, Phenoconversion>();
  for (const call of calls) {
    const converted = phenoconvert(knowledge, call, taken);
    if (converted && isShifted(call, converted)) found.set(call.gene, converted);
  }
  return found;
}

function convertedKeys(keys: LookupKeys, converted: ReadonlyMap<string, Phenoconversion>): LookupKeys {
  const own = [...converted].map(([gene, { lookup }]) => [gene, [...new Set(lookup.flatMap(({ lookupKey }) => lookupKey ?? []))]] as const);
  return new Map([...keys, ...own]);
}

/** Actions, the least cautious first. */
const CAUTION = ['NO_RECOMMENDATION', 'STANDARD', 'INCREASE', 'MONITOR', 'REDUCE', 'ALTERNATIVE', 'AVOID'];

/**
 * True where the phenotype under medications holds and not the genotype. How much an inducer adds to an enzyme is no
 * consensus: it never lifts a caution that the genotype asks for.
 */
function phenotypeHolds(
  population: string,
  byPhenotype: readonly RecommendedRule[],
  byGenotype: readonly RecommendedRule[],
  induced: boolean,
): boolean {
  const caution = (found: readonly RecommendedRule[]) =>
    Math.max(-1, ...found.filter(({ rule }) => rule.population === population).map(({ rule }) => CAUTION.indexOf(rule.action)));
  const own = caution(byPhenotype);
  return own >= 0 && (!induced || own >= caution(byGenotype));
}

/**
 * @param taken generic names of the drugs taken now
 * @param drugs the drugs to advise on, in order
 */
export function advise(
  knowledge: KnowledgeSnapshot,
  calls: readonly GeneCall[],
  taken: readonly string[],
  drugs: readonly string[],
): Advice[] {
  const keys = lookupKeysOf(calls);
  const open = openKeysOf(calls);
  const shared = conversions(knowledge, calls, taken);
  const modulating = new Set([...shared.values()].flatMap(({ modulators }) => modulators.map(({ drug }) => drug)));
  const advised = new Set([...open.keys()].flatMap((gene) => [...(knowledge.drugsByGene.get(gene) ?? [])]));
  return drugs.flatMap((drug) => {
    if (!advised.has(drug)) return [];
    const byGenotype = recommendFor(knowledge, keys, drug, open);
    const others = taken.filter((name) => name !== drug);
    const converted = modulating.has(drug) ? conversions(knowledge, calls, others) : shared;
    const genes = [...converted.keys()].filter((gene) => knowledge.drugsByGene.get(gene)?.has(drug));
    if (genes.length === 0) return byGenotype.map((one) => ({ ...one, basis: 'GENOTYPE' as const, applies: true, modulators: [] }));
    const modulators = genes.flatMap((gene) => converted.get(gene)?.modulators ?? []);
    const byPhenotype = recommendFor(knowledge, convertedKeys(keys, converted), drug, convertedKeys(open, converted));
    const induced = modulators.some(({ effect }) => effect === 'INDUCER');
    const holds = (population: string) => phenotypeHolds(population, byPhenotype, byGenotype, induced);
    return [
      ...byPhenotype.map((one) => ({ ...one, basis: 'PHENOCONVERTED' as const, applies: holds(one.rule.population), modulators })),
      ...byGenotype.map((one) => ({ ...one, basis: 'GENOTYPE' as const, applies: !holds(one.rule.population), modulators: [] })),
    ];
  });
}
