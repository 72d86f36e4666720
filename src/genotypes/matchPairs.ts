/**
 * Pairs of named alleles that explain a sample. An allele fits a copy when every cell of its definition is fulfilled,
 * cells that it leaves open being those of the reference allele (PharmCAT, Named Allele Matcher 101 and 201). Which
 * way round the heterozygous blocks lie is decided block by block and never enumerated: an allele fits a block in a
 * set of ways, and two alleles explain the sample when every block can lie so that one fits one copy and the other
 * the other. Work grows with alleles, positions and blocks, not with 2 to the number of heterozygous positions.
 */
import { type AlleleSet, addAll, type CompiledGene, emptySet, has, keepOnly, membersOf } from './compiledGene.ts';
import { isWobble } from './definitions.ts';
import type { Strands } from './strands.ts';

export interface Pair {
  /** One name for a haploid sample, else two. */
  readonly alleles: readonly string[];
  /** Defined positions that the pair explains: the more, the more specific. */
  readonly score: number;
}

interface Fit {
  /** Per block, the alleles that fit its first or second side. */
  readonly sides: readonly (readonly [AlleleSet, AlleleSet])[];
  readonly alive: readonly number[];
}

function fits(gene: CompiledGene, strands: Strands): Fit {
  const size = gene.alleles.length;
  // An allele none of whose positions was read cannot be told from the reference: it is not called.
  const alive = emptySet(size);
  for (const index of strands.present) addAll(alive, gene.definedAt[index] as AlleleSet);
  for (const index of strands.fixed) keepOnly(alive, gene.fitting(index, strands.observations[index]?.bases[0] ?? null));
  const sides = strands.blocks.map(({ positions }) => {
    const sets = [emptySet(size).fill(0xffffffff), emptySet(size).fill(0xffffffff)] as const;
    for (const index of positions)
      for (const side of [0, 1] as const) keepOnly(sets[side], gene.fitting(index, strands.observations[index]?.bases[side] ?? null));
    return sets;
  });
  for (const [first, second] of sides) {
    const either = emptySet(size);
    addAll(either, first);
    addAll(either, second);
    keepOnly(alive, either);
  }
  return { sides, alive: membersOf(alive) };
}

function explains(sides: Fit['sides'], a: number, b: number): boolean {
  return sides.every(([first, second]) => (has(first, a) && has(second, b)) || (has(second, a) && has(first, b)));
}

/** A wobble counts only where it was fulfilled by another base than the genome's. */
function wobbleSeen(gene: CompiledGene, strands: Strands, fit: Fit, allele: number, index: number): boolean {
  const { ref } = gene.positions[index] as { readonly ref: string };
  const block = strands.blocks.findIndex(({ positions }) => positions.includes(index));
  const bases = strands.observations[index]?.bases ?? [null, null];
  if (block < 0) return bases[0] !== ref;
  return ([0, 1] as const).some((side) => bases[side] !== ref && has((fit.sides[block] as Fit['sides'][number])[side], allele));
}

function scoreOf(gene: CompiledGene, strands: Strands, fit: Fit, allele: number): number {
  const { defining } = gene.alleles[allele] as CompiledGene['alleles'][number];
  const reference = allele === 0;
  let score = 0;
  for (const index of strands.present) {
    const cell = defining.get((gene.positions[index] as { readonly position: number }).position);
    if (cell === undefined ? !reference : isWobble(cell) && !wobbleSeen(gene, strands, fit, allele, index)) continue;
    score += 1;
  }
  return score;
}

/** Every pair that explains the sample, in no order. Empty where none does. */
export function matchPairs(gene: CompiledGene, strands: Strands): Pair[] {
  if (strands.present.length === 0) return [];
  const fit = fits(gene, strands);
  const scored = fit.alive.map((allele) => ({
    allele,
    name: (gene.alleles[allele] as { name: string }).name,
    score: scoreOf(gene, strands, fit, allele),
  }));
  const [only, ...more] = scored;
  if (strands.haploid && only && more.length === 0) return [{ alleles: [only.name], score: only.score }];
  const pairs: Pair[] = [];
  for (const [index, one] of scored.entries()) {
    for (const two of scored.slice(index)) {
      if (explains(fit.sides, one.allele, two.allele)) pairs.push({ alleles: [one.name, two.name], score: one.score + two.score });
    }
  }
  return pairs;
}

/** The pairs that explain the most positions. */
export function mostSpecific(pairs: readonly Pair[]): Pair[] {
  const best = Math.max(...pairs.map(({ score }) => score));
  return pairs.filter(({ score }) => score === best);
}
