/** What was read at a gene's positions, and what each decides. */
import type { CallWarning, PositionEvidence } from './call.ts';
import { type GeneDefinition, locationOf, type Position } from './definitions.ts';
import { basesText, type GeneReading, observationOf, type Reading } from './observation.ts';

const deciders = new WeakMap<GeneDefinition, ReadonlyMap<number, string>>();

/** For every position, the alleles that it helps to define, in words. */
function decidedBy(definition: GeneDefinition): ReadonlyMap<number, string> {
  let known = deciders.get(definition);
  if (!known) {
    const lists = new Map<number, string[]>();
    for (const { name, defining, function: effect } of definition.alleles.slice(1)) {
      for (const position of defining?.keys() ?? []) {
        const list = lists.get(position) ?? [];
        list.push(effect === null ? name : `${name} (${effect.toLowerCase()})`);
        lists.set(position, list);
      }
    }
    known = new Map(
      [...lists].map(([position, list]) => [
        position,
        `${definition.gene} ${list.slice(0, 6).join(', ')}${list.length > 6 ? ` and ${list.length - 6} more` : ''}`,
      ]),
    );
    deciders.set(definition, known);
  }
  return known;
}

/** One position: its state, bases and what it decides. */
export function positionEvidence(definition: GeneDefinition, position: Position, reading: Reading | null): PositionEvidence {
  const seen = observationOf(reading);
  const unread = reading === null || (reading.kind === 'unusable' && reading.code === 'GENOTYPE_MISSING');
  return {
    rsid: position.rsid,
    location: locationOf(position),
    state: seen ? 'SEEN' : unread ? 'MISSING' : 'UNREADABLE',
    bases: seen ? basesText(seen) : null,
    phaseSet: seen?.phaseSet ?? null,
    decides: decidedBy(definition).get(position.position) ?? 'no allele: guidance asks for it',
  };
}

/** Every position but those that show the reference base on both copies. Empty where the file has no position at all. */
export function evidenceOf(definition: GeneDefinition, reading: GeneReading): PositionEvidence[] {
  if (definition.positions.every((_, index) => !reading[index])) return [];
  return [...definition.positions, ...definition.markers].flatMap((position, index) => {
    const one = reading[index] ?? null;
    const bases = observationOf(one)?.bases;
    if (bases && bases[0] === position.ref && bases[1] === position.ref) return [];
    return [positionEvidence(definition, position, one)];
  });
}

const LISTED = 5;

/** Warnings about what was read; positions that are missing are told together. */
export function readingWarnings(definition: GeneDefinition, reading: GeneReading): CallWarning[] {
  const warnings: CallWarning[] = [];
  const missing: string[] = [];
  for (const [index, position] of definition.positions.entries()) {
    const one = reading[index] ?? null;
    if (one === null) missing.push(`${position.rsid} (${locationOf(position)})`);
    else if (one.kind === 'unusable') warnings.push({ code: one.code, message: one.reason });
    else warnings.push(...one.notes);
  }
  if (missing.length > 0 && missing.length < definition.positions.length) {
    const more = missing.length > LISTED ? ` and ${missing.length - LISTED} more` : '';
    warnings.unshift({
      code: 'POSITION_MISSING',
      message: `Not in the file: ${missing.slice(0, LISTED).join(', ')}${more}; absent is not the same as reference.`,
    });
  }
  return warnings;
}
