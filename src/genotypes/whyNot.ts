/** Why a call does not name an allele. */
import { componentsOf } from './alleleNames.ts';
import { diplotypeName, type GeneCall, type PositionEvidence } from './call.ts';
import { type CallableGene, type CallOptions, callGene } from './callGene.ts';
import { expectedAt } from './compiledGene.ts';
import { fulfils, type Position } from './definitions.ts';
import { positionEvidence } from './evidence.ts';
import { type GeneReading, observationOf } from './observation.ts';

export const WHY_NOT_REASONS = {
  CALLED: 'The allele is in the call.',
  ALSO_FITS: 'The allele is in a pair that fits as well, but explains fewer positions.',
  RULED_OUT: 'The bases read at these positions are not those of the allele, on either copy.',
  NOT_READ:
    'None of the positions that define the allele, or not all that the gene needs, were read: it can be neither seen nor ruled out.',
  NO_PARTNER: 'Its bases are there, but no allele explains what is then left for the other copy.',
  NOT_FROM_VCF: 'The allele is never called from bases: it has to be stated.',
} as const;

export type WhyNotReason = keyof typeof WHY_NOT_REASONS;

export interface WhyNot {
  readonly allele: string;
  readonly reason: WhyNotReason;
  /** The positions that decide it, with the base that the allele would need. */
  readonly positions: readonly { readonly evidence: PositionEvidence; readonly needed: string }[];
  readonly text: string;
}

function namesIn(names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => name.split('/')).flatMap(componentsOf));
}

interface Cell {
  readonly position: Position;
  readonly index: number;
  readonly needed: string;
  readonly own: boolean;
}

function cellsOf({ whole }: CallableGene, allele: number): Cell[] {
  const { defining } = whole.alleles[allele] as (typeof whole.alleles)[number];
  return whole.positions.map((position, index) => ({
    position,
    index,
    needed: expectedAt(whole.alleles, allele, position),
    own: allele === 0 || defining.has(position.position),
  }));
}

const inWords: Readonly<Record<WhyNotReason, (allele: string, places: string) => string>> = {
  CALLED: (allele) => `${allele} is in the call.`,
  ALSO_FITS: (allele) => `A pair with ${allele} fits as well but explains fewer positions; phased data would settle it.`,
  RULED_OUT: (allele, places) => `${allele} is ruled out: ${places}.`,
  NOT_READ: (allele, places) => `${allele} can be neither seen nor ruled out: ${places}.`,
  NO_PARTNER: (allele) => `The bases of ${allele} are there, but no named allele explains what is then left for the other copy.`,
  NOT_FROM_VCF: (allele) => `${allele} is never called from bases; a laboratory has to state it.`,
};

/** Null where the gene has no such allele. */
export function whyNot(gene: CallableGene, reading: GeneReading, allele: string, options: CallOptions = {}): WhyNot | null {
  const named = gene.definition.alleles.find(({ name }) => name === allele);
  if (!named) return null;
  const answer = (reason: WhyNotReason, cells: readonly Cell[] = []): WhyNot => {
    const positions = cells.map(({ position, index, needed }) => ({
      evidence: positionEvidence(gene.definition, position, reading[index] ?? null),
      needed,
    }));
    const places = positions
      .map(({ evidence, needed }) => `${evidence.rsid} shows ${evidence.bases ?? 'nothing'}, it needs ${needed}`)
      .join('; ');
    return { allele, reason, positions, text: inWords[reason](allele, places) };
  };
  const index = gene.whole.alleles.findIndex(({ name }) => name === allele);
  if (index < 0) return answer('NOT_FROM_VCF');
  const call: GeneCall = callGene(gene, reading, options);
  const reported = gene.rule.reportAs?.(allele) ?? allele;
  if (namesIn([...call.diplotypes.map(diplotypeName), ...call.variants]).has(reported)) return answer('CALLED');
  if (namesIn(call.alsoFit.map(diplotypeName)).has(reported)) return answer('ALSO_FITS');
  const cells = cellsOf(gene, index);
  const own = cells.filter((cell) => cell.own);
  if (own.every((cell) => !observationOf(reading[cell.index]))) return answer('NOT_READ', own);
  const against = cells.filter((cell) => {
    const bases = observationOf(reading[cell.index])?.bases;
    return bases !== undefined && !bases.some((base) => base !== null && fulfils(base, cell.needed));
  });
  if (against.length > 0) return answer('RULED_OUT', against);
  const required = cells.filter(
    ({ position, index: at }) => gene.rule.required?.includes(position.position) && !observationOf(reading[at]),
  );
  return required.length > 0
    ? answer('NOT_READ', required)
    : answer(
        'NO_PARTNER',
        own.filter((cell) => observationOf(reading[cell.index])),
      );
}
