import { AvicennaError } from '../errors.ts';
import { diplotypeName, type GeneCall } from '../genotypes/call.ts';
import { lookUpCall } from '../genotypes/lookUpCall.ts';
import { readVcf, type SampleReading, vcfFileLines } from '../genotypes/readVcf.ts';
import { lookupKeysOf, recommend } from '../knowledge/recommend.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { vcfDefinitions } from '../knowledge/vcfDefinitions.ts';
import { line, refuse } from './output.ts';
import { PLACES } from './places.ts';
import { recommendationShape, recommendationText } from './shapes.ts';

export interface GenotypeOptions {
  readonly sample: readonly string[];
  readonly recommend?: boolean;
  readonly json?: boolean;
}

function geneShape(call: GeneCall) {
  const { gene, status, source, phased, diplotypes, missing, warnings } = call;
  return { gene, status, source, phased, diplotypes: diplotypes.map(diplotypeName), lookup: diplotypes, missing, warnings };
}

function inWords(sample: string, calls: readonly GeneCall[]): string {
  const genes = calls.map((call) => {
    const found = call.diplotypes.map((diplotype) => `${diplotypeName(diplotype)} (${diplotype.phenotype ?? 'no phenotype'})`).join(' or ');
    const warnings = call.warnings.map(({ message }) => `\n    ${message}`).join('');
    return `  ${call.gene}: ${call.status === 'CALLED' ? found : call.status}${warnings}`;
  });
  return [sample, ...genes].join('\n');
}

async function print(sample: SampleReading, knowledge: KnowledgeSnapshot, options: GenotypeOptions): Promise<void> {
  const calls = vcfDefinitions(knowledge).map((definition) => lookUpCall(definition, sample));
  const recommendations = options.recommend ? recommend(knowledge, lookupKeysOf(knowledge, calls)) : [];
  if (options.json) {
    const shown = options.recommend ? { recommendations: recommendations.map((found) => recommendationShape(knowledge, found)) } : {};
    await line(JSON.stringify({ sample: sample.sample, release: knowledge.release.name, genes: calls.map(geneShape), ...shown }));
    return;
  }
  await line([inWords(sample.sample, calls), ...recommendations.map(recommendationText)].join('\n'));
}

/** One object per sample, in the file's order or in the order of the samples named. */
export async function genotype(file: string, options: GenotypeOptions): Promise<void> {
  const knowledge = readShippedKnowledge(PLACES.graphSeed);
  const positions = vcfDefinitions(knowledge).flatMap((definition) => definition.positions);
  const samples = await readVcf(vcfFileLines(file), positions, file);
  const wanted = options.sample.length > 0 ? options.sample : samples.map(({ sample }) => sample);
  for (const name of wanted) {
    const sample = samples.find((candidate) => candidate.sample === name);
    if (sample) await print(sample, knowledge, options);
    else await refuse(new AvicennaError('BAD_USER_INPUT', `The VCF has no sample '${name}'.`, file), options.json ?? false);
  }
}
