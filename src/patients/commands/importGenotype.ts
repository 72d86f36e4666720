import { createHash } from 'node:crypto';
import { AvicennaError } from '../../errors.ts';
import type { GeneCall } from '../../genotypes/call.ts';
import { type Panel, SampleCaller, withStated } from '../../genotypes/callSample.ts';
import type { GeneDefinition } from '../../genotypes/definitions.ts';
import { joinStated, type OutsideCall, statedCall } from '../../genotypes/outsideCalls.ts';
import { readVcf } from '../../genotypes/readVcf.ts';
import { vcfTextLines } from '../../genotypes/vcfLines.ts';
import type { Sex } from '../record.ts';
import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface StatedResult {
  readonly gene: string;
  readonly diplotype?: string | null | undefined;
  readonly phenotype?: string | null | undefined;
  readonly activityScore?: string | null | undefined;
}

export interface ImportGenotype {
  /** The text of a VCF. */
  readonly vcf?: string | null | undefined;
  /** Which sample of the VCF; may be left out where there is one. */
  readonly sample?: string | null | undefined;
  /** Results that a laboratory states. */
  readonly outsideCalls?: readonly StatedResult[] | null | undefined;
}

/** What genotypes are called with. */
export interface CallingKnowledge {
  readonly panel: Panel;
  readonly definition: (gene: string) => GeneDefinition | undefined;
  readonly release: string;
}

const MAX_VCF_CHARACTERS = 5_000_000;

interface CalledSample {
  readonly sample: string;
  readonly calls: readonly GeneCall[];
}

async function callVcf(
  vcf: string,
  input: ImportGenotype,
  { panel }: CallingKnowledge,
  sex: Sex,
  check: InputCheck,
): Promise<CalledSample | null> {
  if (vcf.length > MAX_VCF_CHARACTERS) {
    check.add('TOO_LARGE', 'vcf', `A VCF may have ${MAX_VCF_CHARACTERS} characters here.`);
    return null;
  }
  try {
    const readings = await readVcf(vcfTextLines(vcf), panel.positions, 'vcf');
    const number = !input.sample && readings.samples.length === 1 ? 0 : readings.samples.indexOf(input.sample ?? '');
    const sample = readings.samples[number];
    if (sample === undefined) {
      const several = `The VCF has ${readings.samples.length} samples: name one.`;
      check.add('UNKNOWN_SAMPLE', 'sample', input.sample ? 'The VCF has no sample of that name.' : several);
      return null;
    }
    const options = sex === 'MALE' ? { ...panel.options, sex: 'male' as const } : panel.options;
    return { sample, calls: new SampleCaller({ ...panel, options }, readings).call(number) };
  } catch (error) {
    if (!(error instanceof AvicennaError)) throw error;
    check.add('VCF_INVALID', 'vcf', `${error.at ?? 'vcf'}: ${error.message}`);
    return null;
  }
}

function statedResult(stated: StatedResult, knowledge: CallingKnowledge, check: InputCheck, index: number): GeneCall | null {
  const definition = knowledge.definition(stated.gene);
  if (!definition) {
    check.add('UNKNOWN_GENE', 'outsideCalls.gene', 'The gene is not in the knowledge release.', index);
    return null;
  }
  const text = (value: string | null | undefined) => (value?.trim() ? value.trim() : null);
  const outside: OutsideCall = {
    gene: stated.gene,
    diplotype: text(stated.diplotype),
    phenotype: text(stated.phenotype),
    activityScore: text(stated.activityScore),
  };
  if (!(outside.diplotype ?? outside.phenotype ?? outside.activityScore)) {
    check.add('REQUIRED', 'outsideCalls.diplotype', 'A diplotype, a phenotype or an activity score is needed.', index);
    return null;
  }
  const answer = statedCall(definition, outside);
  if ('problem' in answer) {
    check.add('UNKNOWN_ALLELE', 'outsideCalls.diplotype', answer.problem, index);
    return null;
  }
  const unknown = answer.call.warnings.find(({ code }) => code === 'UNKNOWN_ALLELE');
  if (unknown) check.add('UNKNOWN_ALLELE', 'outsideCalls.diplotype', unknown.message, index);
  return answer.call;
}

function statedResults(stated: readonly StatedResult[], knowledge: CallingKnowledge, check: InputCheck): Map<string, GeneCall> {
  const found = new Map<string, GeneCall[]>();
  for (const [index, one] of stated.entries()) {
    const call = statedResult(one, knowledge, check, index);
    if (call) found.set(call.gene, [...(found.get(call.gene) ?? []), call]);
  }
  return new Map([...found].map(([gene, calls]) => [gene, joinStated(calls)]));
}

/**
 * Calls the genotypes of a VCF and records them as one event with the stated results, which win over the file. Genes of
 * which the file has no position are left out.
 * @param sex recorded at birth: a male has one X chromosome
 */
export async function decideImportGenotype(
  input: ImportGenotype,
  context: DecisionContext,
  knowledge: CallingKnowledge,
  sex: Sex,
): Promise<Decision> {
  const check = new InputCheck(context.now);
  const vcf = input.vcf ?? '';
  const stated = input.outsideCalls ?? [];
  if (vcf === '' && stated.length === 0) check.add('REQUIRED', 'vcf', 'A VCF or outside calls are needed.');
  const called = vcf === '' ? null : await callVcf(vcf, input, knowledge, sex, check);
  const outside = statedResults(stated, knowledge, check);
  const genes = new Set(called?.calls.map(({ gene }) => gene));
  const calls = [
    ...withStated(called?.calls ?? [], outside).filter(({ status }) => status !== 'NOT_TESTED'),
    ...[...outside.values()].filter(({ gene }) => !genes.has(gene)),
  ];
  const fileDigest = vcf === '' ? null : createHash('sha256').update(vcf).digest('hex');
  const payload = { sample: called?.sample ?? null, fileDigest, release: knowledge.release, calls };
  return check.decide({ type: 'genotype.imported', payload }, context.now);
}
