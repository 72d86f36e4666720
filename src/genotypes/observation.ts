/** What a file says of one sample at one position, and how its bases lie on the two copies of a gene. */

/** A copy that the file leaves open, as in `./1`. */
export const UNREAD = '.';

export interface Observation {
  /**
   * Bases on the first and second copy, as far as the file tells copies apart. Null for a copy that is not there
   * (haploid), UNREAD for one that was not read.
   */
  readonly bases: readonly [string | null, string | null];
  readonly phased: boolean;
  /** VCF's PS: copies are comparable only within one set. Null where phasing holds for the chromosome, or is unknown. */
  readonly phaseSet: string | null;
  /** Bases as read that no allele is defined by; they may have been set to the reference (see `bases`). */
  readonly undocumented: readonly string[];
}

export type Reading =
  | { readonly kind: 'genotype'; readonly line: number; readonly observation: Observation; readonly notes: readonly ReadingNote[] }
  | { readonly kind: 'unusable'; readonly line: number; readonly code: UnusableCode; readonly reason: string };

export type UnusableCode = 'GENOTYPE_MISSING' | 'GENOTYPE_UNREADABLE' | 'REFERENCE_MISMATCH' | 'DEPTH_CONFLICT';

/** Something to know about a usable reading. */
export interface ReadingNote {
  readonly code: 'GENOTYPE_MISSING' | 'UNDOCUMENTED_BASE' | 'DUPLICATE_POSITION' | 'MORE_THAN_TWO_COPIES' | 'INDEL_EXPECTED' | 'REALIGNED';
  readonly message: string;
}

/** The readings of one sample for one gene, in the order of the gene's positions; null where the file has no line. */
export type GeneReading = readonly (Reading | null)[];

export function observationOf(reading: Reading | null | undefined): Observation | null {
  return reading?.kind === 'genotype' ? reading.observation : null;
}

/** `C/T`, `C|T`, or `C` where there is one copy. */
export function basesText({ bases, phased }: Observation): string {
  return bases.filter((base) => base !== null).join(phased ? '|' : '/');
}

export function isHomozygous({ bases }: Observation): boolean {
  return bases[0] === bases[1];
}

export function hasUnread({ bases }: Observation): boolean {
  return bases.includes(UNREAD);
}
