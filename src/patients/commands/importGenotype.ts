import type { CallWarningCode, GeneCall } from '../../genotypes/call.ts';
import { type Panel, SampleCaller, withStated } from '../../genotypes/callSample.ts';
import type { GeneDefinition } from '../../genotypes/definitions.ts';
import { joinStated, type OutsideCall, statedCall, withEarlierStatuses } from '../../genotypes/outsideCalls.ts';
import type { Sex } from '../record.ts';
import { type Decision, InputCheck, type PatientContext } from './decision.ts';
import type { GenotypeFile, ReadGenotypes } from './genotypeFile.ts';

export interface StatedResult {
  readonly gene: string;
  readonly diplotype?: string | null | undefined;
  readonly phenotype?: string | null | undefined;
  readonly activityScore?: string | null | undefined;
}

export interface ImportGenotype {
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

interface CalledSample {
  readonly sample: string;
  readonly calls: readonly GeneCall[];
}

function callSample(
  { readings }: ReadGenotypes,
  named: string | null | undefined,
  { panel }: CallingKnowledge,
  sex: Sex,
  check: InputCheck,
): CalledSample | null {
  const number = !named && readings.samples.length === 1 ? 0 : readings.samples.indexOf(named ?? '');
  const sample = readings.samples[number];
  if (sample === undefined) {
    const several = `The VCF has ${readings.samples.length} samples: name one.`;
    check.add('UNKNOWN_SAMPLE', 'sample', named ? 'The VCF has no sample of that name.' : several);
    return null;
  }
  const options = sex === 'MALE' ? { ...panel.options, sex: 'male' as const } : panel.options;
  return { sample, calls: new SampleCaller({ ...panel, options }, readings).call(number) };
}

/** Stated terms that cannot be recorded, and how the input is refused. */
const REFUSED: { readonly [Code in CallWarningCode]?: { readonly code: 'UNKNOWN_ALLELE' | 'INVALID'; readonly field: string } } = {
  UNKNOWN_ALLELE: { code: 'UNKNOWN_ALLELE', field: 'diplotype' },
  UNKNOWN_PHENOTYPE: { code: 'INVALID', field: 'phenotype' },
  UNKNOWN_ACTIVITY_SCORE: { code: 'INVALID', field: 'activityScore' },
};

function statedResult(stated: StatedResult, knowledge: CallingKnowledge, check: InputCheck, index: number): GeneCall | null {
  const definition = knowledge.definition(stated.gene.trim().toUpperCase());
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
  const complaints = 'problem' in answer ? [{ code: answer.code, message: answer.problem }] : answer.call.warnings;
  for (const { code, message } of complaints) {
    const refusal = REFUSED[code];
    if (refusal) check.add(refusal.code, `outsideCalls.${refusal.field}`, message, index);
  }
  return 'problem' in answer ? null : answer.call;
}

function statedResults(stated: readonly StatedResult[], knowledge: CallingKnowledge, check: InputCheck): Map<string, GeneCall> {
  const found = new Map<string, GeneCall[]>();
  for (const [index, one] of stated.entries()) {
    const call = statedResult(one, knowledge, check, index);
    if (call) found.set(call.gene, [...(found.get(call.gene) ?? []), call]);
  }
  return new Map([...found].map(([gene, calls]) => [gene, joinStated(calls)]));
}

/** A VCF that was read, and the input's field that it came in. */
export interface SentGenotypes {
  readonly field: 'vcf' | 'file';
  readonly file: GenotypeFile;
}

const isStated = ({ source, status }: GeneCall) => source === 'OUTSIDE' && status === 'CALLED';

/**
 * What of a file is recorded beside results that were stated earlier: those stay, with a note of what the file says
 * where it says anything.
 */
function besideStated(calls: readonly GeneCall[], context: PatientContext, release: string): GeneCall[] {
  const earlier = new Map(context.record.calls.flatMap((one) => (isStated(one.call) ? [[one.call.gene, one]] : [])));
  return calls.flatMap((call) => {
    const recorded = earlier.get(call.gene);
    if (!recorded) return [call];
    if (call.status !== 'CALLED' || recorded.release !== release) return [];
    const own = { ...recorded.call, warnings: recorded.call.warnings.filter(({ code }) => code !== 'OUTSIDE_USED') };
    return withStated([call], new Map([[call.gene, own]]));
  });
}

/** Stated results with the allele statuses that were stated earlier. */
function withRecorded(stated: ReadonlyMap<string, GeneCall>, { record }: PatientContext): Map<string, GeneCall> {
  const before = new Map(record.calls.flatMap(({ call }) => (isStated(call) ? [[call.gene, call]] : [])));
  return new Map(
    [...stated].map(([gene, call]) => {
      const earlier = before.get(gene);
      return [gene, earlier ? withEarlierStatuses(call, earlier) : call];
    }),
  );
}

/**
 * Calls the genotypes of a VCF and records them as one event with the stated results, which win over a file, this one or
 * a later one, until another result is stated. Genes of which the file has no position are left out.
 * @param sent the VCF; null where there are stated results only
 * @param context with the sex recorded at birth: a male has one X chromosome
 */
export function decideImportGenotype(
  input: ImportGenotype,
  sent: SentGenotypes | null,
  context: PatientContext,
  knowledge: CallingKnowledge,
): Decision {
  const check = new InputCheck(context.now);
  const stated = input.outsideCalls ?? [];
  if (sent === null && stated.length === 0) check.add('REQUIRED', 'vcf', 'A VCF or outside calls are needed.');
  if (sent && 'code' in sent.file) check.add(sent.file.code, sent.field, sent.file.message);
  const file = sent && 'readings' in sent.file ? sent.file : null;
  const called = file && callSample(file, input.sample, knowledge, context.record.sexAtBirth, check);
  const outside = withRecorded(statedResults(stated, knowledge, check), context);
  const tested = (called?.calls ?? []).filter(({ status, gene }) => status !== 'NOT_TESTED' && !outside.has(gene));
  const both = withStated(
    (called?.calls ?? []).filter(({ gene }) => outside.has(gene)),
    outside,
  );
  const genes = new Set(both.map(({ gene }) => gene));
  const calls = [
    ...besideStated(tested, context, knowledge.release),
    ...both,
    ...[...outside.values()].filter(({ gene }) => !genes.has(gene)),
  ].sort((a, b) => a.gene.localeCompare(b.gene));
  const payload = { sample: called?.sample ?? null, fileDigest: file?.digest ?? null, release: knowledge.release, calls };
  return check.decide({ type: 'genotype.imported', payload }, context.now);
}
