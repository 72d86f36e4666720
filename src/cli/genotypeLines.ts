/** The JSON Lines of `genotype --json`. Loaded by the command and by its worker threads: it reads no file. */
import { AvicennaError, errorLine } from '../errors.ts';
import { diplotypeName, type GeneCall } from '../genotypes/call.ts';
import type { CallOptions } from '../genotypes/callGene.ts';
import { PanelCaller, preparePanel, withStated } from '../genotypes/callSample.ts';
import { type GenotypeColumn, VcfReadings } from '../genotypes/cohortColumns.ts';
import type { GeneDefinition } from '../genotypes/definitions.ts';
import { lookupKeysOf, recommend } from '../knowledge/recommend.ts';
import type { GuidanceRule, KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import type { Stated } from './outsideFiles.ts';
import { recommendationShape } from './shapes.ts';

/** All that lines are made from, as plain data that a worker thread can be given. */
export interface LineSource {
  readonly file: string;
  readonly definitions: readonly GeneDefinition[];
  readonly call: CallOptions;
  readonly columns: readonly (GenotypeColumn | null)[];
  readonly release: string;
  readonly cohort: boolean;
  readonly stated: Stated;
  /** Null where no recommendations are wanted. */
  readonly knowledge: KnowledgeSnapshot | null;
}

/** A sample that was asked for and its number in the file; -1 where the file does not have it. */
export interface WantedSample {
  readonly name: string;
  readonly number: number;
}

/**
 * `variants` has what was found without knowing on which copy. A file of one sample is a person's report, where these
 * stand among the diplotypes as well; in a cohort `diplotypes` has pairs only (docs/adr/0007-calls-equal-pharmcat.md).
 */
function geneShape({ gene, status, source, phased, diplotypes, variants, lookup, alsoFit, missing, warnings }: GeneCall, cohort: boolean) {
  const names = [...diplotypes.map(diplotypeName), ...(cohort ? [] : variants)];
  return { gene, status, source, phased, diplotypes: names, variants, lookup, alsoFit: alsoFit.map(diplotypeName), missing, warnings };
}

/** What a gene's call says in a line, kept as text: people share genotypes. */
interface GeneText {
  readonly json: string;
  readonly keys: readonly (readonly [string, readonly string[]])[];
}

/** The recommendations for lookup keys as JSON; the text of a rule is made once. */
function guidanceText(knowledge: KnowledgeSnapshot): (genes: readonly GeneText[]) => string {
  const texts = new Map<GuidanceRule, string>();
  return (genes) => {
    const found = recommend(knowledge, new Map(genes.flatMap(({ keys }) => keys)));
    const shown = found.map((one) => {
      let text = texts.get(one.rule);
      if (text === undefined) {
        text = JSON.stringify(recommendationShape(knowledge, one));
        texts.set(one.rule, text);
      }
      return text;
    });
    return `,"recommendations":[${shown.join(',')}]`;
  };
}

/** How a sample's line begins; `--resume` knows the lines of an earlier run by it. The whole line where the file has no such sample. */
export function lineStart({ file, release }: Pick<LineSource, 'file' | 'release'>, { name, number }: WantedSample): string {
  if (number >= 0) return `{"sample":${JSON.stringify(name)},"release":${JSON.stringify(release)},`;
  return JSON.stringify(errorLine(new AvicennaError('BAD_USER_INPUT', `The VCF has no sample '${name}'.`, file)));
}

/** Makes the line of a sample, without its end. */
export function lineMaker(source: LineSource): (sample: WantedSample) => string {
  const { stated, knowledge, cohort } = source;
  const panel = preparePanel(source.definitions, source.call);
  const caller = new PanelCaller<GeneText>(panel, new VcfReadings([], source.columns, panel.positions), {
    from: (call) => {
      const calls = withStated([call], stated.calls);
      return { json: calls.map((one) => JSON.stringify(geneShape(one, cohort))).join(), keys: [...lookupKeysOf(calls)] };
    },
    sizeOf: ({ json }) => 200 + json.length,
  });
  const warnings = stated.warnings.length > 0 ? `,"warnings":${JSON.stringify(stated.warnings)}` : '';
  const guidance = knowledge ? guidanceText(knowledge) : () => '';
  return (sample) => {
    const start = lineStart(source, sample);
    if (sample.number < 0) return start;
    const genes = caller.call(sample.number);
    return `${start}"genes":[${genes.map(({ json }) => json).join(',')}]${warnings}${guidance(genes)}}`;
  };
}

/**
 * The lines of some samples, as bytes to write.
 * @param room to write them in; another one is made where they need more. Buffers go round: fresh ones for every batch
 * took 70 MB more before they were collected.
 */
export function linesIn(
  room: ArrayBuffer,
  make: (sample: WantedSample) => string,
  samples: readonly WantedSample[],
): Uint8Array<ArrayBuffer> {
  let bytes = Buffer.from(room);
  let length = 0;
  for (const sample of samples) {
    const line = `${make(sample)}\n`;
    // A character takes three bytes at most.
    const needed = length + 3 * line.length;
    if (needed > bytes.length) {
      const wider = Buffer.from(new ArrayBuffer(Math.max(needed, 2 * bytes.length)));
      bytes.copy(wider, 0, 0, length);
      bytes = wider;
    }
    length += bytes.write(line, length, 'utf8');
  }
  return new Uint8Array(bytes.buffer, 0, length);
}
