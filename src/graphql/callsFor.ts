/** Genotypes as far as an answer about something else may rest on them. */
import type { Actor } from '../access/actor.ts';
import { covers } from '../access/scopes.ts';
import type { GeneCall } from '../genotypes/call.ts';
import type { PatientRecord } from '../patients/record.ts';

/** None for a token that reads no genotypes: what is said of drugs would tell them. */
export const callsFor = ({ scopes }: Actor, { calls }: PatientRecord): GeneCall[] =>
  covers(scopes, 'MolecularSequence', 'r') ? calls.map(({ call }) => call) : [];
