/** What a laboratory found in a patient's tumour, by assay. Names are HGNC symbols and HGVS protein changes, as reports write them. */

export const VARIANT_CONSEQUENCES = [
  'MISSENSE',
  'NONSENSE',
  'FRAMESHIFT',
  'INFRAME_DELETION',
  'INFRAME_INSERTION',
  'SPLICE_SITE',
  'EXON_SKIPPING',
  'START_LOST',
  'SYNONYMOUS',
  'OTHER',
] as const;
export type VariantConsequence = (typeof VARIANT_CONSEQUENCES)[number];

export const VARIANT_ORIGINS = ['SOMATIC', 'GERMLINE', 'UNKNOWN'] as const;
export type VariantOrigin = (typeof VARIANT_ORIGINS)[number];

/**
 * What the laboratory makes of a variant: of an inherited one whether it is pathogenic (ACMG and AMP: Richards 2015,
 * doi:10.1038/gim.2015.30), of an acquired one whether it is oncogenic (ClinGen, CGC and VICC: Horak 2022,
 * doi:10.1016/j.gim.2022.01.001); the grades are the same.
 */
export const VARIANT_CLASSIFICATIONS = ['PATHOGENIC', 'LIKELY_PATHOGENIC', 'UNCERTAIN_SIGNIFICANCE', 'LIKELY_BENIGN', 'BENIGN'] as const;
export type VariantClassification = (typeof VARIANT_CLASSIFICATIONS)[number];

/** As MatchMiner and cBioPortal grade them (GISTIC -2 to 2), in words. */
export const COPY_NUMBER_CALLS = ['HOMOZYGOUS_DELETION', 'HETEROZYGOUS_LOSS', 'GAIN', 'AMPLIFICATION'] as const;
export type CopyNumberCall = (typeof COPY_NUMBER_CALLS)[number];

/**
 * MSI: microsatellite instability. TMB: tumour mutational burden, mutations per megabase. HRD: homologous recombination deficiency.
 * The others are mutational signatures: tobacco, temozolomide, POLE, APOBEC, ultraviolet.
 */
export const SIGNATURES = ['MSI', 'TMB', 'HRD', 'TOBACCO', 'TEMOZOLOMIDE', 'POLE', 'APOBEC', 'UVA'] as const;
export type SignatureName = (typeof SIGNATURES)[number];

export const SIGNATURE_RESULTS = ['HIGH', 'LOW', 'STABLE', 'PRESENT', 'ABSENT'] as const;
export type SignatureResult = (typeof SIGNATURE_RESULTS)[number];

export interface TumourVariant {
  readonly id: string;
  readonly gene: string;
  /** HGVS, in one-letter amino acids and without `p.`, as in `L858R`; null where only the coding change is told. */
  readonly proteinChange: string | null;
  /** HGVS on the coding sequence, as in `c.2573T>G`. */
  readonly codingChange: string | null;
  readonly consequence: VariantConsequence | null;
  readonly exon: number | null;
  readonly origin: VariantOrigin;
  /** Null where the report does not say. */
  readonly classification: VariantClassification | null;
  /** Share of reads that carry it, 0 to 1. */
  readonly alleleFraction: number | null;
}

/** At least one partner is known. */
export interface TumourFusion {
  readonly id: string;
  readonly fivePrime: string | null;
  readonly threePrime: string | null;
}

export interface TumourCopyNumber {
  readonly id: string;
  readonly gene: string;
  readonly call: CopyNumberCall;
  readonly copies: number | null;
}

export interface TumourSignature {
  readonly id: string;
  readonly name: SignatureName;
  readonly result: SignatureResult;
  /** Of TMB, mutations per megabase. */
  readonly value: number | null;
}

/** One assay's report. */
export interface MolecularReport {
  readonly id: string;
  readonly assay: string;
  readonly specimen: string | null;
  /** Disease Ontology id of the tumour that was sampled; null where the report does not say. */
  readonly tumour: string | null;
  /** The report that this one corrects: it stays on record, and counts no more. */
  readonly replaces: string | null;
  /** When the laboratory reported it. */
  readonly reportedAt: string;
  /** Genes in which the assay would have seen a variant; null where the report does not say. */
  readonly genesTested: readonly string[] | null;
  /** Genes whose fusions it would have seen. */
  readonly fusionsTested: readonly string[] | null;
  /** Genes whose copies it counted. */
  readonly copiesTested: readonly string[] | null;
  readonly variants: readonly TumourVariant[];
  readonly fusions: readonly TumourFusion[];
  readonly copyNumbers: readonly TumourCopyNumber[];
  readonly signatures: readonly TumourSignature[];
}

/** Report -> the report that corrects it. */
export const corrections = (reports: readonly MolecularReport[]): ReadonlyMap<string, string> =>
  new Map(reports.flatMap(({ id, replaces }) => (replaces === null ? [] : [[replaces, id]])));

/** Those that none corrects. */
export function reportsInForce(reports: readonly MolecularReport[]): MolecularReport[] {
  const corrected = corrections(reports);
  return reports.filter(({ id }) => !corrected.has(id));
}

export const isBenign = ({ classification }: TumourVariant) => classification === 'BENIGN' || classification === 'LIKELY_BENIGN';
export const isPathogenic = ({ classification }: TumourVariant) =>
  classification === 'PATHOGENIC' || classification === 'LIKELY_PATHOGENIC';

const THREE_LETTERS: Readonly<Record<string, string>> = {
  ...{ Ala: 'A', Arg: 'R', Asn: 'N', Asp: 'D', Cys: 'C', Gln: 'Q', Glu: 'E', Gly: 'G', His: 'H', Ile: 'I', Leu: 'L' },
  ...{ Lys: 'K', Met: 'M', Phe: 'F', Pro: 'P', Ser: 'S', Thr: 'T', Trp: 'W', Tyr: 'Y', Val: 'V', Ter: '*', Sec: 'U' },
};

/** `p.(Leu858Arg)` as `L858R`: one-letter codes (HGVS 21.0; IUPAC), stop as `*`. */
export function shortProteinChange(change: string): string {
  const inner = change
    .trim()
    .replace(/^p\./, '')
    .replace(/^\((.*)\)$/, '$1');
  return inner.replace(/[A-Z][a-z]{2}/g, (code) => THREE_LETTERS[code] ?? code);
}

/** The first residue that a protein change is of; null where it does not say it. */
export function residueOf(change: string | null): number | null {
  const [, residue] = /^[A-Z](\d+)/.exec(change ?? '') ?? [];
  return residue === undefined ? null : Number(residue);
}

const SUBSTITUTION = /^([A-Z])(\d+)([A-Z*=])$/;

/** What a protein change says of itself; null where it cannot be told from its form. */
export function consequenceOf(change: string | null): VariantConsequence | null {
  if (change === null) return null;
  if (/fs/i.test(change)) return 'FRAMESHIFT';
  if (/^M1(?!\d)/.test(change)) return 'START_LOST';
  const [, from, , to] = SUBSTITUTION.exec(change) ?? [];
  if (to === '*') return 'NONSENSE';
  if (to !== undefined) return to === '=' || from === to ? 'SYNONYMOUS' : 'MISSENSE';
  if (/delins/i.test(change)) return null;
  if (/(ins|dup)/i.test(change)) return 'INFRAME_INSERTION';
  return /del/i.test(change) ? 'INFRAME_DELETION' : null;
}
