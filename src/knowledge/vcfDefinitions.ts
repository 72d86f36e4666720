import type { GeneDefinition } from '../genotypes/definitions.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

/** The positions that are looked up in a VCF: CYP2C9 *2 and *3, VKORC1 -1639. */
const LOOKED_UP = new Set(['rs1799853', 'rs1057910', 'rs9923231']);

/** The genes that a VCF is called for, reduced to the looked-up positions and the alleles that these define. */
export function vcfDefinitions(knowledge: KnowledgeSnapshot): GeneDefinition[] {
  return ['CYP2C9', 'VKORC1'].flatMap((gene) => {
    const definition = knowledge.definitionByGene.get(gene);
    if (!definition) return [];
    const defined = (rsids: readonly string[]) => rsids.length > 0 && rsids.every((rsid) => LOOKED_UP.has(rsid));
    return [
      {
        ...definition,
        positions: definition.positions.filter(({ rsid }) => LOOKED_UP.has(rsid)),
        alleles: definition.alleles.filter((allele, index) => index === 0 || defined(Object.keys(allele.defining))),
      },
    ];
  });
}
