/** What is known of a therapy's effect on tumours with a molecular profile, after CIViC's model of evidence (Krysiak et al., NAR 2023;51:D1230). */

/** A validated association; B clinical; C case study; D preclinical; E inferential. */
export const EVIDENCE_LEVELS = ['A', 'B', 'C', 'D', 'E'] as const;
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number];

export const EVIDENCE_DIRECTIONS = ['SUPPORTS', 'DOES_NOT_SUPPORT'] as const;
export type EvidenceDirection = (typeof EVIDENCE_DIRECTIONS)[number];

export const EVIDENCE_SIGNIFICANCES = ['SENSITIVITY', 'RESISTANCE', 'REDUCED_SENSITIVITY', 'ADVERSE_RESPONSE'] as const;
export type EvidenceSignificance = (typeof EVIDENCE_SIGNIFICANCES)[number];

/** How several therapies of one item belong together; SUBSTITUTES: each by itself. */
export const THERAPY_GROUPINGS = ['COMBINATION', 'SEQUENTIAL', 'SUBSTITUTES'] as const;
export type TherapyGrouping = (typeof THERAPY_GROUPINGS)[number];

export interface PredictiveEvidence {
  /** As in EID2994. */
  readonly id: string;
  /** Molecular profile by its name, as in `EGFR L858R` or `BRAF V600E AND BRAF Amplification`. */
  readonly profile: string;
  /** DOID, or `name:solid tumor` where there is none. */
  readonly disease: string;
  readonly diseaseName: string;
  readonly therapies: readonly string[];
  /** Null where there is one therapy. */
  readonly together: TherapyGrouping | null;
  readonly direction: EvidenceDirection;
  readonly significance: EvidenceSignificance;
  readonly level: EvidenceLevel;
  /** CIViC's editors on the item itself, 1 to 5 stars; null where not rated. */
  readonly rating: number | null;
  /** Origin of the variants that were studied; null where it plays no part or is not told. */
  readonly origin: 'SOMATIC' | 'GERMLINE' | null;
  /** As in PMID:23816960. */
  readonly citation: string;
  /** ISO date on which the publisher last looked at it. */
  readonly reviewed: string | null;
}

/** Where the cited paper is; null of a citation that is no PubMed id. */
export function citationUrl(citation: string): string | null {
  const [, pmid] = /^PMID:(\d+)$/.exec(citation) ?? [];
  return pmid === undefined ? null : `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`;
}
