import type { GeneDefinition } from '../genotypes/definitions.ts';
import { groupBy } from '../groupBy.ts';
import type { OncologyTables } from './oncology/oncologyTables.ts';

/** Knowledge as one immutable value: what a request reads guidance, interactions and paths from. */
export interface ReleaseInfo {
  readonly name: string;
  /** SHA-256 over the tables' bytes; the release is the same knowledge exactly when this is the same. */
  readonly digest: string;
  readonly sources: readonly SourceInfo[];
}

export interface SourceInfo {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly release: string;
  readonly licence: string;
  readonly url: string;
}

export interface Gene {
  readonly symbol: string;
  readonly name: string;
  readonly chromosome: string;
  readonly hgnc: string;
  readonly description: string;
}

export interface Variant {
  /** dbSNP id, or `chr10:94941915` where dbSNP has none. */
  readonly rsid: string;
  readonly gene: string;
  readonly chromosome: string;
  readonly position: number;
  readonly ref: string;
  /** Documented alternatives, separated by `;`. */
  readonly alt: string;
  /** HGVS names, one for each alternative. */
  readonly hgvs: string;
  /** allele: helps to define alleles. marker: read for guidance only. */
  readonly role: 'allele' | 'marker';
  readonly label: string;
}

export interface Drug {
  readonly name: string;
  readonly rxcui: string;
  readonly synonyms: readonly string[];
  readonly class: string;
}

export interface Guideline {
  readonly id: string;
  readonly title: string;
  readonly genes: readonly string[];
  readonly drugs: readonly string[];
  readonly publisher: string;
  readonly url: string;
  readonly year: string;
  readonly pmid: string;
}

export type RecommendationAction = 'STANDARD' | 'REDUCE' | 'INCREASE' | 'AVOID' | 'ALTERNATIVE' | 'MONITOR' | 'NO_RECOMMENDATION';

export interface GuidanceRule {
  readonly id: string;
  readonly guideline: string;
  readonly drug: string;
  /** For whom: `general`, an indication or an ancestry, as the guideline divides it. */
  readonly population: string;
  /** Gene -> lookup key; all must match. */
  readonly lookup: Readonly<Record<string, string>>;
  readonly classification: string;
  readonly action: RecommendationAction;
  /** Fractions of the usual dose, where the guideline gives them. */
  readonly doseFactorLow: number | null;
  readonly doseFactorHigh: number | null;
  readonly doseText: string | null;
  readonly alternatives: readonly string[];
  readonly text: string;
  readonly pmids: readonly string[];
}

export type InteractionSeverity = 'CONTRAINDICATED' | 'MAJOR' | 'MODERATE' | 'MINOR';

export interface Interaction {
  readonly id: string;
  readonly drugs: readonly [string, string];
  readonly severity: InteractionSeverity;
  readonly mechanism: string;
  readonly effect: string;
  readonly advice: string;
  readonly source: string;
  readonly pmid: string;
  /** Which way the needed dose of the first drug moves while both are taken; null where it does not or is not known. */
  readonly doseDirection: 'UP' | 'DOWN' | null;
}

/** What a published list says of two classes of drugs: MUST_ALERT, contraindicated together; DO_NOT_INTERRUPT, no reason to stop a prescriber. */
export interface InteractionRule {
  readonly rule: string;
  readonly list: 'MUST_ALERT' | 'DO_NOT_INTERRUPT';
  /** The two classes, in words. */
  readonly object: string;
  readonly precipitant: string;
  /** Null where the list does not say it. */
  readonly mechanism: string | null;
  readonly effect: string | null;
  readonly source: string;
  readonly pmid: string;
  /** The drugs of the two classes, by their names in `ruleDrugs`. */
  readonly objects: readonly string[];
  readonly precipitants: readonly string[];
}

/** A drug that an interaction rule names, whether or not the release knows more of it. */
export interface RuleDrug {
  readonly name: string;
  readonly synonyms: readonly string[];
  /** DrugBank id; null where none was read. */
  readonly drugbank: string | null;
}

/** A medication that slows an enzyme or makes more of it, as FDA grades it. */
export interface Modulator {
  readonly gene: string;
  /** Generic name in lower case. */
  readonly drug: string;
  readonly effect: 'INHIBITOR' | 'INDUCER';
  readonly strength: 'STRONG' | 'MODERATE';
  readonly source: string;
}

