/** A VCF of many samples: threads, and a file of lines that a later run goes on with. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GenotypeOptions } from '../../src/cli/genotype.ts';
import { inThreads } from '../../src/cli/genotypeThreads.ts';
import { avicenna, type Ran, withoutProgress } from '../support/commandLine.ts';
import { cohortVcf } from '../support/vcf.ts';
import { file, gzip } from './files.ts';

/** The command as a person runs it, `--json` unless it says otherwise. */
async function genotype(path: string, options: Partial<GenotypeOptions> = {}, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { sample = [], outsideCalls = [], research = [], ...rest } = options;
  const lists = { sample, 'outside-calls': outsideCalls, research };
  const repeated = Object.entries(lists).flatMap(([name, values]) => values.flatMap((value) => [`--${name}`, value]));
  const single = Object.entries({ json: true, ...rest }).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : [];
    return [`--${name}`, String(value)];
  });
  const ran = await avicenna(['genotype', path, ...repeated, ...single], { env });
  return { ...ran, stderr: withoutProgress(ran) };
}

const GENES = ['CYP2C9', 'VKORC1', 'CYP2C19', 'TPMT', 'SLCO1B1'];
const GENOTYPES = ['0/0', '0/1', '1/1', '0|1', './.', '1|0'];
const RSIDS = ['rs1799853', 'rs1057910', 'rs9923231', 'rs4244285', 'rs12248560', 'rs1142345', 'rs4149056', 'rs2306283'];

/** Samples whose genotypes differ from one to the next. */
function samples(count: number): Record<string, Record<string, string>> {
  const genotypesOf = (sample: number) =>
    Object.fromEntries(
      RSIDS.map((rsid, index) => [rsid, GENOTYPES[Math.floor(sample / (index + 1) + index) % GENOTYPES.length] as string]),
    );
  return Object.fromEntries(Array.from({ length: count }, (_, sample) => [`S-${sample}`, genotypesOf(sample)]));
}

const COUNT = 150;
const COHORT = file('cohort.vcf', cohortVcf(samples(COUNT), { genes: GENES }));
const plain = genotype(COHORT, { threads: 1 });
const linesIn = (text: string) => text.split('\n').slice(0, -1);

describe('threads', () => {
  const stated = file('stated.tsv', 'HLA-B\t*57:01/*58:01\nCYP2C19\t*1/*2\n');
  const definition = file(
    'own.json',
    JSON.stringify({
      gene: 'VKORC1',
      variants: [
        { chromosome: 'chr16', position: 31096368, rsid: 'rs9923231', chromosomeHgvsName: 'g.31096368C>T', ref: 'C', alts: ['T'] },
      ],
      namedAlleles: [
        { name: 'usual', alleles: ['C'], reference: true },
        { name: 'other', alleles: ['T'] },
      ],
    }),
  );

  it.each<[string, Partial<GenotypeOptions>]>([
    ['alone', {}],
    ['with recommendations', { recommend: true }],
    ['with combinations, research and a sex', { combinations: true, research: ['cyp2d6'], sex: 'male' }],
    ['with stated results', { outsideCalls: [stated], recommend: true }],
    ['with definitions of the caller', { definitions: definition }],
    ['for samples by name, one not there', { sample: [...Array.from({ length: 70 }, (_, index) => `S-${149 - index}`), 'nobody', 'S-3'] }],
  ])('give the lines of one thread in the same order, %s', async (_what, options) => {
    const [one, three] = await Promise.all([1, 3].map((threads) => genotype(COHORT, { ...options, threads })));
    expect(three).toEqual(one);
    expect(linesIn(one?.stdout ?? '')).toHaveLength(options.sample?.length ?? COUNT);
    expect(one?.code).toBe(options.sample ? 1 : 0);
  });

  it('are as many as there are batches at most, and one for few samples', async () => {
    const few = file('few.vcf', cohortVcf(samples(3), { genes: GENES }));
    const [one, many] = await Promise.all([genotype(few), genotype(few, { threads: 40 })]);
    expect(many).toEqual(one);
    expect(linesIn(one.stdout)).toHaveLength(3);
  });

  it('tell every one of more genotypes at a position than a byte counts', async () => {
    // Each sample has a phase set of its own, and so a genotype of its own.
    const many = cohortVcf(samples(300), { genes: ['VKORC1'] })
      .replace('\tGT\t', '\tGT:PS\t')
      .split('\n')
      .map((line) =>
        line.startsWith('chr')
          ? line.replace(
              /(GT:PS\t)(.*)/,
              (_, head: string) => head + Array.from({ length: 300 }, (__, index) => `0|1:${index + 1}`).join('\t'),
            )
          : line,
      )
      .join('\n');
    const path = file('phase-sets.vcf', many);
    const [one, two] = await Promise.all([1, 2].map((threads) => genotype(path, { threads })));
    const statuses = linesIn(one?.stdout ?? '').map(
      (text) => (JSON.parse(text) as { genes: { gene: string; status: string }[] }).genes.find(({ gene }) => gene === 'VKORC1')?.status,
    );
    expect(statuses).toEqual(Array(300).fill('CALLED'));
    expect(two).toEqual(one);
  });

  it('end the command with an error line where one of them dies, after whole lines in order', async () => {
    const dies = file(
      'dies.cjs',
      `
      const { isMainThread, parentPort } = require('node:worker_threads');
      let messages = 0;
      if (!isMainThread) parentPort.on('message', () => { messages += 1; if (messages === 2) throw new Error('out of luck'); });`,
    );
    const ran = await genotype(COHORT, { threads: 2 }, { NODE_OPTIONS: `--require=${dies}` });
    const lines = linesIn(ran.stdout);
    expect(ran.code).toBe(1);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      error: { code: 'INTERNAL', message: expect.stringContaining('out of luck'), at: null },
    });
    expect(lines.slice(0, -1)).toEqual(linesIn((await plain).stdout).slice(0, lines.length - 1));
    expect(lines.length - 1).toBeLessThan(COUNT);
  });

  it('end the command with an error where one of them leaves without a word', async () => {
    const leaves = file(
      'leaves.mjs',
      "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => process.exit(0));\n",
    );
    const taken: Uint8Array[] = [];
    const take = async (bytes: Uint8Array) => void taken.push(bytes);
    const work = { worker: pathToFileURL(leaves), start: null, threads: 2, heapMb: 64, batches: [1, 2, 3], take };
    await expect(inThreads(work)).rejects.toThrow('exit code 0');
    expect(taken).toEqual([]);
  });
});

