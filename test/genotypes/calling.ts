/** A VCF given as text, called in this process with the shipped definitions. */
import type { GeneCall } from '../../src/genotypes/call.ts';
import type { CallOptions } from '../../src/genotypes/callGene.ts';
import { type Panel, preparePanel, SampleCaller } from '../../src/genotypes/callSample.ts';
import type { GeneDefinition } from '../../src/genotypes/definitions.ts';
import { readVcf } from '../../src/genotypes/readVcf.ts';
import { vcfTextLines } from '../../src/genotypes/vcfLines.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';

export const knowledge = readShippedKnowledge('graph-seed');

export function definitionOf(gene: string): GeneDefinition {
  const definition = knowledge.definitionByGene.get(gene);
  if (!definition) throw new Error(`no definition of ${gene}`);
  return definition;
}

export function panelOf(genes: readonly string[] | null = null, options: CallOptions = {}): Panel {
  return preparePanel(genes === null ? knowledge.definitions : genes.map(definitionOf), options);
}

/** Every sample's calls, by sample and gene. */
export async function cohortCalls(text: string, panel: Panel): Promise<Map<string, Map<string, GeneCall>>> {
  const readings = await readVcf(vcfTextLines(text), panel.positions, 'test.vcf');
  const caller = new SampleCaller(panel, readings);
  return new Map(readings.samples.map((name, index) => [name, new Map(caller.call(index).map((call) => [call.gene, call]))]));
}

/** The call of one gene for the first sample. */
export async function callOf(gene: string, text: string, options: CallOptions = {}): Promise<GeneCall> {
  const [calls] = (await cohortCalls(text, panelOf([gene], options))).values();
  return calls?.get(gene) as GeneCall;
}

/** `*1/*2` for every diplotype. */
export function namesOf({ diplotypes }: Pick<GeneCall, 'diplotypes'>): string[] {
  return diplotypes.map(({ alleles }) => alleles.join('/'));
}

export function codesOf({ warnings }: GeneCall): string[] {
  return warnings.map(({ code }) => code);
}
