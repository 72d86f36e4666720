import { type Panel, preparePanel } from '../genotypes/callSample.ts';
import type { GeneDefinition } from '../genotypes/definitions.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

/** What genotypes are called with: the panel and names of one release. */
export interface GenotypeKnowledge {
  readonly panel: Panel;
  readonly definition: (gene: string) => GeneDefinition | undefined;
  readonly release: string;
}

const prepared = new WeakMap<KnowledgeSnapshot, GenotypeKnowledge>();

/** Prepared once for a release. */
export function genotypeKnowledge(knowledge: KnowledgeSnapshot): GenotypeKnowledge {
  let own = prepared.get(knowledge);
  if (!own) {
    own = {
      panel: preparePanel(knowledge.definitions),
      definition: (gene) => knowledge.definitionByGene.get(gene),
      release: knowledge.release.name,
    };
    prepared.set(knowledge, own);
  }
  return own;
}
