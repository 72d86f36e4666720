/** Order of allele names: the reference first, then by the numbers in them, combinations last. Source: CPIC's way of writing a diplotype. */
const REFERENCE = /^(Reference|B \(reference\)|ivacaftor non-responsive CFTR sequence|.* reference \(.*)$/;
const collator = new Intl.Collator('en', { numeric: true });

function rank(name: string): number {
  if (name.startsWith('[')) return 2;
  return REFERENCE.test(name) ? 0 : 1;
}

/** Compares two names of alleles of one gene. */
export function compareAlleles(a: string, b: string): number {
  return rank(a) - rank(b) || collator.compare(a, b);
}

/** `*1/*3` from `*3`, `*1`; one name for a haploid result. */
export function diplotypeOf(alleles: readonly string[]): string {
  return [...alleles].sort(compareAlleles).join('/');
}

/** `c.61C>T` and `c.313G>A` from `[c.61C>T + c.313G>A]`: the alleles on one copy of the gene. */
export function componentsOf(name: string): string[] {
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1).split(' + ') : [name];
}

/** `[*6 + *14]` where there are several on one copy. */
export function combinationOf(components: readonly string[]): string {
  return components.length === 1 ? (components[0] as string) : `[${components.join(' + ')}]`;
}
