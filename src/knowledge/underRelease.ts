import type { GeneCall } from '../genotypes/call.ts';
import { type CallOptions, callGene } from '../genotypes/callGene.ts';
import { locationOf } from '../genotypes/definitions.ts';
import { lookupsOf } from '../genotypes/phenotype.ts';
import { recordedReading } from '../genotypes/recorded.ts';
import { genotypeKnowledge } from './genotypePanel.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

/** The call as another release makes it: from the bases read, or from the alleles stated. Null where the release lacks the gene. */
export function underRelease(call: GeneCall, from: KnowledgeSnapshot, to: KnowledgeSnapshot, options: CallOptions = {}): GeneCall | null {
  const definition = to.definitionByGene.get(call.gene);
  if (!definition) return null;
  const known = new Set(from.definitionByGene.get(call.gene)?.positions.map(locationOf) ?? []);
  const gene = genotypeKnowledge(to).panel.genes.find((one) => one.definition.gene === call.gene);
  const reading = gene ? recordedReading(definition, call, known) : null;
  if (gene && reading) return callGene(gene, reading, options);
  const alleles = call.lookup.filter((one) => one.alleles.length > 0);
  return alleles.length < call.lookup.length
    ? call
    : { ...call, lookup: call.lookup.flatMap((one) => lookupsOf(definition, one.alleles)).slice(0, call.lookup.length) };
}
