/** What would settle or change a call: every position that was not read, tried with every genotype that alleles know there. */
import { diplotypeName, type GeneCall, type PositionEvidence } from './call.ts';
import { type CallableGene, type CallOptions, callGene, positionsToRead } from './callGene.ts';
import type { Position } from './definitions.ts';
import { positionEvidence } from './evidence.ts';
import { type GeneReading, observationOf, type Reading } from './observation.ts';

export interface Outcome {
  /** `C/T`, unphased. */
  readonly bases: string;
  /** The answers that the call would then have. */
  readonly diplotypes: readonly string[];
  /** The phenotypes that it would then have; empty where it would have none. */
  readonly phenotypes: readonly string[];
}

export interface MissingPosition {
  readonly position: PositionEvidence;
  /** Every genotype there that would change the phenotype. */
  readonly wouldFollow: readonly Outcome[];
}

function genotypesAt({ ref, alts }: Position): (readonly [string, string])[] {
  const bases = [ref, ...alts];
  return bases.flatMap((first, index) => bases.slice(index).map((second) => [first, second] as const));
}

function read(first: string, second: string): Reading {
  const observation = { bases: [first, second] as const, phased: false, phaseSet: null, undocumented: [] };
  return { kind: 'genotype', line: 0, observation, notes: [] };
}

/** Phenotypes, or where a gene has none the diplotypes themselves: what a change is judged by. */
function meaningOf(call: GeneCall): { readonly phenotypes: string[]; readonly key: string } {
  const phenotypes = [...new Set(call.lookup.flatMap(({ phenotype }) => phenotype ?? []))].sort();
  const keys = call.lookup.map(({ lookupKey, phenotype, alleles }) => `${phenotype ?? alleles.join('/')}=${lookupKey ?? ''}`);
  return { phenotypes, key: [...new Set(keys)].sort().join(';') };
}

/**
 * The positions not read whose genotype would change the phenotype, one position at a time, the others staying as they
 * are. Exact: every genotype of the documented bases is called.
 */
export function wouldChangeIf(gene: CallableGene, reading: GeneReading, options: CallOptions = {}): MissingPosition[] {
  const now = meaningOf(callGene(gene, reading, options)).key;
  return positionsToRead(gene.definition).flatMap((position, index) => {
    const own = reading[index] ?? null;
    if (observationOf(own) || index >= gene.definition.positions.length) return [];
    const wouldFollow = genotypesAt(position).flatMap(([first, second]) => {
      const call = callGene(gene, reading.with(index, read(first, second)), options);
      const { key, phenotypes } = meaningOf(call);
      if (key === now) return [];
      return [{ bases: `${first}/${second}`, diplotypes: [...call.diplotypes.map(diplotypeName), ...call.variants], phenotypes }];
    });
    return wouldFollow.length > 0 ? [{ position: positionEvidence(gene.definition, position, own), wouldFollow }] : [];
  });
}
