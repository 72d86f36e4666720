/**
 * What a gene's call is made with: positions, named alleles, and the rules from a pair of alleles to a phenotype.
 * The tables come from outside (this room reads no file of ours).
 */
export interface Position {
  /** dbSNP id, or `chr10:94941915` where dbSNP has none. */
  readonly rsid: string;
  /** `chr10`; files that write `10` are matched too. */
  readonly chromosome: string;
  /** 1-based, GRCh38, left-aligned as a VCF writes it. */
  readonly position: number;
  readonly ref: string;
  /** Documented alternative bases, as a VCF writes them. */
  readonly alts: readonly string[];
  /** HGVS name on the chromosome for each of `alts`, `g.94942290C>T`. */
  readonly hgvs: readonly string[];
}

export interface NamedAllele {
  readonly name: string;
  /** Clinical function as CPIC assigns it, e.g. `No function`; null where none is assigned. */
  readonly function: string | null;
  /** CPIC's activity value where the gene has an activity score, as text (`0.5`, `≥3.0`); null elsewhere. */
  readonly activity: string | null;
  /** What the phenotype rules are looked up with: the activity value or the function. */
  readonly key: string | null;
  /**
   * Bases on the forward strand that define the allele, by VCF position; an IUPAC code stands for any of its bases.
   * Null for an allele that is only ever stated (a duplication, an HLA type). The reference allele lists only cells
   * that differ from the reference genome; all its others are the reference base.
   */
  readonly defining: ReadonlyMap<number, string> | null;
}

export interface PhenotypeRule {
  /** One key for a haploid result, two for a pair, order free. */
  readonly keys: readonly string[];
  readonly phenotype: string;
  readonly activityScore: string | null;
  /** What guidance is looked up with: a phenotype, an activity score or an allele status. */
  readonly lookupKey: string;
}

export interface GeneDefinition {
  readonly gene: string;
  /** In the order of the chromosome; empty where the gene is never called from a VCF. */
  readonly positions: readonly Position[];
  /** Positions that are read and reported for guidance but define no allele (CYP2C9: rs12777823). */
  readonly markers: readonly Position[];
  /** The reference allele comes first. */
  readonly alleles: readonly NamedAllele[];
  readonly rules: readonly PhenotypeRule[];
}

/** `chr10:94942290` */
export function locationOf({ chromosome, position }: Pick<Position, 'chromosome' | 'position'>): string {
  return `${chromosome}:${position}`;
}

/** Bases that an IUPAC nucleotide code stands for (IUPAC-IUB 1970), codes of more than one base only. */
const WOBBLES: Readonly<Record<string, string>> = {
  R: 'AG',
  Y: 'CT',
  S: 'CG',
  W: 'AT',
  K: 'GT',
  M: 'AC',
  B: 'CGT',
  D: 'AGT',
  H: 'ACT',
  V: 'ACG',
  N: 'ACGT',
};

/** True for a cell that any of several bases fulfils. */
export function isWobble(cell: string): boolean {
  return WOBBLES[cell] !== undefined;
}

/** True where a base fulfils a cell of a definition. */
export function fulfils(base: string, cell: string): boolean {
  const wobble = WOBBLES[cell];
  return wobble === undefined ? base === cell : base.length === 1 && wobble.includes(base);
}
