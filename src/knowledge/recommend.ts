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
  /** False where another diplotype that fits, or cannot be ruled out without phase, would get another action or dose. */
  readonly sameForAllDiplotypes: boolean;
}

export function lookupKeysOf(calls: readonly GeneCall[]): LookupKeys {
  const keys = calls.map(({ gene, lookup }) => [gene, [...new Set(lookup.flatMap(({ lookupKey }) => lookupKey ?? []))]] as const);
  return new Map(keys.filter(([, own]) => own.length > 0));
}

/** The same with the pairs that cannot be ruled out without phase; `null` stands for a result that nothing is looked up with. */
export function openKeysOf(calls: readonly GeneCall[]): LookupKeys {
  const all = calls.map(
    ({ gene, lookup, alsoFit }) => [gene, [...new Set([...lookup, ...alsoFit].map(({ lookupKey }) => lookupKey ?? 'null'))]] as const,
  );
  return new Map(all.filter(([, own]) => own.some((key) => key !== 'null')));
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

const ADULT_YEARS = 18;

/** Full years between two dates, YYYY-MM-DD or longer. */
function yearsBetween(birth: string, at: string): number {
  const years = Number(at.slice(0, 4)) - Number(birth.slice(0, 4));
  return at.slice(5, 10) < birth.slice(5, 10) ? years - 1 : years;
}

/**
 * False for guidance made for people whom the record says this patient is not, by race or age; what is not recorded
 * excludes nothing. Indications are for the reader to choose.
 * @param at instant at which the age counts
 */
export function populationFits(
  population: string,
  { race, birthDate }: { readonly race: string; readonly birthDate: string | null },
  at: string,
): boolean {
  const adult = birthDate === null ? null : yearsBetween(birthDate, at) >= ADULT_YEARS;
  if (population === 'pediatrics') return adult !== true;
  if (population === 'adults') return adult !== false;
  if (population === AFRICAN_ANCESTRY) return race === 'BLACK' || race === 'UNKNOWN';
  return population !== OTHER_ANCESTRY || race !== 'BLACK';
}

const whatToDo = ({ action, doseFactorLow, doseFactorHigh, doseText, text }: GuidanceRule) =>
  JSON.stringify([action, doseFactorLow, doseFactorHigh, doseText === null ? null : text]);

const STATUS = / (positive|negative)$/;

/** How many keys of a gene stand in the place of one: of allele statuses (`*57:01 positive`) only those of the same allele. */
function alternatives(own: readonly string[] | undefined, key: string): number {
  if (own === undefined) return 1;
  const allele = key.replace(STATUS, '');
  return allele === key ? own.length : own.filter((other) => other.replace(STATUS, '') === allele).length;
}

/** True where every combination of the keys that are open has a rule in this population, and all rules advise the same action and dose. */
function sameForAll(rule: GuidanceRule, possible: readonly GuidanceRule[], open: LookupKeys): boolean {
  const peers = possible.filter((other) => other.population === rule.population);
  const combinations = Object.entries(rule.lookup).reduce((product, [gene, key]) => product * alternatives(open.get(gene), key), 1);
  if (combinations === 1) return true;
  return peers.length >= combinations && peers.every((other) => whatToDo(other) === whatToDo(rule));
}

/** The recommendations for one drug, in the order of the tables; several keys with the same advice give one. */
export function recommendFor(knowledge: KnowledgeSnapshot, keys: LookupKeys, drug: string, open: LookupKeys = keys): RecommendedRule[] {
  const rules = knowledge.rulesByDrug.get(drug) ?? [];
  const possible = rules.filter((rule) => speaks(rule, open));
  if (possible.length === 0) return [];
  const told = new Set<string>();
  return possible
    .filter((rule) => open === keys || speaks(rule, keys))
    .filter(({ population, classification, action, text }) => {
      const words = [population, classification, action, text].join('\n');
      return !told.has(words) && told.add(words);
    })
    .map((rule) => ({ rule, lookup: rule.lookup, sameForAllDiplotypes: sameForAll(rule, possible, open) }));
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
