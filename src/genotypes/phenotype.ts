/**
 * From alleles to phenotype, activity score and lookup key, by the gene's rules (CPIC: from allele functions or, where
 * the gene has an activity score, from the activity values).
 */
import { compareAlleles } from './alleleNames.ts';
import type { Diplotype } from './call.ts';
import type { GeneDefinition, NamedAllele, PhenotypeRule } from './definitions.ts';
import { ruleOf } from './genes/index.ts';

export type PhenotypeAnswer = { readonly diplotype: Diplotype } | { readonly problem: string };

export interface PhenotypeTable {
  readonly alleles: ReadonlyMap<string, NamedAllele>;
  readonly rules: ReadonlyMap<string, PhenotypeRule>;
  /** The key of an allele without one: CPIC's `n/a` in genes with an activity score, else null. */
  readonly unknownKey: string | null;
}

const tables = new WeakMap<GeneDefinition, PhenotypeTable>();

/** The rules by key pair and the alleles by name; made once for a definition. */
export function phenotypeTable(definition: GeneDefinition): PhenotypeTable {
  let table = tables.get(definition);
  if (!table) {
    table = {
      alleles: new Map(definition.alleles.map((allele) => [allele.name, allele])),
      rules: new Map(definition.rules.map((rule) => [[...rule.keys].sort().join('\t'), rule])),
      unknownKey: definition.rules.some(({ keys }) => keys.includes('n/a')) ? 'n/a' : null,
    };
    tables.set(definition, table);
  }
  return table;
}

/** What alleles mean; the fields are null where an allele or the combination of functions has no entry. */
export function interpret(definition: GeneDefinition, alleles: readonly string[]): Diplotype {
  const { alleles: known, rules, unknownKey } = phenotypeTable(definition);
  const { lookUpAs } = ruleOf(definition.gene);
  const keys = alleles.map((name) => known.get(lookUpAs ? lookUpAs(name, definition) : name)?.key ?? unknownKey);
  const rule = keys.includes(null) ? undefined : rules.get([...keys].sort().join('\t'));
  return {
    alleles,
    phenotype: rule?.phenotype ?? null,
    activityScore: rule?.activityScore ?? null,
    lookupKey: rule?.lookupKey ?? null,
  };
}

/** Diplotypes by allele status, for genes that guidance asks so about; else the diplotype itself. */
export function lookupsOf(definition: GeneDefinition, alleles: readonly string[]): Diplotype[] {
  const statuses = ruleOf(definition.gene).statuses?.(alleles);
  if (!statuses) return [interpret(definition, alleles)];
  return statuses.map((status) => ({ alleles, phenotype: status, activityScore: null, lookupKey: status }));
}

/** The alleles of `*3/*1`, in the order of their numbers. */
export function splitDiplotype(text: string): string[] {
  return text
    .split('/')
    .map((allele) => allele.trim())
    .sort(compareAlleles);
}

/** Whether a gene takes so many alleles, and how to say it if not. */
function wrongNumber({ gene, alleles }: GeneDefinition, names: readonly string[]): string | null {
  const copies = ruleOf(gene).copies ?? 2;
  const reference = alleles[0]?.name ?? '*1';
  if (names.length === 1 && names[0] !== '' && copies !== 2) return null;
  if (copies === 1) return `${gene}: expected one allele, as in ${reference}`;
  if (names.length === 2 && !names.includes('')) return null;
  return `${gene}: expected two alleles separated by '/', as in ${reference}/${reference}`;
}

/** What a stated diplotype means. A problem where an allele is not in the tables or the number of alleles is wrong. */
export function phenotypeOf(definition: GeneDefinition, text: string): PhenotypeAnswer {
  const { stated, statuses } = ruleOf(definition.gene);
  const names = splitDiplotype(text).map((name) => stated?.(name).name ?? name);
  const problem = wrongNumber(definition, names);
  if (problem !== null) return { problem };
  if (statuses) return { diplotype: { alleles: names, phenotype: null, activityScore: null, lookupKey: null } };
  const { alleles } = phenotypeTable(definition);
  const { lookUpAs } = ruleOf(definition.gene);
  const unknown = names.find((name) => !alleles.has(lookUpAs ? lookUpAs(name, definition) : name));
  if (unknown !== undefined) return { problem: `${definition.gene}: allele ${unknown.slice(0, 80)} is not in the allele table` };
  return { diplotype: interpret(definition, names) };
}
