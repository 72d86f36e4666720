/** A gene's definition from the rows of the tables, whether they come from files or from the graph. */
import type { GeneDefinition, NamedAllele, PhenotypeRule, Position } from '../genotypes/definitions.ts';
import type { Variant } from './snapshot.ts';

/** reference: the allele of the reference genome. variant: defined by bases. stated: never called from bases. */
export const ALLELE_KINDS = ['reference', 'variant', 'stated'] as const;

export interface AlleleRow {
  readonly gene: string;
  readonly name: string;
  readonly function: string | null;
  readonly activity: string | null;
  readonly key: string | null;
  readonly kind: (typeof ALLELE_KINDS)[number];
  /** VCF position and base (or IUPAC code). */
  readonly defining: readonly (readonly [number, string])[];
}

export interface RuleRow extends PhenotypeRule {
  readonly gene: string;
}

function positionOf({ rsid, chromosome, position, ref, alt, hgvs }: Variant): Position {
  return { rsid, chromosome, position, ref, alts: alt.split(';'), hgvs: hgvs.split(';').map((name) => name.slice(name.indexOf(':') + 1)) };
}

function alleleOf({ gene: _gene, kind, defining, ...allele }: AlleleRow): NamedAllele {
  return { ...allele, defining: kind === 'stated' ? null : new Map(defining) };
}

export function definitionsOf(
  genes: readonly string[],
  variants: readonly Variant[],
  alleles: readonly AlleleRow[],
  rules: readonly RuleRow[],
): GeneDefinition[] {
  const of = <T extends { readonly gene: string }>(rows: readonly T[]) => {
    const groups = new Map<string, T[]>(genes.map((gene) => [gene, []]));
    for (const row of rows) groups.get(row.gene)?.push(row);
    return groups;
  };
  const [variantsOf, allelesOf, rulesOf] = [of(variants), of(alleles), of(rules)];
  return genes.map((gene) => ({
    gene,
    positions: (variantsOf.get(gene) ?? []).filter(({ role }) => role === 'allele').map(positionOf),
    markers: (variantsOf.get(gene) ?? []).filter(({ role }) => role === 'marker').map(positionOf),
    alleles: (allelesOf.get(gene) ?? []).map(alleleOf),
    rules: (rulesOf.get(gene) ?? []).map(({ gene: _gene, ...rule }) => rule),
  }));
}
