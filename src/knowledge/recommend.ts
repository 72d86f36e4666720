/**
 * Guidance for a set of gene results: pure. A rule speaks when every gene of its lookup has exactly the key that it
 * names; a gene without a result has the key `No Result` (CPIC's convention for guidelines on several genes).
 */
import type { GeneCall } from '../genotypes/call.ts';
import { hlaLookupKey } from '../genotypes/phenotype.ts';
import type { GuidanceRule, KnowledgeSnapshot } from './snapshot.ts';

export const NO_RESULT = 'No Result';

/** Gene -> the keys that it may be looked up with: several where the call leaves several diplotypes open. */
export type LookupKeys = ReadonlyMap<string, readonly string[]>;

export interface RecommendedRule {
  readonly rule: GuidanceRule;
  /** The keys that matched, by gene. */
  readonly lookup: Readonly<Record<string, string>>;
  /** False where another diplotype that also fits would get another action. */
  readonly sameForAllDiplotypes: boolean;
}

/** The HLA statuses that the guidance asks for, from the alleles a patient carries. */
function hlaKeys(knowledge: KnowledgeSnapshot, call: GeneCall): string[] {
  const statuses = new Set(knowledge.rules.flatMap((rule) => rule.lookup[call.gene] ?? []));
  const riskAlleles = new Set([...statuses].map((status) => status.split(' ')[0] ?? '').filter((allele) => allele.startsWith('*')));
  return call.diplotypes.flatMap(({ alleles }) => [...riskAlleles].map((allele) => hlaLookupKey(alleles, allele)));
}

export function lookupKeysOf(knowledge: KnowledgeSnapshot, calls: readonly GeneCall[]): LookupKeys {
  return new Map(
    calls
      .filter((call) => call.status === 'CALLED')
      .map((call) => {
        if (call.gene.startsWith('HLA-')) return [call.gene, hlaKeys(knowledge, call)] as const;
        return [call.gene, [...new Set(call.diplotypes.flatMap(({ lookupKey }) => lookupKey ?? []))]] as const;
      }),
  );
}

function matches(rule: GuidanceRule, keys: LookupKeys): boolean {
  return Object.entries(rule.lookup).every(([gene, wanted]) => (keys.get(gene) ?? [NO_RESULT]).includes(wanted));
}

/** A rule that matches only because nothing is known about any of its genes says nothing about this patient. */
function hasResult(rule: GuidanceRule, keys: LookupKeys): boolean {
  return Object.keys(rule.lookup).some((gene) => keys.has(gene));
}

/** CPIC's warfarin guideline divides by ancestry; all other populations are indications, which a reader must choose. */
const AFRICAN_ANCESTRY = 'African ancestry';
const OTHER_ANCESTRY = 'not of African ancestry';

/** False for guidance made for people whom the recorded race says this patient is not; unknown race excludes nothing. */
export function populationFits(population: string, race: string): boolean {
  if (population === AFRICAN_ANCESTRY) return race === 'BLACK' || race === 'UNKNOWN';
  return population !== OTHER_ANCESTRY || race !== 'BLACK';
}

/**
 * The recommendations for the drugs named (all drugs with guidance where none are), in the order of the tables.
 * @param keys lookup keys by gene, from `lookupKeysOf` or as given by a caller
 */
export function recommend(knowledge: KnowledgeSnapshot, keys: LookupKeys, drugs?: readonly string[]): RecommendedRule[] {
  const names = drugs ?? [...knowledge.rulesByDrug.keys()];
  return names.flatMap((name) => {
    const matched = (knowledge.rulesByDrug.get(name) ?? []).filter((rule) => matches(rule, keys) && hasResult(rule, keys));
    return matched.map((rule) => {
      const peers = matched.filter((other) => other.population === rule.population);
      return { rule, lookup: rule.lookup, sameForAllDiplotypes: peers.every((other) => other.action === rule.action) };
    });
  });
}
