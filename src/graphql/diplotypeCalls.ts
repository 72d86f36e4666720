/** Gene results as the schema shows them: pure over the record and the knowledge. */
import { type GeneCall, type PositionEvidence } from '../genotypes/call.ts';
import { type CallableGene, type CallOptions, positionsToRead } from '../genotypes/callGene.ts';
import { positionEvidence } from '../genotypes/evidence.ts';
import type { GeneReading } from '../genotypes/observation.ts';
import { recordedReading } from '../genotypes/recorded.ts';
import { genotypeKnowledge } from '../knowledge/genotypePanel.ts';
import { isShifted, phenoconvert } from '../knowledge/phenoconversion.ts';
import { populationOf, posteriors } from '../knowledge/posterior.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { type PatientRecord, type RecordedCall, takenAt } from '../patients/record.ts';

/** A gene result with when and with what it was made, and whose it is. */
export type ShownCall = ReturnType<typeof showCall>;

export function showCall({ call, ...recorded }: RecordedCall, patient: PatientRecord) {
  return { ...call, ...recorded, call, patient };
}

export interface Recalled {
  readonly gene: CallableGene;
  readonly reading: GeneReading;
  readonly options: CallOptions;
}

/** What is needed to call a recorded result again; null for a stated one, or one made with another release. */
export function recall(knowledge: KnowledgeSnapshot, { call, release, patient }: ShownCall): Recalled | null {
  const { panel } = genotypeKnowledge(knowledge);
  const gene = panel.genes.find(({ definition }) => definition.gene === call.gene);
  const reading = gene && release === knowledge.release.name ? recordedReading(gene.definition, call) : null;
  if (!gene || !reading) return null;
  return { gene, reading, options: patient.sexAtBirth === 'MALE' ? { ...panel.options, sex: 'male' } : panel.options };
}

/** Every position of the gene with what was read there; for a result of another release, those that were recorded. */
export function allEvidence(knowledge: KnowledgeSnapshot, shown: ShownCall): readonly PositionEvidence[] {
  const recalled = recall(knowledge, shown);
  if (!recalled) return shown.call.evidence;
  const { gene, reading } = recalled;
  return positionsToRead(gene.definition).map((position, index) => positionEvidence(gene.definition, position, reading[index] ?? null));
}

/** The phenotype of several lookups where they agree. */
function agreed(lookup: readonly { readonly phenotype: string | null }[]): string | null {
  const [only = null, ...others] = [...new Set(lookup.map(({ phenotype }) => phenotype))];
  return others.length === 0 ? only : null;
}

export function agreedPhenotype({ call }: ShownCall): string | null {
  return call.status === 'CALLED' ? agreed(call.lookup) : null;
}

export function underMedications(knowledge: KnowledgeSnapshot, { call, patient }: ShownCall, at: string) {
  const converted = phenoconvert(knowledge, call, takenAt(patient, at));
  if (!converted) return { phenotype: null, modulators: [] };
  return { phenotype: isShifted(call, converted) ? agreed(converted.lookup) : null, modulators: converted.modulators };
}

/** Pairs with their probabilities among all that fit, in the population that the recorded ancestry names. */
export function withPosteriors(knowledge: KnowledgeSnapshot, { call, patient }: ShownCall, pairs: GeneCall['diplotypes']) {
  const population = populationOf(knowledge, patient.ancestry);
  const known = population === null ? null : posteriors(knowledge, call, population);
  return pairs.map((pair) => ({ ...pair, posterior: known?.get(pair.alleles.join('/')) ?? null }));
}
