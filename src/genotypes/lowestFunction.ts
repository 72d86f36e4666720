/**
 * Genes in which every variant is an allele of its own and the worst one on each copy decides (DPYD, RYR1). Phased, or
 * in phase sets: all variants of each copy are named. Unphased: the variants are listed without saying which copy they
 * are on, one that is certainly on both twice. Source: PharmCAT, Gene Definition Exceptions (DPYD), and CPIC's
 * guideline on DPYD and fluoropyrimidines (PMID 29152729).
 */
import { combinationOf, compareAlleles, componentsOf, diplotypeOf } from './alleleNames.ts';
import { contentsOf } from './combinations.ts';
import type { CompiledGene, DefinedAllele } from './compiledGene.ts';
import { fulfils } from './definitions.ts';
import { matchPairs } from './matchPairs.ts';
import { copiesOf, MAX_WAYS, type Sequence, waysToLie } from './sequences.ts';
import { isEffectivelyPhased, type Strands } from './strands.ts';

/** Variants of a gene that are judged together, apart from the others (DPYD's HapB3). */
export interface ApartVariants {
  readonly positions: ReadonlySet<number>;
  /** The allele that they make on a copy; null for none. */
  onCopy(copy: Sequence): string | null;
  /** The alleles that they make where copies cannot be told apart, one entry for each copy. */
  unphased(strands: Strands): readonly string[];
}

export type LowestFunctionCall =
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly string[])[] }
  | { readonly kind: 'list'; readonly alleles: readonly string[]; readonly tooManyWays: boolean };

export interface LowestFunctionGene {
  readonly whole: CompiledGene;
  /** Without the alleles that `apart` makes; the same as `whole` where there are none. */
  readonly rest: CompiledGene;
  readonly apart: ApartVariants | null;
}

function pairsOnCopies({ rest, apart }: LowestFunctionGene, strands: Strands): string[][] {
  const reference = rest.alleles[0]?.name ?? '';
  // As PharmCAT, which looks for no partial alleles here; the call carries GENOTYPE_MISSING.
  const ignoring = { unreadIsSilent: true, ...(apart ? { ignoring: apart.positions } : {}) };
  const named = (copy: Sequence): string[] => {
    const own = apart?.onCopy(copy) ?? null;
    return contentsOf(rest, copy, ignoring).map(({ names }) => {
      if (own === null) return combinationOf(names);
      return combinationOf([own, ...names.filter((name) => name !== reference)].sort(compareAlleles));
    });
  };
  const found = new Map<string, string[]>();
  for (const [first, second] of copiesOf(strands)) {
    for (const one of named(first)) {
      const alleles = second ? named(second).map((two) => [one, two]) : [[one]];
      for (const pair of alleles) found.set(diplotypeOf(pair), pair.sort(compareAlleles));
    }
  }
  return [...found.values()];
}

interface Place {
  /** True where both copies have the allele's bases. */
  readonly onBoth: boolean;
  readonly blocks: number;
}

/** Whether an allele's own bases can lie on one copy, and where; null where they cannot. */
function placeOf(gene: CompiledGene, strands: Strands, cells: ReadonlyMap<number, string>): Place | null {
  const at = (index: number, side: 0 | 1) => strands.observations[index]?.bases[side] ?? null;
  const suits = (index: number, side: 0 | 1) => {
    const base = at(index, side);
    const cell = cells.get((gene.positions[index] as { readonly position: number }).position);
    return cell === undefined || (base !== null && fulfils(base, cell));
  };
  const own = strands.present.filter((index) => cells.has((gene.positions[index] as { readonly position: number }).position));
  if (own.length === 0) return null;
  if (!strands.fixed.every((index) => suits(index, 0))) return null;
  let blocks = 0;
  let onBoth = true;
  for (const { positions } of strands.blocks) {
    if (!positions.some((index) => own.includes(index))) continue;
    const sides = ([0, 1] as const).filter((side) => positions.every((index) => suits(index, side)));
    if (sides.length === 0) return null;
    blocks += 1;
    onBoth &&= sides.length === 2;
  }
  return { onBoth, blocks };
}

function referenceCells(gene: CompiledGene): ReadonlyMap<number, string> {
  const own = gene.alleles[0]?.defining;
  return new Map(gene.positions.map(({ position, ref }) => [position, own?.get(position) ?? ref]));
}

/** True where a larger allele that shares a position is on one of the copies however they lie, so that this one is not on both. */
function overshadowed(gene: CompiledGene, allele: DefinedAllele, strands: Strands): boolean {
  return gene.alleles.some((other, index) => {
    if (index === 0 || other === allele || other.defining.size <= allele.defining.size) return false;
    if (![...other.defining.keys()].some((position) => allele.defining.has(position))) return false;
    const place = placeOf(gene, strands, other.defining);
    return place !== null && place.blocks <= 1;
  });
}

function listed({ rest, apart }: LowestFunctionGene, strands: Strands): string[] {
  const own = apart?.unphased(strands) ?? [];
  const found = rest.alleles.flatMap((allele, index) => {
    const place = placeOf(rest, strands, index === 0 ? referenceCells(rest) : allele.defining);
    if (!place) return [];
    return [{ name: allele.name, isReference: index === 0, twice: index > 0 && place.onBoth && !overshadowed(rest, allele, strands) }];
  });
  const withReference = found.length + own.length <= 2;
  const kept = found.filter(({ isReference }) => withReference || !isReference);
  return [...kept.flatMap(({ name, twice }) => (twice ? [name, name] : [name])), ...own].sort(compareAlleles);
}

export function callLowestFunction(gene: LowestFunctionGene, strands: Strands): LowestFunctionCall {
  const apartSeen =
    gene.apart !== null &&
    [...gene.apart.positions].some((index) =>
      strands.observations[index]?.bases.some((base) => base !== null && base !== gene.whole.positions[index]?.ref),
    );
  const phased = isEffectivelyPhased(strands);
  if (phased && !apartSeen) {
    const pairs = matchPairs(gene.whole, strands);
    if (pairs.length > 0) return { kind: 'pairs', pairs: pairs.map(({ alleles }) => [...alleles].sort(compareAlleles)) };
  }
  const writable = waysToLie(strands) <= MAX_WAYS;
  if (phased || (strands.usesPhaseSets && writable)) {
    const parts = apartSeen ? gene : { ...gene, rest: gene.whole, apart: null };
    return { kind: 'pairs', pairs: pairsOnCopies(parts, strands) };
  }
  return { kind: 'list', alleles: listed(gene, strands), tooManyWays: !writable && strands.usesPhaseSets };
}

/**
 * The two alleles that guidance is looked up with. From pairs: the worst on each copy, of the worst pair; from a list:
 * the two worst.
 * @param worse order of allele names, the worst first
 * @param worsePair order of pairs of them, the worst first
 */
export function worstOf(
  call: LowestFunctionCall,
  worse: (a: string, b: string) => number,
  worsePair: (a: readonly string[], b: readonly string[]) => number,
): string[] {
  const worst = (names: readonly string[]) => [...names].sort(worse)[0] as string;
  if (call.kind === 'list') return [...call.alleles].sort(worse).slice(0, 2);
  return call.pairs.map((pair) => pair.map((name) => worst(componentsOf(name)))).sort(worsePair)[0] ?? [];
}
