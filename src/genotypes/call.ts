import type { Diplotype } from './phenotype.ts';

export type CallStatus = 'CALLED' | 'NO_CALL' | 'NOT_TESTED';
export type CallSource = 'VCF' | 'OUTSIDE';

/** What a file said at one defined position, and what that decides. */
export interface PositionEvidence {
  readonly rsid: string;
  /** `chr10:94942290`, GRCh38. */
  readonly location: string;
  readonly state: 'SEEN' | 'MISSING' | 'UNREADABLE';
  /** Bases as read on the forward strand, `C/T`; null where not seen. */
  readonly bases: string | null;
  readonly decides: string;
}

/** Warnings of a call: a closed set of codes. */
export type CallWarningCode =
  | 'POSITION_MISSING'
  | 'GENOTYPE_UNREADABLE'
  | 'REFERENCE_MISMATCH'
  | 'UNDOCUMENTED_BASE'
  | 'DUPLICATE_POSITION'
  | 'PHASE_ASSUMED'
  | 'LIMITED_POSITIONS'
  | 'UNKNOWN_ALLELE';

export interface CallWarning {
  readonly code: CallWarningCode;
  readonly message: string;
}

/** The call of one gene for one sample. `diplotypes` is empty unless CALLED. */
export interface GeneCall {
  readonly gene: string;
  readonly status: CallStatus;
  readonly source: CallSource;
  readonly phased: boolean;
  readonly diplotypes: readonly Diplotype[];
  readonly evidence: readonly PositionEvidence[];
  /** Locations without a usable genotype. */
  readonly missing: readonly string[];
  readonly warnings: readonly CallWarning[];
}

/** `*1/*3`, as CPIC writes it. */
export function diplotypeName(diplotype: Pick<Diplotype, 'alleles'>): string {
  return diplotype.alleles.join('/');
}
