import { readFile, realpath } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { AvicennaError } from '../errors.ts';
import { type CallWarning, diplotypeName, type GeneCall } from '../genotypes/call.ts';
import type { CallOptions } from '../genotypes/callGene.ts';
import { type Panel, preparePanel, SampleCaller, withStated } from '../genotypes/callSample.ts';
import type { VcfReadings } from '../genotypes/cohortColumns.ts';
import { digestOf } from '../genotypes/cohortDigest.ts';
import { readVcf } from '../genotypes/readVcf.ts';
import { vcfFileLines } from '../genotypes/vcfLines.ts';
import { lookupKeysOf, recommend } from '../knowledge/recommend.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { sha256Of } from '../sha256.ts';
import { workerUrl } from '../workerUrl.ts';
import { type LineSource, lineMaker, lineStart, linesIn, type WantedSample } from './genotypeLines.ts';
import { fileOutput, type LineOrigin, type LineOutput, standardOutput } from './genotypeOutput.ts';
import { inThreads } from './genotypeThreads.ts';
import { EXIT, endProgress, line, progress, refuse } from './output.ts';
import { readOutsideCalls, type Stated } from './outsideFiles.ts';
import { PLACES } from './places.ts';
import { recommendationText } from './shapes.ts';

export interface GenotypeOptions {
  readonly sample: readonly string[];
  readonly outsideCalls: readonly string[];
  readonly sex?: 'male' | 'female';
  readonly combinations?: boolean;
  readonly research: readonly string[];
  readonly definitions?: string;
  readonly recommend?: boolean;
  readonly json?: boolean;
  /** A file for the JSON Lines. */
  readonly output?: string;
  /** Go on after the whole lines of that file. */
  readonly resume?: boolean;
  /** More than one: worker threads. */
  readonly threads?: number;
}

function inWords(sample: string, calls: readonly GeneCall[]): string {
  const genes = calls
    .filter(({ status }) => status !== 'NOT_TESTED')
    .map((call) => {
      const found =
        call.variants.length > 0 ? `${call.variants.join(', ')} on unknown copies` : call.diplotypes.map(diplotypeName).join(' or ');
      const meaning = [...new Set(call.lookup.map(({ phenotype }) => phenotype ?? 'no phenotype'))].join(' or ');
      const warnings = call.warnings.map(({ message }) => `\n    ${message}`).join('');
      return `  ${call.gene}: ${call.status === 'CALLED' ? `${found} (${meaning})` : 'no call'}${warnings}`;
    });
  const untested = calls.filter(({ status }) => status === 'NOT_TESTED').map(({ gene }) => gene);
  return [sample, ...genes, ...(untested.length > 0 ? [`  not tested: ${untested.join(', ')}`] : [])].join('\n');
}

function callOptions(options: GenotypeOptions): CallOptions {
  return {
    combinations: options.combinations ?? false,
    research: options.research.map((gene) => gene.toUpperCase()),
    ...(options.sex ? { sex: options.sex } : {}),
    ...(options.definitions === undefined ? {} : { publishedRules: false }),
  };
}

async function panelOf(knowledge: KnowledgeSnapshot, options: GenotypeOptions, definition: string | null): Promise<Panel> {
  if (definition === null || options.definitions === undefined) return preparePanel(knowledge.definitions, callOptions(options));
  // Its checker takes longer to load than a sample to call.
  const { readDefinitionFile } = await import('../genotypes/definitionFile.ts');
  const own = readDefinitionFile(definition, (gene) => knowledge.definitionByGene.get(gene), options.definitions);
  return preparePanel([own], callOptions(options));
}

async function definitionText(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  return readFile(path, 'utf8').catch(() => {
    throw new AvicennaError('FILE_UNREADABLE', 'The definitions cannot be read.', path);
  });
}

/** Everything that a run works with, read and checked. */
interface Run {
  readonly file: string;
  readonly options: GenotypeOptions;
  readonly knowledge: KnowledgeSnapshot;
  readonly panel: Panel;
  readonly readings: VcfReadings;
  readonly stated: Stated;
  readonly wanted: readonly WantedSample[];
}

async function printInWords({ knowledge, options, stated, panel, readings, wanted, file }: Run): Promise<void> {
  const caller = new SampleCaller(panel, readings);
  for (const { name, number } of wanted) {
    if (number < 0) {
      await refuse(new AvicennaError('BAD_USER_INPUT', `The VCF has no sample '${name}'.`, file), false);
      continue;
    }
    const calls = withStated(caller.call(number), stated.calls);
    const recommendations = options.recommend ? recommend(knowledge, lookupKeysOf(calls)) : [];
    const warnings = stated.warnings.map(({ message }) => `  ${message}`);
    await line([inWords(name, calls), ...warnings, ...recommendations.map(recommendationText)].join('\n'));
  }
}

/** What the lines of a run are made from, for a later run that goes on with them. */
function originOf({ knowledge, panel, options, readings, stated }: Run, definition: string | null): LineOrigin {
  return {
    release: knowledge.release.digest,
    options: JSON.stringify({ ...panel.options, recommend: options.recommend ?? false }),
    definitions: sha256Of(definition ?? ''),
    outsideCalls: sha256Of(JSON.stringify([[...stated.calls], stated.warnings])),
    genotypes: digestOf(readings),
  };
}

/** Samples that one message to a worker, and one write, has: some hundred kilobytes of lines. */
const BATCH = 32;
/** A second thread took 90 MB more and a seventh off the time: people share genotypes, and each thread meets them anew (npm run bench:genotype). */
const USUAL_THREADS = 1;

