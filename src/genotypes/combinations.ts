/**
 * What one copy of a gene carries when no single named allele explains it: several named alleles on one copy, and
 * variants that belong to none (PharmCAT, Named Allele Matcher 201, research mode). Alleles on one copy share no
 * position; the largest is placed first.
 */
import { combinationOf, compareAlleles, diplotypeOf } from './alleleNames.ts';
import type { CompiledGene, DefinedAllele } from './compiledGene.ts';
import { fulfils, type Position } from './definitions.ts';
import { mostSpecific, type Pair } from './matchPairs.ts';
import { UNREAD } from './observation.ts';
import { copiesOf, type Sequence } from './sequences.ts';
import type { Strands } from './strands.ts';

interface Covered {
  readonly name: string;
  readonly positions: ReadonlySet<number>;
}

/** HGVS name of a base at a position: `g.94781859G>A`; `g.40991369?` where that copy was not read. */
export function variantName({ position, ref, alts, hgvs }: Position, base: string): string {
  if (base === UNREAD) return `g.${position}?`;
  return hgvs[alts.indexOf(base)] ?? `g.${position}${ref}>${base}`;
}

function covers(gene: CompiledGene, allele: DefinedAllele, copy: Sequence): Covered | null {
  const positions = new Set<number>();
  for (const [position, cell] of allele.defining) {
    const index = gene.indexOf.get(position) ?? -1;
    const base = copy[index] ?? null;
    if (base === null) continue;
    if (!fulfils(base, cell)) return null;
    positions.add(index);
  }
  return positions.size > 0 ? { name: allele.name, positions } : null;
}

function overlap(one: Covered, other: Covered): boolean {
  for (const position of one.positions) if (other.positions.has(position)) return true;
  return false;
}

/** Groups of alleles that can be on one copy together. Two of one size that share a position open a group each. */
function groupsOf(covered: readonly Covered[]): Covered[][] {
  // Of one size by the letters of the name, as PharmCAT has them.
  const largestFirst = [...covered].sort((a, b) => b.positions.size - a.positions.size || (a.name < b.name ? -1 : 1));
  const groups: Covered[][] = [];
  for (const allele of largestFirst) {
    let placed = false;
    let shadowed = false;
    for (const group of groups) {
      const clashes = group.filter((other) => overlap(allele, other));
      shadowed ||= clashes.some(({ positions }) => positions.size !== allele.positions.size);
      if (clashes.length > 0) continue;
      group.push(allele);
      placed = true;
    }
    if (!placed && !shadowed) groups.push([allele]);
  }
  return groups;
}

export interface CombinationOptions {
  /** Positions whose variants are decided elsewhere and are no part of a name here. */
  readonly ignoring?: ReadonlySet<number>;
  /** A copy that was not read at a position names nothing there, instead of `g.97450058?`. */
  readonly unreadIsSilent?: boolean;
}

export interface CopyContent {
  /** Alleles and lone variants on the copy; the reference where there are none. */
  readonly names: readonly string[];
  /** Defined positions that the alleles explain, less one for each lone variant. */
  readonly score: number;
}

/** What is on one copy: one answer for each way to divide it into alleles. */
export function contentsOf(gene: CompiledGene, copy: Sequence, { ignoring, unreadIsSilent }: CombinationOptions = {}): CopyContent[] {
  const [reference, ...others] = gene.alleles;
  const covered = others.flatMap((allele) => covers(gene, allele, copy) ?? []);
  const groups = covered.length > 1 ? groupsOf(covered) : [covered];
  return groups.map((group) => {
    const lone = gene.positions.flatMap((position, index) => {
      const base = copy[index] ?? null;
      if (base === null || base === position.ref || ignoring?.has(index) || (unreadIsSilent && base === UNREAD)) return [];
      const unexplained = !group.some(({ positions }) => positions.has(index));
      return unexplained ? [variantName(position, base)] : [];
    });
    const names = [...group.map(({ name }) => name).sort(compareAlleles), ...lone];
    const explained =
      group.length > 0 ? group.reduce((sum, { positions }) => sum + positions.size, 0) : copy.filter((base) => base !== null).length;
    return { names: names.length > 0 ? names : [reference?.name ?? ''], score: explained - lone.length };
  });
}

function pairUp(gene: CompiledGene, [first, second]: readonly [Sequence] | readonly [Sequence, Sequence]): CopyContent[][] {
  const ones = contentsOf(gene, first);
  const [only, ...more] = ones;
  if (!second && only && more.length === 0) return [[only]];
  const twos = second ? contentsOf(gene, second) : ones;
  return ones.flatMap((one) => twos.map((two) => [one, two]));
}

/** The diplotypes of combinations that explain the most positions. Throws RangeError where the copies are too many to write out. */
export function combinationPairs(gene: CompiledGene, strands: Strands): string[][] {
  const found = new Map<string, Pair>();
  for (const copies of copiesOf(strands)) {
    for (const contents of pairUp(gene, copies)) {
      const alleles = contents.map(({ names }) => combinationOf(names)).sort(compareAlleles);
      found.set(diplotypeOf(alleles), { alleles, score: contents.reduce((sum, { score }) => sum + score, 0) });
    }
  }
  return mostSpecific([...found.values()]).map(({ alleles }) => [...alleles]);
}
