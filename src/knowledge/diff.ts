/** What changed between two knowledge releases: every fact that is new, gone or different. Pure. */
import type { GeneDefinition, NamedAllele, Position } from '../genotypes/definitions.ts';
import type { KnowledgeTables } from './snapshot.ts';

export const FACT_KINDS = [
  'GENE',
  'POSITION',
  'ALLELE',
  'PHENOTYPE_RULE',
  'DRUG',
  'GUIDELINE',
  'RECOMMENDATION',
  'INTERACTION',
  'INTERACTION_RULE',
  'MODULATOR',
  'ALLELE_FREQUENCY',
  'TUMOUR',
  'TUMOUR_EVIDENCE',
  'DRUG_CAUTION',
  'REGIMEN',
] as const;

export interface FactChange {
  readonly kind: (typeof FACT_KINDS)[number];
  /** What the fact is about, as in `CYP2C9 *2` or `clopidogrel (NVI) CYP2C19=Poor Metabolizer`. */
  readonly key: string;
  /** In words; null where the fact is new. */
  readonly before: string | null;
  /** In words; null where it is gone. */
  readonly after: string | null;
}

type Facts = Map<string, string>;

/** Fields in words, empty ones left out. */
function words(fact: object): string {
  return Object.entries(fact)
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join('; ');
}

function ofGene<T>(
  { definitions }: KnowledgeTables,
  pick: (definition: GeneDefinition) => readonly T[],
  fact: (gene: string, item: T) => [string, string],
): Facts {
  return new Map(definitions.flatMap((definition) => pick(definition).map((item) => fact(definition.gene, item))));
}

function alleleWords({ function: effect, activity, key, defining }: NamedAllele): string {
  return words({ function: effect, activity, key, bases: [...(defining ?? [])].map(([position, base]) => `${position}:${base}`) });
}

function positionWords({ ref, alts, hgvs }: Position): string {
  return words({ ref, alts, hgvs });
}

const listed = <T>(items: readonly T[], fact: (item: T) => [string, string]): Facts => new Map(items.map(fact));

function lookupWords(lookup: Readonly<Record<string, string>>): string {
  return Object.entries(lookup)
    .map(([gene, key]) => `${gene}=${key}`)
    .join(', ');
}

/** The facts of each kind, by what they are about. Ids of rows are names, not facts: they are left out. */
const FACTS: Readonly<Record<FactChange['kind'], (tables: KnowledgeTables) => Facts>> = {
  GENE: ({ genes }) => listed(genes, ({ symbol, ...gene }) => [symbol, words(gene)]),
  POSITION: (tables) =>
    ofGene(
      tables,
      ({ positions }) => positions,
      (gene, one) => [`${gene} ${one.chromosome}:${one.position}`, positionWords(one)],
    ),
  ALLELE: (tables) =>
    ofGene(
      tables,
      ({ alleles }) => alleles,
      (gene, one) => [`${gene} ${one.name}`, alleleWords(one)],
    ),
  PHENOTYPE_RULE: (tables) =>
    ofGene(
      tables,
      ({ rules }) => rules,
      (gene, { keys, ...rule }) => [`${gene} ${[...keys].sort().join(' with ')}`, words(rule)],
    ),
  DRUG: ({ drugs }) => listed(drugs, ({ name, ...drug }) => [name, words(drug)]),
  GUIDELINE: ({ guidelines }) => listed(guidelines, ({ id, ...guideline }) => [id, words(guideline)]),
  RECOMMENDATION: ({ rules }) =>
    listed(rules, ({ id: _id, drug, population, lookup, ...rule }) => [`${drug} (${population}) ${lookupWords(lookup)}`, words(rule)]),
  INTERACTION: ({ interactions }) => listed(interactions, ({ id: _id, drugs, ...one }) => [[...drugs].sort().join(' with '), words(one)]),
  INTERACTION_RULE: ({ interactionRules }) =>
    listed(interactionRules, ({ rule, objects, precipitants, ...one }) => [
      rule,
      words({ ...one, objects: objects.join(', '), precipitants: precipitants.join(', ') }),
    ]),
  MODULATOR: ({ modulators }) => listed(modulators, ({ gene, drug, effect, strength }) => [`${gene} ${drug}`, words({ effect, strength })]),
  ALLELE_FREQUENCY: ({ alleleFrequencies }) =>
    listed(alleleFrequencies, ({ gene, allele, population, frequency }) => [`${gene} ${allele} (${population})`, String(frequency)]),
  TUMOUR: ({ oncology }) => listed(oncology.tumours, ({ id, ...tumour }) => [id, words(tumour)]),
  TUMOUR_EVIDENCE: ({ oncology }) => listed(oncology.evidence, ({ id, ...item }) => [id, words(item)]),
  DRUG_CAUTION: ({ oncology }) => listed(oncology.cautions, ({ id, ...caution }) => [id, words(caution)]),
  REGIMEN: ({ oncology }) => listed(oncology.regimens, ({ name, drugs }) => [name, drugs.join(', ')]),
};

/** Every change, by kind and then by key. */
export function diffKnowledge(before: KnowledgeTables, after: KnowledgeTables): FactChange[] {
  return FACT_KINDS.flatMap((kind) => {
    const [was, is] = [FACTS[kind](before), FACTS[kind](after)];
    return [...new Set([...was.keys(), ...is.keys()])]
      .filter((key) => was.get(key) !== is.get(key))
      .sort()
      .map((key) => ({ kind, key, before: was.get(key) ?? null, after: is.get(key) ?? null }));
  });
}
