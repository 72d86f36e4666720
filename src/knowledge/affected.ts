/** What a change of knowledge does to one person: phenotypes and recommendations under both releases, where they differ. Pure. */
import { diplotypeName, type GeneCall } from '../genotypes/call.ts';
import { callGene } from '../genotypes/callGene.ts';
import { locationOf } from '../genotypes/definitions.ts';
import { lookupsOf } from '../genotypes/phenotype.ts';
import { recordedReading } from '../genotypes/recorded.ts';
import { advise } from './advise.ts';
import { genotypeKnowledge } from './genotypePanel.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

export interface PhenotypeChange {
  readonly gene: string;
  readonly before: string;
  readonly after: string;
}

export interface RecommendationChange {
  readonly drug: string;
  readonly population: string;
  /** What is advised, in words; null where there is no guidance. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Affected {
  readonly phenotypes: readonly PhenotypeChange[];
  readonly recommendations: readonly RecommendationChange[];
}

/** The call as another release makes it: from the bases read, or from the alleles stated. Null where the release lacks the gene. */
function underRelease(call: GeneCall, from: KnowledgeSnapshot, to: KnowledgeSnapshot): GeneCall | null {
  const definition = to.definitionByGene.get(call.gene);
  if (!definition) return null;
  const known = new Set(from.definitionByGene.get(call.gene)?.positions.map(locationOf) ?? []);
  const gene = genotypeKnowledge(to).panel.genes.find((one) => one.definition.gene === call.gene);
  const reading = gene ? recordedReading(definition, call, known) : null;
  if (gene && reading) return callGene(gene, reading);
  const alleles = call.lookup.filter((one) => one.alleles.length > 0);
  return alleles.length < call.lookup.length
    ? call
    : { ...call, lookup: call.lookup.flatMap((one) => lookupsOf(definition, one.alleles)).slice(0, call.lookup.length) };
}

function meaning(call: GeneCall | null): string {
  if (!call || call.lookup.length === 0) return 'no call';
  const phenotypes = [
    ...new Set(call.lookup.map(({ phenotype, activityScore, lookupKey }) => phenotype ?? lookupKey ?? activityScore ?? 'no phenotype')),
  ];
  return `${[...call.diplotypes.map(diplotypeName), ...call.variants].join(' or ')}: ${phenotypes.join(' or ')}`;
}

/** What is advised on every drug, by drug and population. */
function advised(knowledge: KnowledgeSnapshot, calls: readonly GeneCall[], taken: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { rule, applies } of advise(knowledge, calls, taken, [...knowledge.rulesByDrug.keys()])) {
    if (!applies) continue;
    const key = `${rule.drug}\t${rule.population}`;
    const words = `${rule.action} [${rule.classification}] ${rule.text}`;
    found.set(key, found.has(key) ? `${found.get(key)} / ${words}` : words);
  }
  return found;
}

/**
 * @param calls the person's results, made under `from`
 * @param taken generic names of the drugs taken now
 */
export function affectedBy(calls: readonly GeneCall[], taken: readonly string[], from: KnowledgeSnapshot, to: KnowledgeSnapshot): Affected {
  const renewed = calls.map((call) => ({ call, after: underRelease(call, from, to) }));
  const phenotypes = renewed
    .map(({ call, after }) => ({ gene: call.gene, before: meaning(call), after: meaning(after) }))
    .filter(({ before, after }) => before !== after);
  const before = advised(from, calls, taken);
  const after = advised(
    to,
    renewed.flatMap((one) => one.after ?? []),
    taken,
  );
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  const recommendations = keys
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => {
      const [drug = '', population = ''] = key.split('\t');
      return { drug, population, before: before.get(key) ?? null, after: after.get(key) ?? null };
    });
  return { phenotypes, recommendations };
}
