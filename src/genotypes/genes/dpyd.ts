/**
 * DPYD: the worst variant on each copy decides (see lowestFunction.ts), the lowest activity value the worst.
 * HapB3 is two variants in near-complete linkage: c.1129-5923C>G (rs75017182, intronic), which lowers function, and
 * c.1236G>A (rs56038477, exonic, silent), which only marks it. The intronic one decides; the exonic one stands in for it
 * where it was not read, with a warning. Bases that no allele is defined by count as reference: the gene guards against
 * toxicity. Source: CPIC guideline for fluoropyrimidines and DPYD (PMID 29152729, HapB3 PMID 38587055); PharmCAT, Gene
 * Definition Exceptions.
 */
import type { CallWarning } from '../call.ts';
import type { CompiledGene } from '../compiledGene.ts';
import type { GeneRule } from '../geneRule.ts';
import type { ApartVariants } from '../lowestFunction.ts';
import type { Observation } from '../observation.ts';
import type { Sequence } from '../sequences.ts';
import { isEffectivelyPhased, type Strands } from '../strands.ts';

export const HAPB3 = 'c.1129-5923C>G, c.1236G>A (HapB3)';
export const HAPB3_INTRON = 'c.1129-5923C>G';
/** GRCh38, chr1. */
const INTRON = { position: 97579893, variant: 'C' };
const EXON = { position: 97573863, variant: 'T' };

const CONFLICT: CallWarning = {
  code: 'HAPB3_CONFLICT',
  message:
    'HapB3: the exonic variant rs56038477 is there without the intronic rs75017182, which is thought to lower function; the intronic one counts.',
};
const FROM_EXON: CallWarning = {
  code: 'HAPB3_FROM_EXON',
  message: 'HapB3 was called from the exonic variant rs56038477 alone; test rs75017182, which is thought to lower function, to confirm it.',
};

function together(intron: Observation, exon: Observation, strands: Strands): boolean {
  if (isEffectivelyPhased(strands)) return true;
  return intron.phased && exon.phased && intron.phaseSet !== null && intron.phaseSet === exon.phaseSet;
}

function apartVariants(gene: CompiledGene, warn: (warning: CallWarning) => void): ApartVariants | null {
  const intron = gene.indexOf.get(INTRON.position);
  const exon = gene.indexOf.get(EXON.position);
  if (intron === undefined || exon === undefined || !gene.alleles.some(({ name }) => name === HAPB3)) return null;

  const ofBases = (atIntron: string | null, atExon: string | null): string | null => {
    const read = atIntron !== null && atIntron !== '.';
    const marked = atExon === EXON.variant;
    if (atIntron === INTRON.variant) return marked ? HAPB3 : HAPB3_INTRON;
    if (marked) warn(read ? CONFLICT : FROM_EXON);
    return marked && !read ? HAPB3 : null;
  };
  const onCopy = (copy: Sequence) => ofBases(copy[intron] ?? null, copy[exon] ?? null);
  const unphased = (strands: Strands): string[] => {
    const [atIntron, atExon] = [strands.observations[intron], strands.observations[exon]];
    if (atIntron && atExon && !together(atIntron, atExon, strands)) return byNumber(atIntron, atExon, warn);
    return ([0, 1] as const).flatMap((side) => ofBases(atIntron?.bases[side] ?? null, atExon?.bases[side] ?? null) ?? []);
  };
  return { positions: new Set([intron, exon]), onCopy, unphased };
}

/** HapB3 where it is unknown which intronic and exonic variants lie together: as many as both are seen. */
function byNumber(intron: Observation, exon: Observation, warn: (warning: CallWarning) => void): string[] {
  const introns = intron.bases.filter((base) => base === INTRON.variant).length;
  const exons = exon.bases.filter((base) => base === EXON.variant).length;
  if (exons > introns) warn(CONFLICT);
  const both = Math.min(introns, exons);
  return [...Array<string>(both).fill(HAPB3), ...Array<string>(introns - both).fill(HAPB3_INTRON)];
}

export const dpyd: GeneRule = {
  strategy: 'LOWEST_FUNCTION',
  undocumentedAsReference: true,
  apart: apartVariants,
  rank: (allele) => (allele?.activity ? Number(allele.activity) : -1),
};
