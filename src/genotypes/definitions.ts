/**
 * What a gene's call is made with: positions, named alleles, and the rules from a pair of alleles to a phenotype.
 * The tables come from outside (this room reads no file of ours).
 */
export interface Position {
  readonly rsid: string;
  /** `chr10`; files that write `10` are matched too. */
  readonly chromosome: string;
  /** 1-based, GRCh38. */
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
}

export interface NamedAllele {
  readonly name: string;
  /** CPIC's clinical allele function, e.g. `No function`. */
  readonly function: string;
  /** CPIC's activity value where the gene has an activity score, as text (`0.5`, `≥3.0`); null elsewhere. */
  readonly activity: string | null;
  /** What the phenotype rules are looked up with: the activity value or the function. */
  readonly key: string;
  /** Bases on the forward strand that define the allele, by rsid; empty for the reference allele. */
  readonly defining: Readonly<Record<string, string>>;
}

export interface PhenotypeRule {
  readonly keys: readonly [string, string];
  readonly phenotype: string;
  readonly activityScore: string | null;
  /** What guidance is looked up with: a phenotype, an activity score or an allele status. */
  readonly lookupKey: string;
}

export interface GeneDefinition {
  readonly gene: string;
  readonly positions: readonly Position[];
  /** The reference allele comes first. */
  readonly alleles: readonly NamedAllele[];
  readonly rules: readonly PhenotypeRule[];
}