describe('--output and --resume', () => {
  let made = 0;
  const output = () => {
    made += 1;
    return file(`out-${made}.jsonl`, '');
  };

  it('write the lines of standard output, and nothing on standard output', async () => {
    const path = output();
    const ran = await genotype(COHORT, { output: path, threads: 2 });
    expect(ran).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe((await plain).stdout);
    expect(existsSync(`${path}.state.json`)).toBe(true);
  });

  it('give the same file after a cut at any byte', async () => {
    const path = output();
    await genotype(COHORT, { output: path, threads: 1 });
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(whole.length), fc.constantFrom(0, 1, whole.length - 1, whole.indexOf(10), whole.indexOf(10) + 1)),
        async (cut) => {
          writeFileSync(path, whole.subarray(0, cut));
          const ran = await genotype(COHORT, { output: path, resume: true, threads: 1 + (cut % 2) });
          expect(ran).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
          expect(readFileSync(path).equals(whole)).toBe(true);
        },
      ),
      { numRuns: process.env['LONG'] ? 200 : 8 },
    );
  }, 600_000);

  it('go on from the same genotypes in another packing, and begin where there is no file yet', async () => {
    const path = output();
    await genotype(COHORT, { output: path });
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 40_000));
    await genotype(file('cohort.vcf.gz', gzip(readFileSync(COHORT, 'utf8'))), { output: path, resume: true });
    expect(readFileSync(path).equals(whole)).toBe(true);
    await genotype(COHORT, { output: `${path}.new`, resume: true });
    expect(readFileSync(`${path}.new`).equals(whole)).toBe(true);
  });

  it.each<[string, Partial<GenotypeOptions>, RegExp]>([
    ['other options', { recommend: true }, /options/],
    ['another sex', { sex: 'female' }, /options/],
    ['stated results', { outsideCalls: [file('more.tsv', 'CYP2C19\t*1/*2\n')] }, /outsideCalls/],
    ['other samples', { sample: ['S-0', 'S-2', 'S-1'] }, /not of the sample/],
    ['fewer samples', { sample: ['S-0'] }, /more lines/],
  ])('refuse to go on with %s, and leave the file as it is', async (_what, options, message) => {
    const path = output();
    await genotype(COHORT, { output: path });
    const before = readFileSync(path);
    const ran = await genotype(COHORT, { ...options, output: path, resume: true });
    expect(ran.code).toBe(1);
    const expected = { code: 'BAD_USER_INPUT', message: expect.stringMatching(message), at: expect.stringContaining(path) };
    expect(JSON.parse(ran.stdout)).toEqual({ error: expected });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuse to go on with the lines of another file, with a line that is not one, and without a state', async () => {
    const path = output();
    await genotype(COHORT, { output: path });
    const whole = readFileSync(path, 'utf8');
    const other = file('other.vcf', readFileSync(COHORT, 'utf8').replace('\t0/1\t', '\t1/1\t'));
    const refusal = async (vcf: string) =>
      (JSON.parse((await genotype(vcf, { output: path, resume: true })).stdout) as { error: { message: string; at: string } }).error;
    expect(await refusal(other)).toMatchObject({ message: expect.stringContaining('genotypes'), at: `${path}.state.json` });
    writeFileSync(path, whole.replace('{"sample":"S-2"', '{"sample":"S-9"'));
    expect(await refusal(COHORT)).toMatchObject({ at: `${path}:3` });
    writeFileSync(path, whole);
    writeFileSync(`${path}.state.json`, '{"release":');
    expect(await refusal(COHORT)).toMatchObject({ at: `${path}.state.json` });
  });

  it.each<[string, Partial<GenotypeOptions>]>([
    ['--resume without --output', { resume: true }],
    ['--output without --json', { output: file('words.txt', ''), json: false }],
    ['an output that is the VCF', { output: COHORT }],
  ])('refuse %s', async (_what, options) => {
    const before = readFileSync(COHORT, 'utf8');
    const ran = await genotype(COHORT, options);
    expect([ran.code, ran.stdout + ran.stderr]).toEqual([1, expect.stringContaining('BAD_USER_INPUT')]);
    expect(readFileSync(COHORT, 'utf8')).toBe(before);
  });

  it.each<[string, Partial<GenotypeOptions>]>([
    ['no thread', { threads: 0 }],
    ['research on another gene', { research: ['cyp2c19'] }],
  ])('call %s wrong usage', async (_what, options) => {
    const ran = await genotype(COHORT, options);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([2, '', expect.stringMatching(/^error: option '--(threads|research)/)]);
  });
});
