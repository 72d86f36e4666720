/** The copies of a gene written out base by base, where a rule needs them so (research combinations, lowest function). */
import type { Strands } from './strands.ts';

/** Bases of one copy, by index of the gene's positions; null where nothing usable was read. */
export type Sequence = readonly (string | null)[];

/** More ways than this are not written out: what they would list is no longer of use to anyone. */
export const MAX_WAYS = 4096;

/** In how many ways the blocks can lie, a way and its mirror image counted once. */
export function waysToLie({ blocks }: Strands): number {
  return 2 ** Math.max(0, blocks.length - 1);
}

function sequence(strands: Strands, way: number, side: 0 | 1): Sequence {
  const bases = strands.observations.map((observation) => observation?.bases[side] ?? null);
  for (const [index, { positions }] of strands.blocks.entries()) {
    const turned = ((way >>> index) & 1) === 1;
    if (turned) for (const position of positions) bases[position] = strands.observations[position]?.bases[side === 0 ? 1 : 0] ?? null;
  }
  return bases;
}

/** Every pair of complementary copies; for a haploid sample, one copy alone. Throws RangeError over MAX_WAYS. */
export function* copiesOf(strands: Strands): Generator<readonly [Sequence] | readonly [Sequence, Sequence]> {
  const ways = waysToLie(strands);
  if (ways > MAX_WAYS) throw new RangeError(`${ways} ways to lie are too many to write out`);
  if (strands.haploid) {
    yield [sequence(strands, 0, 0)];
    return;
  }
  // The first block stays as it is: turning all blocks only swaps the copies.
  for (let way = 0; way < ways; way += 1) yield [sequence(strands, way << 1, 0), sequence(strands, way << 1, 1)];
}
