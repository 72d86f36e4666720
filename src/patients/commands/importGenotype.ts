import { createHash } from 'node:crypto';
import { AvicennaError } from '../../errors.ts';
import type { GeneCall } from '../../genotypes/call.ts';
import type { GeneDefinition } from '../../genotypes/definitions.ts';
import { lookUpCall } from '../../genotypes/lookUpCall.ts';
import { phenotypeOf } from '../../genotypes/phenotype.ts';
import { readVcf, type SampleReading, vcfTextLines } from '../../genotypes/readVcf.ts';
import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface ImportGenotype {
  /** The text of a VCF. */
  readonly vcf?: string | null | undefined;
  /** Which sample of the VCF; may be left out where there is one. */
  readonly sample?: string | null | undefined;
  /** Diplotypes that a laboratory states. */
  readonly outsideCalls?: readonly { readonly gene: string; readonly diplotype: string }[] | null | undefined;
}

export interface GenotypeKnowledge {
  /** The definitions that a VCF is called with. */
  readonly vcfDefinitions: readonly GeneDefinition[];
  readonly definition: (gene: string) => GeneDefinition | undefined;
  readonly release: string;
}

const MAX_VCF_CHARACTERS = 5_000_000;

async function pickSample(
  vcf: string,
  input: ImportGenotype,
  knowledge: GenotypeKnowledge,
  check: InputCheck,
): Promise<SampleReading | null> {
  if (vcf.length > MAX_VCF_CHARACTERS) {
    check.add('TOO_LARGE', 'vcf', `An inline VCF may have ${MAX_VCF_CHARACTERS} characters.`);
    return null;
  }
  try {
    const samples = await readVcf(
      vcfTextLines(vcf),
      knowledge.vcfDefinitions.flatMap(({ positions }) => positions),
      'vcf',
    );
    const [only, ...more] = samples;
    if (!input.sample && only && more.length === 0) return only;
    const named = samples.find(({ sample }) => sample === input.sample);
    if (!named)
      check.add(
        'UNKNOWN_SAMPLE',
        'sample',
        input.sample ? 'The VCF has no sample of that name.' : `The VCF has ${samples.length} samples: name one.`,
      );
    return named ?? null;
  } catch (error) {
    if (!(error instanceof AvicennaError)) throw error;
    check.add('VCF_INVALID', 'vcf', `${error.at ?? 'vcf'}: ${error.message}`);
    return null;
  }
}

function outsideCall(
  stated: { gene: string; diplotype: string },
  knowledge: GenotypeKnowledge,
  check: InputCheck,
  index: number,
): GeneCall | null {
  const definition = knowledge.definition(stated.gene);
  if (!definition) {
    check.add('UNKNOWN_GENE', 'outsideCalls.gene', 'The gene is not in the knowledge release.', index);
    return null;
  }
  const answer = phenotypeOf(definition, stated.diplotype);
  if ('problem' in answer) {
    check.add('UNKNOWN_ALLELE', 'outsideCalls.diplotype', answer.problem, index);
    return null;
  }
  return {
    gene: stated.gene,
    status: 'CALLED',
    source: 'OUTSIDE',
    phased: false,
    diplotypes: [answer.diplotype],
    evidence: [],
    missing: [],
    warnings: [],
  };
}

/** Calls the genotypes of a VCF and records them as one event with the stated diplotypes, which win over the file. */
export async function decideImportGenotype(
  input: ImportGenotype,
  context: DecisionContext,
  knowledge: GenotypeKnowledge,
): Promise<Decision> {
  const check = new InputCheck(context.now);
  const calls = new Map<string, GeneCall>();
  const vcf = input.vcf ?? '';
  const stated = input.outsideCalls ?? [];
  if (vcf === '' && stated.length === 0) check.add('REQUIRED', 'vcf', 'A VCF or outside calls are needed.');
  const sample = vcf === '' ? null : await pickSample(vcf, input, knowledge, check);
  if (sample) for (const definition of knowledge.vcfDefinitions) calls.set(definition.gene, lookUpCall(definition, sample));
  for (const [index, outside] of stated.entries()) {
    const call = outsideCall(outside, knowledge, check, index);
    if (call) calls.set(call.gene, call);
  }
  const fileDigest = vcf === '' ? null : createHash('sha256').update(vcf).digest('hex');
  const payload = { sample: sample?.sample ?? null, fileDigest, release: knowledge.release, calls: [...calls.values()] };
  return check.decide({ type: 'genotype.imported', payload }, context.now);
}
