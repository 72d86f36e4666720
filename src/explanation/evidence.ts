/** The graph's evidence for a driver, and whether it points the same way as the model. */
import type { Attribution } from './explain.ts';

export type EvidenceAgreement = 'AGREES' | 'CONFLICTS' | 'NO_DIRECTION' | 'NO_EVIDENCE';

/** What the knowledge says of a player for this patient; given by the caller, who has the knowledge. */
export interface PlayerEvidence<Path> {
  readonly paths: readonly Path[];
  /** Which way the evidence moves the answer against an average patient; null where it does not say. */
  readonly direction: 'UP' | 'DOWN' | null;
}

/** AGREES where the sign of the contribution is the one that the evidence expects. */
export function agreement(attribution: Pick<Attribution, 'contribution'>, evidence: PlayerEvidence<unknown>): EvidenceAgreement {
  if (evidence.paths.length === 0) return 'NO_EVIDENCE';
  if (evidence.direction === null || attribution.contribution === 0) return 'NO_DIRECTION';
  return (evidence.direction === 'UP') === attribution.contribution > 0 ? 'AGREES' : 'CONFLICTS';
}
