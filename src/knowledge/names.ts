import type { Drug, KnowledgeSnapshot } from './snapshot.ts';

/** The answer to a look-up of many names: nothing is dropped silently. */
export interface DrugLookupAnswer {
  readonly direct: readonly { readonly term: string; readonly drug: Drug }[];
  readonly ambiguous: readonly { readonly term: string; readonly drugs: readonly Drug[] }[];
  readonly noMatch: readonly string[];
}

/** Drugs of that generic name, brand name or RxNorm id; letter case does not matter. */
export function drugsNamed(knowledge: KnowledgeSnapshot, term: string): readonly Drug[] {
  const wanted = term.trim().toLowerCase();
  const exact = knowledge.drugByName.get(wanted) ?? knowledge.drugByRxcui.get(wanted);
  if (exact) return [exact];
  return knowledge.drugs.filter((drug) => drug.synonyms.some((synonym) => synonym.toLowerCase() === wanted));
}

export function lookUpDrugs(named: (term: string) => readonly Drug[], terms: readonly string[]): DrugLookupAnswer {
  const found = terms.map((term) => ({ term, drugs: named(term) }));
  return {
    direct: found.flatMap(({ term, drugs }) => (drugs.length === 1 && drugs[0] ? [{ term, drug: drugs[0] }] : [])),
    ambiguous: found.filter(({ drugs }) => drugs.length > 1),
    noMatch: found.filter(({ drugs }) => drugs.length === 0).map(({ term }) => term),
  };
}
