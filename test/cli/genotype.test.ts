import { describe, expect, it } from '@jest/globals';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import { avicenna, jsonLines, piped, withoutProgress } from '../support/commandLine.ts';
import { cohortVcf, vcf } from '../support/vcf.ts';
import { bgzip, file, gzip } from './files.ts';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly at: string | null };
}

interface Sample {
  readonly sample: string;
  readonly genes: readonly { readonly gene: string; readonly status: string; readonly diplotypes: readonly string[] }[];
}

const COHORT = cohortVcf({
  Zoe: { rs1057910: '0|1', rs9923231: '1/1' },
  adam: { rs1799853: '0/1', rs9923231: './.' },
  M1: { rs9923231: '0/1' },
});
const PLAIN = file('cohort.vcf', COHORT);

const cyp2c9 = (lines: readonly Sample[]) =>
  lines.map(({ sample, genes }) => `${sample} ${genes.find(({ gene }) => gene === 'CYP2C9')?.diplotypes.join()}`);

describe('genotype --json', () => {
  it('gives one object a sample with exactly the documented fields', async () => {
    const ran = await avicenna(['genotype', file('one.vcf', vcf({ rs1799853: '0/1', rs1057910: './.', rs9923231: '1/1' })), '--json']);
    expect([ran.code, withoutProgress(ran)]).toEqual([0, '']);
    const [only, ...more] = jsonLines(ran);
    expect(more).toEqual([]);
    const { genes, ...rest } = only as { genes: readonly { gene: string }[] };
    expect(rest).toEqual({ sample: 'S1', release: expect.stringMatching(/^starter-/) });
    expect(genes.map(({ gene }) => gene)).toEqual(readShippedKnowledge('graph-seed').genes.map(({ symbol }) => symbol));
    const common = { source: 'VCF', phased: expect.any(Boolean), variants: [], alsoFit: [], warnings: expect.any(Array) };
    const variant = 'rs9923231 variant (T)';
    expect(genes[1]).toEqual({
      ...common,
      gene: 'VKORC1',
      status: 'CALLED',
      diplotypes: [`${variant}/${variant}`],
      lookup: [{ alleles: [variant, variant], phenotype: '-1639 AA', activityScore: null, lookupKey: '-1639 AA' }],
      missing: [],
    });
    expect(genes[2]).toEqual({ ...common, gene: 'CYP4F2', status: 'NOT_TESTED', diplotypes: [], lookup: [], missing: [] });
  });

  it('says which position was not read', async () => {
    const ran = await avicenna(['genotype', file('one.vcf', vcf({ rs1057910: './.' })), '--json']);
    const [only] = jsonLines<{ genes: { missing: string[]; warnings: { code: string; message: string }[] }[] }>(ran);
    expect(only?.genes[0]?.missing).toEqual(['chr10:94981296']);
    expect(only?.genes[0]?.warnings).toEqual([{ code: 'GENOTYPE_MISSING', message: expect.stringContaining('rs1057910') }]);
  });

  it('adds the recommendations where they are asked for', async () => {
    const ran = await avicenna(['genotype', file('one.vcf', vcf({ rs1057910: '1/1', rs9923231: '1/1' })), '--recommend', '--json']);
    const [{ recommendations } = { recommendations: [] }] = jsonLines<{ recommendations: Record<string, unknown>[] }>(ran);
    expect(recommendations.map(({ drug }) => drug)).toContain('warfarin');
    for (const one of recommendations) {
      expect(Object.keys(one).sort()).toEqual([
        'action',
        'alternatives',
        'classification',
        'dose',
        'drug',
        'guideline',
        'lookup',
        'population',
        'release',
        'text',
      ]);
      expect(['STANDARD', 'REDUCE', 'INCREASE', 'AVOID', 'ALTERNATIVE', 'MONITOR', 'NO_RECOMMENDATION']).toContain(one['action']);
    }
  });

  it('gives several samples in the order of the file, or in the order that they were named in', async () => {
    expect(cyp2c9(jsonLines<Sample>(await avicenna(['genotype', PLAIN, '--json'])))).toEqual(['Zoe *1/*3', 'adam *1/*2', 'M1 *1/*1']);
    expect(cyp2c9(jsonLines<Sample>(await avicenna(['genotype', PLAIN, '--sample', 'M1', '--sample', 'Zoe', '--json'])))).toEqual([
      'M1 *1/*1',
      'Zoe *1/*3',
    ]);
  });

  it('answers a sample that is not there with an error line in its place, goes on, and ends with 1', async () => {
    const ran = await avicenna(['genotype', PLAIN, '--sample', 'nobody', '--sample', 'adam', '--json']);
    expect(ran.code).toBe(1);
    const [first, second, ...more] = jsonLines<Refusal & Sample>(ran);
    expect(first).toEqual({ error: { code: expect.any(String), message: expect.stringContaining('nobody'), at: PLAIN } });
    expect([second?.sample, more]).toEqual(['adam', []]);
  });

  it.each([
    ['gzip', gzip(COHORT), 'cohort.vcf.gz'],
    ['bgzip', bgzip(COHORT), 'cohort.vcf.gz'],
    ['gzip under a name that does not say so', gzip(COHORT), 'cohort.vcf'],
    ['plain text under the name of a packed file', COHORT, 'cohort.vcf.gz'],
    ['lines that end as on Windows', COHORT.replaceAll('\n', '\r\n'), 'cohort.vcf'],
  ])('reads the same from %s', async (_what, content, name) => {
    const expected = await avicenna(['genotype', PLAIN, '--json']);
    const ran = await avicenna(['genotype', file(name, content), '--json']);
    expect([ran.code, ran.stdout]).toEqual([0, expected.stdout]);
  });

  it.each([
    ['a gzip file that ends early', gzip(COHORT).subarray(0, 120), 'VCF_INVALID'],
    ['a bgzip file that ends within a block', bgzip(COHORT).subarray(0, 200), 'VCF_INVALID'],
    ['a gzip file with a changed byte', Buffer.from(gzip(COHORT)).fill(0, 60, 64), 'VCF_INVALID'],
    ['a file that is no VCF', 'sample,genotype\n', 'VCF_INVALID'],
    ['an empty file', '', 'VCF_INVALID'],
  ])('answers %s with one located error line and ends with 1', async (_what, content, code) => {
    const path = file('bad.vcf.gz', content);
    const ran = await avicenna(['genotype', path, '--json']);
    expect(ran.code).toBe(1);
    expect(jsonLines<Refusal>(ran)).toEqual([{ error: { code, message: expect.any(String), at: expect.stringContaining(path) } }]);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });

  it('reads a pipe as it reads a file', async () => {
    expect(await piped(PLAIN, ['genotype', '/dev/stdin', '--json'])).toBe((await avicenna(['genotype', PLAIN, '--json'])).stdout);
  });

  it('says that a file does not exist', async () => {
    const ran = await avicenna(['genotype', '/nowhere/at-all.vcf', '--json']);
    expect([ran.code, jsonLines<Refusal>(ran)]).toEqual([
      1,
      [{ error: { code: 'FILE_UNREADABLE', message: expect.any(String), at: '/nowhere/at-all.vcf' } }],
    ]);
  });
});

describe('genotype in words', () => {
  it('names samples, genes and phenotypes on stdout', async () => {
    const { code, stdout } = await avicenna(['genotype', PLAIN, '--recommend']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Zoe\n {2}CYP2C9: \*1\/\*3 \(Intermediate Metabolizer\)/);
    expect(stdout).toContain('warfarin');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour only on a terminal
    expect(stdout).not.toMatch(/\u001b\[/);
  });
});
