/**
 * Why a gene or a drug matters for a drug: the paths of the graph from a patient's variant over its allele, gene and
 * guideline to the drug, or from drug to drug over an interaction. The same edges lie in the graph
 * (DEFINES, OF_GENE, ABOUT_GENE, FOR_DRUG, BETWEEN); each step names the source that states it.
 */
import type { GeneCall } from '../genotypes/call.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

export type PathNodeKind =
  | 'VARIANT'
  | 'ALLELE'
  | 'GENE'
  | 'GUIDELINE'
  | 'DRUG'
  | 'INTERACTION'
  | 'ALTERATION'
  | 'PROFILE'
  | 'EVIDENCE'
  | 'DISEASE';

export interface PathNode {
  readonly kind: PathNodeKind;
  /** The node's own key: rsid, `GENE allele`, symbol, guideline id, drug name, interaction id. */
  readonly key: string;
  readonly label: string;
}

export interface EvidencePath {
  readonly nodes: readonly PathNode[];
  /** One less than the nodes: how each node leads to the next. */
  readonly relations: readonly string[];
  readonly source: string;
  readonly url: string | null;
  readonly level: string | null;
  readonly asOf: string | null;
  readonly release: string;
}

function variantNodes(knowledge: KnowledgeSnapshot, gene: string, allele: string): PathNode[][] {
  const named = knowledge.definitionByGene.get(gene)?.alleles.find(({ name }) => name === allele);
  const alleleNode: PathNode = {
    kind: 'ALLELE',
    key: `${gene} ${allele}`,
    label: `${gene} ${allele}: ${named?.function?.toLowerCase() ?? 'function not in the table'}`,
  };
  const variants = (knowledge.variantsByGene.get(gene) ?? []).filter(({ position }) => named?.defining?.has(position) ?? false);
  if (variants.length === 0) return [[alleleNode]];
  return variants.map(({ rsid, label }) => [{ kind: 'VARIANT' as const, key: rsid, label: `${rsid} ${label}` }, alleleNode]);
}

/** For each allele that the patient carries: variant -> allele -> gene -> guideline -> drug. */
export function genePaths(knowledge: KnowledgeSnapshot, call: GeneCall, drugName: string): EvidencePath[] {
  const gene = knowledge.geneBySymbol.get(call.gene);
  const drug = knowledge.drugByName.get(drugName);
  const guidelines = knowledge.guidelines.filter(({ genes, drugs }) => genes.includes(call.gene) && drugs.includes(drugName));
  if (!gene || !drug) return [];
  const alleles = [...new Set(call.diplotypes.flatMap((diplotype) => diplotype.alleles))];
  return guidelines.flatMap((guideline) =>
    alleles
      .flatMap((allele) => variantNodes(knowledge, call.gene, allele))
      .map((start) => ({
        nodes: [
          ...start,
          { kind: 'GENE' as const, key: gene.symbol, label: gene.symbol },
          { kind: 'GUIDELINE' as const, key: guideline.id, label: guideline.title },
          { kind: 'DRUG' as const, key: drug.name, label: drug.name },
        ],
        relations: [...(start.length === 2 ? ['DEFINES'] : []), 'OF_GENE', 'ABOUT_GENE', 'FOR_DRUG'],
        source: guideline.publisher,
        url: guideline.url,
        level: knowledge.rulesByDrug.get(drugName)?.find(({ guideline: id }) => id === guideline.id)?.classification ?? null,
        asOf: guideline.year,
        release: knowledge.release.name,
      })),
  );
}

/** drug -> interaction -> drug, for one taken drug that interacts with another. */
export function interactionPaths(knowledge: KnowledgeSnapshot, taken: string, drugName: string): EvidencePath[] {
  return knowledge.interactions
    .filter(({ drugs }) => drugs.includes(taken) && drugs.includes(drugName) && taken !== drugName)
    .map((interaction) => ({
      nodes: [
        { kind: 'DRUG' as const, key: taken, label: taken },
        { kind: 'INTERACTION' as const, key: interaction.id, label: `${interaction.effect} (${interaction.severity.toLowerCase()})` },
        { kind: 'DRUG' as const, key: drugName, label: drugName },
      ],
      relations: ['BETWEEN', 'BETWEEN'],
      source: interaction.source,
      url: interaction.pmid === '' ? null : `https://pubmed.ncbi.nlm.nih.gov/${interaction.pmid}/`,
      level: interaction.severity,
      asOf: null,
      release: knowledge.release.name,
    }));
}