function batchesOf(wanted: readonly WantedSample[]): WantedSample[][] {
  return Array.from({ length: Math.ceil(wanted.length / BATCH) }, (_, index) => wanted.slice(index * BATCH, (index + 1) * BATCH));
}

/** A worker uses 30 MB; every worker has the distinct genotypes of the file, some hundred bytes each. */
function heapMbOf({ columns }: LineSource): number {
  const genotypes = columns.reduce((sum, column) => sum + (column?.readings.length ?? 0), 0);
  return 64 + Math.ceil(genotypes / 500);
}

/** Says how far the work is, once a second for a person and every ten seconds for a file. */
function sampleProgress(total: number, done: number): (more: number) => void {
  const every = process.stderr.isTTY ? 1000 : 10_000;
  let next = performance.now() + 1000;
  let count = done;
  return (more) => {
    count += more;
    if (performance.now() < next) return;
    next = performance.now() + every;
    progress(`Calling genotypes: ${count} of ${total} samples`);
  };
}

async function writeLines(source: LineSource, wanted: readonly WantedSample[], output: LineOutput, threads: number): Promise<void> {
  const batches = batchesOf(wanted.slice(output.done));
  const tell = sampleProgress(wanted.length, output.done);
  let taken = 0;
  const take = async (lines: Uint8Array) => {
    await output.write(lines);
    tell(batches[taken]?.length ?? 0);
    taken += 1;
  };
  if (threads > 1 && batches.length > 1) {
    const worker = workerUrl(import.meta.url, 'genotypeWorker');
    await inThreads({ worker, start: source, threads: Math.min(threads, batches.length), heapMb: heapMbOf(source), batches, take });
  } else {
    const make = lineMaker(source);
    let room = new ArrayBuffer(0);
    for (const samples of batches) {
      const lines = linesIn(room, make, samples);
      await take(lines);
      room = lines.buffer;
    }
  }
}

async function printLines(run: Run, definition: string | null): Promise<void> {
  const { file, options, knowledge, panel, readings, stated, wanted } = run;
  const source: LineSource = {
    file,
    definitions: panel.definitions,
    call: panel.options,
    columns: readings.columns,
    release: knowledge.release.name,
    cohort: readings.samples.length > 1 || options.definitions !== undefined,
    stated,
    knowledge: options.recommend ? knowledge : null,
  };
  if (wanted.some(({ number }) => number < 0)) process.exitCode = EXIT.refused;
  const threads = options.threads ?? USUAL_THREADS;
  const startAt = (place: number) => {
    const sample = wanted[place];
    return sample ? lineStart(source, sample) : null;
  };
  const output =
    options.output === undefined
      ? standardOutput()
      : await fileOutput({ path: options.output, origin: originOf(run, definition), resume: options.resume ?? false, startAt });
  try {
    await writeLines(source, wanted, output, threads);
  } finally {
    endProgress();
    await output.close();
  }
}

async function checkOptions(file: string, { json, output, resume, threads }: GenotypeOptions): Promise<void> {
  const wrong = (message: string) => new AvicennaError('BAD_USER_INPUT', message, output);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) throw wrong('--threads: expected a number of at least 1.');
  if (resume && output === undefined) throw wrong('--resume goes on with a file: name it with --output.');
  if (output === undefined) return;
  if (!json) throw wrong('--output is for JSON Lines: it needs --json.');
  const places = await Promise.all([file, output].map((path) => realpath(path).catch(() => path)));
  if (places[0] === places[1]) throw wrong('--output would overwrite the VCF.');
}

function wantedOf(named: readonly string[], { samples }: VcfReadings): WantedSample[] {
  if (named.length === 0) return samples.map((name, number) => ({ name, number }));
  const numbers = new Map(samples.map((name, number) => [name, number] as const).reverse());
  return named.map((name) => ({ name, number: numbers.get(name) ?? -1 }));
}

/**
 * One object per sample, in the file's order or in the order of the samples named. With `output` an earlier run can be
 * gone on with; its file then has samples only. Throws AvicennaError, BAD_USER_INPUT for options that do not go together.
 */
export async function genotype(file: string, options: GenotypeOptions): Promise<void> {
  // The space for new objects stays as it is. Growing, it took 25 MB more and no less time (npm run bench:genotype).
  setFlagsFromString('--semi-space-growth-factor=1');
  await checkOptions(file, options);
  const knowledge = readShippedKnowledge(PLACES.graphSeed, options.recommend ? 'ALL' : 'CALLING');
  const definition = await definitionText(options.definitions);
  const panel = await panelOf(knowledge, options, definition);
  // A file of lines has samples only: what cannot be read of the stated results is then told in words.
  const stated = await readOutsideCalls(options.outsideCalls, panel.definitions, (options.json ?? false) && options.output === undefined);
  const watched = { line: 0 };
  const ticker = setInterval(() => progress(`Reading ${file}: line ${watched.line}`), 1000);
  const readings = await readVcf(vcfFileLines(file), panel.positions, file, watched).finally(() => {
    clearInterval(ticker);
    endProgress();
  });
  const { unreadable } = readings;
  const lineWarnings: CallWarning[] = unreadable
    ? [
        {
          code: 'LINE_UNREADABLE',
          message: `${file}:${unreadable.first}: no VCF record${unreadable.count > 1 ? `, nor are ${unreadable.count - 1} lines after it` : ''}; not used.`,
        },
      ]
    : [];
  const told = { ...stated, warnings: [...lineWarnings, ...stated.warnings] };
  const run: Run = { file, options, knowledge, panel, readings, stated: told, wanted: wantedOf(options.sample, readings) };
  if (options.json) await printLines(run, definition);
  else await printInWords(run);
}
