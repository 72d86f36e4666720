/** What would settle or change a call: every position that was not read, tried with every genotype that alleles know there. */
import { diplotypeName, type GeneCall, type PositionEvidence } from './call.ts';
import { type CallableGene, type CallOptions, callGene } from './callGene.ts';
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

/** Every way to fill positions that are not read. */
function filled(gene: CallableGene, reading: GeneReading, indexes: readonly number[]): GeneReading[] {
  return indexes.reduce<GeneReading[]>(
    (readings, index) =>
      readings.flatMap((one) =>
        genotypesAt(gene.definition.positions[index] as Position).map(([first, second]) => one.with(index, read(first, second))),
      ),
    [reading],
  );
}

/** What the calls of several readings mean together. */
function outcomeOf(gene: CallableGene, readings: readonly GeneReading[], options: CallOptions) {
  const calls = readings.map((one) => callGene(gene, one, options));
  const meanings = calls.map(meaningOf);
  return {
    keys: new Set(meanings.map(({ key }) => key)),
    diplotypes: [...new Set(calls.flatMap((call) => [...call.diplotypes.map(diplotypeName), ...call.variants]))],
    phenotypes: [...new Set(meanings.flatMap(({ phenotypes }) => phenotypes))].sort(),
  };
}

/** Lets others have their turn: a gene with many open positions takes a second. */
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * The positions not read whose genotype would change the phenotype, one position at a time, the others staying as they
 * are. Exact: every genotype of the documented bases is called. Where a gene needs several positions that were not read
 * (NAT2), the others of these are tried with every genotype as well, and `wouldFollow` has all calls that are possible.
 */
export async function wouldChangeIf(gene: CallableGene, reading: GeneReading, options: CallOptions = {}): Promise<MissingPosition[]> {
  const now = meaningOf(callGene(gene, reading, options)).key;
  const { positions } = gene.definition;
  const open = positions.flatMap((_, index) => (observationOf(reading[index]) ? [] : [index]));
  const required = open.filter((index) => gene.rule.required?.includes((positions[index] as Position).position));
  const found: MissingPosition[] = [];
  for (const index of open) {
    const position = positions[index] as Position;
    const others = required.filter((other) => other !== index);
    const before = required.includes(index) ? new Set([now]) : outcomeOf(gene, filled(gene, reading, others), options).keys;
    const wouldFollow: Outcome[] = [];
    for (const [first, second] of genotypesAt(position)) {
      await pause();
      const readings = filled(gene, reading.with(index, read(first, second)), others);
      const { keys, diplotypes, phenotypes } = outcomeOf(gene, readings, options);
      if (keys.size !== before.size || [...keys].some((key) => !before.has(key)))
        wouldFollow.push({ bases: `${first}/${second}`, diplotypes, phenotypes });
    }
    if (wouldFollow.length > 0) found.push({ position: positionEvidence(gene.definition, position, reading[index] ?? null), wouldFollow });
  }
  return found;
}