export interface AlleleFrequency {
  readonly gene: string;
  readonly allele: string;
  /** Biogeographical group as ClinPGx names it. */
  readonly population: string;
  /** Share of chromosomes, 0 to 1. */
  readonly frequency: number;
}

export interface KnowledgeTables {
  readonly release: ReleaseInfo;
  readonly genes: readonly Gene[];
  readonly variants: readonly Variant[];
  readonly definitions: readonly GeneDefinition[];
  readonly drugs: readonly Drug[];
  readonly guidelines: readonly Guideline[];
  readonly rules: readonly GuidanceRule[];
  readonly interactions: readonly Interaction[];
  readonly interactionRules: readonly InteractionRule[];
  readonly ruleDrugs: readonly RuleDrug[];
  readonly modulators: readonly Modulator[];
  readonly alleleFrequencies: readonly AlleleFrequency[];
  readonly oncology: OncologyTables;
}

/** The tables with the indexes that a request needs. */
export interface KnowledgeSnapshot extends KnowledgeTables {
  readonly geneBySymbol: ReadonlyMap<string, Gene>;
  readonly definitionByGene: ReadonlyMap<string, GeneDefinition>;
  readonly variantsByGene: ReadonlyMap<string, readonly Variant[]>;
  readonly drugByName: ReadonlyMap<string, Drug>;
  readonly drugByRxcui: ReadonlyMap<string, Drug>;
  /** Name or synonym in lower case -> the name that interaction rules have for the drug. */
  readonly ruleDrugNamed: ReadonlyMap<string, string>;
  /** Drug as rules name it -> the rules that have it. */
  readonly rulesOfDrug: ReadonlyMap<string, ReadonlySet<InteractionRule>>;
  readonly guidelineById: ReadonlyMap<string, Guideline>;
  readonly rulesByDrug: ReadonlyMap<string, readonly GuidanceRule[]>;
  /** Gene -> the drugs that have guidance on it, in the order of the tables. */
  readonly drugsByGene: ReadonlyMap<string, ReadonlySet<string>>;
  readonly modulatorsByGene: ReadonlyMap<string, readonly Modulator[]>;
  /** `GENE population` -> allele -> frequency. */
  readonly frequencies: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

function drugsByGene(rules: readonly GuidanceRule[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { lookup, drug } of rules) {
    for (const gene of Object.keys(lookup)) found.set(gene, (found.get(gene) ?? new Set()).add(drug));
  }
  return found;
}

function rulesOfDrug(rules: readonly InteractionRule[]): Map<string, Set<InteractionRule>> {
  const found = new Map<string, Set<InteractionRule>>();
  for (const rule of rules)
    for (const drug of [...rule.objects, ...rule.precipitants]) found.set(drug, (found.get(drug) ?? new Set()).add(rule));
  return found;
}

export function indexKnowledge(tables: KnowledgeTables): KnowledgeSnapshot {
  return {
    ...tables,
    geneBySymbol: new Map(tables.genes.map((gene) => [gene.symbol, gene])),
    definitionByGene: new Map(tables.definitions.map((definition) => [definition.gene, definition])),
    variantsByGene: groupBy(tables.variants, ({ gene }) => gene),
    drugByName: new Map(tables.drugs.map((drug) => [drug.name, drug])),
    drugByRxcui: new Map(tables.drugs.filter(({ rxcui }) => rxcui !== '').map((drug) => [drug.rxcui, drug])),
    ruleDrugNamed: new Map(tables.ruleDrugs.flatMap(({ name, synonyms }) => [name, ...synonyms].map((term) => [term, name] as const))),
    rulesOfDrug: rulesOfDrug(tables.interactionRules),
    guidelineById: new Map(tables.guidelines.map((guideline) => [guideline.id, guideline])),
    rulesByDrug: groupBy(tables.rules, (rule) => rule.drug),
    drugsByGene: drugsByGene(tables.rules),
    modulatorsByGene: groupBy(tables.modulators, ({ gene }) => gene),
    frequencies: new Map(
      [...groupBy(tables.alleleFrequencies, ({ gene, population }) => `${gene} ${population}`)].map(([key, rows]) => [
        key,
        new Map(rows.map(({ allele, frequency }) => [allele, frequency])),
      ]),
    ),
  };
}
