/** Makes what was recorded of a patient unreadable, for good; that it happened, when and why, stays. */
import type { ErasureReason } from '../record.ts';
import type { Decision, DecisionContext } from './decision.ts';

export const decideErasePatient = (reason: ErasureReason, { now }: Pick<DecisionContext, 'now'>): Decision => ({
  event: { type: 'patient.erased', payload: { reason } },
  observedAt: now,
});
