/**
 * Guidance for a set of gene results: pure. A rule speaks when every gene of its lookup has exactly the key that it
 * names; a gene without a result has the key `No Result` (CPIC's convention for guidelines on several genes).
 */
import type { GeneCall } from '../genotypes/call.ts';
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

export function lookupKeysOf(calls: readonly GeneCall[]): LookupKeys {
  const keys = calls.map(({ gene, lookup }) => [gene, [...new Set(lookup.flatMap(({ lookupKey }) => lookupKey ?? []))]] as const);
  return new Map(keys.filter(([, own]) => own.length > 0));
}

/** True where every gene of the rule has its key. A rule that matches only by genes without a result says nothing about this patient. */
function speaks({ lookup }: GuidanceRule, keys: LookupKeys): boolean {
  let known = false;
  for (const gene in lookup) {
    const own = keys.get(gene);
    const wanted = lookup[gene] ?? '';
    if (own === undefined ? wanted !== NO_RESULT : !own.includes(wanted)) return false;
    known ||= own !== undefined;
  }
  return known;
}

/** CPIC's warfarin guideline divides by ancestry; all other populations are indications, which a reader must choose. */
const AFRICAN_ANCESTRY = 'African ancestry';
const OTHER_ANCESTRY = 'not of African ancestry';

/** False for guidance made for people whom the recorded race says this patient is not; unknown race excludes nothing. */
export function populationFits(population: string, race: string): boolean {
  if (population === AFRICAN_ANCESTRY) return race === 'BLACK' || race === 'UNKNOWN';
  return population !== OTHER_ANCESTRY || race !== 'BLACK';
}

/** True where every combination of the keys that are open has a rule in this population, and all rules advise the same action. */
function sameForAll(rule: GuidanceRule, peers: readonly GuidanceRule[], keys: LookupKeys): boolean {
  const combinations = Object.keys(rule.lookup).reduce((product, gene) => product * (keys.get(gene)?.length ?? 1), 1);
  return peers.length >= combinations && peers.every(({ action }) => action === rule.action);
}

/** The recommendations for one drug, in the order of the tables. */
export function recommendFor(knowledge: KnowledgeSnapshot, keys: LookupKeys, drug: string): RecommendedRule[] {
  const matched = (knowledge.rulesByDrug.get(drug) ?? []).filter((rule) => speaks(rule, keys));
  return matched.map((rule) => {
    const peers = matched.filter((other) => other.population === rule.population);
    return { rule, lookup: rule.lookup, sameForAllDiplotypes: sameForAll(rule, peers, keys) };
  });
}

/**
 * The recommendations for the drugs named (all drugs with guidance where none are), in the order of the tables.
 * @param keys lookup keys by gene, from `lookupKeysOf` or as given by a caller
 */
export function recommend(knowledge: KnowledgeSnapshot, keys: LookupKeys, drugs?: readonly string[]): RecommendedRule[] {
  const advised = new Set([...keys.keys()].flatMap((gene) => [...(knowledge.drugsByGene.get(gene) ?? [])]));
  const names = (drugs ?? [...knowledge.rulesByDrug.keys()]).filter((name) => advised.has(name));
  return names.flatMap((name) => recommendFor(knowledge, keys, name));
}
