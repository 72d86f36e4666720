/** What a change of knowledge does to one person: phenotypes and recommendations under both releases, where they differ. Pure. */
import { diplotypeName, type GeneCall } from '../genotypes/call.ts';
import type { CallOptions } from '../genotypes/callGene.ts';
import { advise } from './advise.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';
import { underRelease } from './underRelease.ts';

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

function meaning(call: GeneCall | null): string {
  if (!call || call.lookup.length === 0) return 'no call';
  const phenotypes = [
    ...new Set(call.lookup.map(({ phenotype, activityScore, lookupKey }) => phenotype ?? lookupKey ?? activityScore ?? 'no phenotype')),
  ];
  return `${[...call.diplotypes.map(diplotypeName), ...call.variants].join(' or ')}: ${phenotypes.join(' or ')}`;
}

interface Told {
  readonly words: string[];
  /** What is to be done, without the words for it. */
  readonly deeds: string[];
}

/** What is advised on every drug, by drug and population. */
function advised(knowledge: KnowledgeSnapshot, calls: readonly GeneCall[], taken: readonly string[]): Map<string, Told> {
  const found = new Map<string, Told>();
  for (const { rule, applies } of advise(knowledge, calls, taken, [...knowledge.rulesByDrug.keys()])) {
    if (!applies) continue;
    const key = `${rule.drug}\t${rule.population}`;
    const told = found.get(key) ?? { words: [], deeds: [] };
    told.words.push(`${rule.action} [${rule.classification}] ${rule.text}`);
    told.deeds.push(JSON.stringify([rule.action, rule.classification, rule.doseFactorLow, rule.doseFactorHigh, rule.alternatives]));
    found.set(key, told);
  }
  return found;
}

/**
 * Who is told the same in other words is not affected.
 * @param calls the person's results, made under `from`
 * @param taken generic names of the drugs taken now
 * @param options what the calls were made with, as the sex
 */
export function affectedBy(
  calls: readonly GeneCall[],
  taken: readonly string[],
  from: KnowledgeSnapshot,
  to: KnowledgeSnapshot,
  options: CallOptions = {},
): Affected {
  const renewed = calls.map((call) => ({ call, after: underRelease(call, from, to, options) }));
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
    .filter((key) => before.get(key)?.deeds.join() !== after.get(key)?.deeds.join())
    .map((key) => {
      const [drug = '', population = ''] = key.split('\t');
      const words = (told: Told | undefined) => told?.words.join(' / ') ?? null;
      return { drug, population, before: words(before.get(key)), after: words(after.get(key)) };
    });
  return { phenotypes, recommendations };
}
