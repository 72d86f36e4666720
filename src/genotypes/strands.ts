/**
 * How a sample's bases can lie on the two copies of a gene. Heterozygous positions fall into blocks within which the
 * file says which bases lie together: one for the positions phased along the chromosome, one for every phase set, one
 * for each unphased position. Each block can lie either way round, independently of the others.
 */
import { isHomozygous, type Observation } from './observation.ts';

export interface Block {
  /** Indexes of the gene's positions. */
  readonly positions: readonly number[];
}

export interface Strands {
  /** By index of the gene's positions; null where nothing usable was read. */
  readonly observations: readonly (Observation | null)[];
  readonly present: readonly number[];
  /** Present positions with the same base on both copies (or one copy). */
  readonly fixed: readonly number[];
  readonly blocks: readonly Block[];
  /** True where every position shows one copy only (X chromosome of a male, mitochondria). */
  readonly haploid: boolean;
  /** True where the file names phase sets at any position. */
  readonly usesPhaseSets: boolean;
}

function blockKey({ phased, phaseSet }: Observation, index: number): string {
  if (!phased) return `unphased ${index}`;
  return phaseSet === null ? 'chromosome' : `set ${phaseSet}`;
}

export function strandsOf(observations: readonly (Observation | null)[]): Strands {
  const present: number[] = [];
  const fixed: number[] = [];
  const blocks = new Map<string, number[]>();
  let copies = 0;
  let usesPhaseSets = false;
  for (const [index, observation] of observations.entries()) {
    if (!observation) continue;
    present.push(index);
    usesPhaseSets ||= observation.phased && observation.phaseSet !== null;
    copies = Math.max(copies, observation.bases.filter((base) => base !== null).length);
    if (isHomozygous(observation)) {
      fixed.push(index);
      continue;
    }
    const key = blockKey(observation, index);
    const block = blocks.get(key);
    if (block) block.push(index);
    else blocks.set(key, [index]);
  }
  const haploid = present.length > 0 && copies === 1 && present.every((index) => observations[index]?.bases[1] === null);
  return {
    observations,
    present,
    fixed: haploid ? present : fixed,
    blocks: haploid ? [] : [...blocks.values()].map((positions) => ({ positions })),
    haploid,
    usesPhaseSets,
  };
}

/** True where there are at most two sequences: phased, or unphased with at most one heterozygous position. */
export function isEffectivelyPhased({ blocks }: Strands): boolean {
  return blocks.length <= 1;
}
