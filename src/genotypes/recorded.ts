/** A recorded call turned back into what was read, so that it can be called again: under another release, or with one position changed. */
import type { GeneCall, PositionEvidence } from './call.ts';
import { positionsToRead } from './callGene.ts';
import { type GeneDefinition, locationOf, type Position } from './definitions.ts';
import type { GeneReading, Reading } from './observation.ts';

function readingOf(position: Position, evidence: PositionEvidence | undefined): Reading | null {
  const genotype = (bases: string, phaseSet: string | null): Reading => {
    const [first = null, second = null] = bases.split(/[/|]/);
    const undocumented = [...new Set([first, second])].filter(
      (base) => base !== null && base !== '.' && base !== position.ref && !position.alts.includes(base),
    ) as string[];
    const observation = { bases: [first, second] as const, phased: !bases.includes('/'), phaseSet, undocumented };
    return { kind: 'genotype', line: 0, observation, notes: [] };
  };
  if (!evidence) return genotype(`${position.ref}/${position.ref}`, null);
  if (evidence.state === 'SEEN' && evidence.bases !== null) return genotype(evidence.bases, evidence.phaseSet);
  if (evidence.state === 'MISSING') return null;
  return { kind: 'unusable', line: 0, code: 'GENOTYPE_UNREADABLE', reason: `${position.rsid} (${evidence.location}) could not be read.` };
}

/**
 * What was read for a call from a VCF, in the order of the definition's positions; null for a call that was stated. A
 * position that the definition has gained since counts as missing.
 * @param known locations that the call was made with; those not among them were not looked at
 */
export function recordedReading(definition: GeneDefinition, call: GeneCall, known: ReadonlySet<string> | null = null): GeneReading | null {
  if (call.source !== 'VCF') return null;
  const evidence = new Map(call.evidence.map((one) => [one.location, one]));
  return positionsToRead(definition).map((position) => {
    const location = locationOf(position);
    if (known && !known.has(location) && !evidence.has(location)) return null;
    return readingOf(position, evidence.get(location));
  });
}
