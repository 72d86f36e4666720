/** The result of one gene for one sample. */
export type CallStatus = 'CALLED' | 'NO_CALL' | 'NOT_TESTED';
export type CallSource = 'VCF' | 'OUTSIDE';

/** What a file said at one defined position, and what that decides. */
export interface PositionEvidence {
  readonly rsid: string;
  /** `chr10:94942290`, GRCh38. */
  readonly location: string;
  readonly state: 'SEEN' | 'MISSING' | 'UNREADABLE';
  /** Bases as read on the forward strand, `C/T`, `C|T` where phased; null where not seen. */
  readonly bases: string | null;
  /** Phase set of the bases, where the file names one. */
  readonly phaseSet: string | null;
  readonly decides: string;
}

/** Warnings of a call: a closed set of codes. */
export const CALL_WARNINGS = {
  POSITION_MISSING: 'A defined position is not in the file.',
  REQUIRED_POSITION_MISSING: 'A position without which the gene is not called is not in the file.',
  GENOTYPE_MISSING: 'The file has the position without a genotype, or with one copy only.',
  GENOTYPE_UNREADABLE: 'The genotype at a position cannot be read.',
  REFERENCE_MISMATCH: 'The reference base in the file is not that of GRCh38; the genotype is not used.',
  DEPTH_CONFLICT: 'The genotype says two bases, the read depths say one; the genotype is not used.',
  UNDOCUMENTED_BASE: 'A base that no allele of the gene is defined by.',
  INDEL_EXPECTED: 'A single base where an insertion or repeat is defined.',
  REALIGNED: 'An insertion or deletion was moved to the position where it is defined.',
  DUPLICATE_POSITION: 'A position is in the file more than once; the first usable line counts.',
  MORE_THAN_TWO_COPIES: 'A genotype of more than two copies; the first two count.',
  PHASE_ASSUMED: 'The variants are unphased; the pair reported is the only one that fits best.',
  OTHER_PAIRS_FIT: 'Other pairs of alleles fit as well but explain fewer positions.',
  SEVERAL_PAIRS: 'Several pairs of alleles fit equally well.',
  PREFERRED_PAIR: 'Of several pairs that fit without phase, a published preference picks one.',
  NO_PAIR_FITS: 'No pair of named alleles explains the bases read.',
  INFERRED: 'Guidance is looked up with alleles inferred from one position.',
  LISTED_WITHOUT_COPIES: 'Variants are listed without saying which copy of the gene they are on.',
  TOO_MANY_WAYS: 'There are too many ways for the variants to lie on the two copies to write out.',
  HAPB3_FROM_EXON: 'DPYD HapB3 was called from its exonic variant alone.',
  HAPB3_CONFLICT: 'The two variants of DPYD HapB3 disagree; the intronic one counts.',
  REPEAT_LENGTH: 'Alleles are told apart by the length of a repeat, which some methods misread.',
  NOT_ALL_VARIANTS: 'Variants outside the table are not looked for.',
  HEMIZYGOUS: 'One X chromosome was assumed, as the sex given is male.',
  RESEARCH_ONLY: 'Copy number and hybrid genes were not looked at: for research only.',
  OUTSIDE_USED: 'A stated result was used instead of the file.',
  STATED_NAME_CHANGED: 'A stated allele was read under another name.',
  STATED_MISMATCH: 'A stated phenotype or activity score is not the one that the alleles give.',
  UNKNOWN_ALLELE: 'An allele that the tables do not have.',
  UNKNOWN_PHENOTYPE: 'A stated phenotype that the tables do not have.',
  UNKNOWN_ACTIVITY_SCORE: 'A stated activity score that the tables do not have.',
  LINE_UNREADABLE: 'A line of the file is no VCF record; it is not used.',
  UNKNOWN_GENE: 'A gene that the tables do not have.',
} as const;

export type CallWarningCode = keyof typeof CALL_WARNINGS;

export interface CallWarning {
  readonly code: CallWarningCode;
  readonly message: string;
}

/** A pair of alleles with what it means. Fields are null where the tables cannot tell. */
export interface Diplotype {
  /** Two names, one for a haploid result or a variant on an unknown copy, none where only a phenotype was stated. */
  readonly alleles: readonly string[];
  readonly phenotype: string | null;
  /** CPIC activity score, as text; null where the gene has none. */
  readonly activityScore: string | null;
  readonly lookupKey: string | null;
}

/** The call of one gene for one sample. Unless CALLED, `diplotypes` and `variants` are empty. */
export interface GeneCall {
  readonly gene: string;
  readonly status: CallStatus;
  readonly source: CallSource;
  /** True where it is known which variants lie on one copy, or there is at most one of them. */
  readonly phased: boolean;
  /** Every equally good answer. */
  readonly diplotypes: readonly Diplotype[];
  /** Variants found without knowing on which copy (DPYD, RYR1), one that is on both twice; empty where pairs are known. */
  readonly variants: readonly string[];
  /** What phenotype and guidance are looked up with: mostly the diplotypes themselves. */
  readonly lookup: readonly Diplotype[];
  /** Further pairs that fit where phase is unknown, but explain fewer positions. */
  readonly alsoFit: readonly Diplotype[];
  /** Every position but those that show the reference base on all copies; empty for a stated result. */
  readonly evidence: readonly PositionEvidence[];
  /** Locations without a usable genotype; empty where the gene was not tested at all. */
  readonly missing: readonly string[];
  readonly warnings: readonly CallWarning[];
}

/** `*1/*3`, as CPIC writes it; the phenotype or activity score where no alleles were stated. */
export function diplotypeName({ alleles, phenotype, activityScore }: Diplotype): string {
  if (alleles.length > 0) return alleles.join('/');
  if (phenotype === null) return activityScore ?? '';
  return activityScore === null ? phenotype : `${phenotype} (${activityScore})`;
}
