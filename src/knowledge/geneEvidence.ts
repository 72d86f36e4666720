import type { GeneCall } from '../genotypes/call.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

/** Allele functions that lower the dose a patient needs (slower clearance or higher sensitivity). Source: CPIC allele function terms. */
const LOWERING = new Set(['Decreased function', 'No function', 'Higher coumarin sensitivity']);

/**
 * Which way a called gene moves the needed dose against an average patient: DOWN with a lowering allele, UP with none;
 * null where the call leaves it open.
 */
export function doseDirectionOf(knowledge: KnowledgeSnapshot, call: GeneCall): 'UP' | 'DOWN' | null {
  const alleles = knowledge.definitionByGene.get(call.gene)?.alleles ?? [];
  const directions = new Set(
    call.diplotypes.map((diplotype) =>
      diplotype.alleles.some((name) => LOWERING.has(alleles.find((allele) => allele.name === name)?.function ?? '')) ? 'DOWN' : 'UP',
    ),
  );
  return directions.size === 1 ? ([...directions][0] ?? null) : null;
}
