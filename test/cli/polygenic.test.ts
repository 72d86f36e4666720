import { describe, expect, it } from '@jest/globals';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { file, gzip } from './files.ts';

interface Line {
  readonly sample: string;
  readonly score: number | null;
  readonly matched: number;
  readonly ambiguous: number;
  readonly missing: number;
  readonly coverage: number;
  readonly warnings: readonly string[];
  readonly error?: { readonly code: string; readonly at: string };
}

const VCF = [
  '##fileformat=VCFv4.2',
  '##reference=GRCh38',
  '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB',
  '1\t100\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\t1|1',
  'chr1\t200\t.\tC\tT\t.\tPASS\t.\tGT:DP\t0/0:9\t./.:0',
  '2\t300\t.\tA\tT\t.\tPASS\t.\tGT\t0/1\t0/0',
  'X\t400\t.\tC\tG,T\t.\tPASS\t.\tGT\t2\t0/2',
  '',
].join('\n');
const SCORE = [
  '#pgs_id=PGS999999',
  '#HmPOS_build=GRCh38',
  'rsID\teffect_allele\tother_allele\teffect_weight\thm_chr\thm_pos',
  'rs1\tA\tG\t0.5\t1\t100',
  'rs2\tC\tT\t0.25\t1\t200',
  'rs3\tT\tA\t2\t2\t300',
  'rs4\tT\tC\t0.125\tX\t400',
  '',
].join('\n');

async function scored(vcf = VCF, score = SCORE, ...more: string[]) {
  const ran = await avicenna(['polygenic', '--vcf', file('s.vcf', vcf), '--score', file('score.txt', score), '--json', ...more]);
  return { code: ran.code, lines: jsonLines<Line>(ran) };
}

describe('polygenic --json', () => {
  it('adds weight times copies of the effect allele, REF or ALT; a single X counts as two', async () => {
    const { code, lines } = await scored();
    expect(code).toBe(0);
    expect(lines[0]).toEqual({
      ...{ sample: 'A', score: 0.5 + 2 * 0.25 + 2 + 2 * 0.125, matched: 4, ambiguous: 1, missing: 0, coverage: 1 },
      ...{
        percentile: null,
        reference: null,
        warnings: ['a single allele', 'both strands', 'ancestry'].map((text) => expect.stringContaining(text)),
      },
    });
    expect(lines[1]).toMatchObject({ sample: 'B', score: 1 + 0.125, matched: 3, ambiguous: 1, missing: 1, coverage: 0.75 });
  });

  it('gives no score below the coverage stated, and says what would settle it', async () => {
    const { lines } = await scored(VCF, SCORE, '--min-coverage', '0.8');
    expect(lines.map(({ score }) => score === null)).toEqual([false, true]);
    expect(lines[1]?.warnings[0]).toMatch(/75.0 % of its variants .* 80.0 %/);
  });

  it('counts a variant without bases or place as missing, knows 23 as X, and tells a site that is divided over lines', async () => {
    const odd = SCORE.replace('rs2\tC\tT\t0.25\t1\t200', 'rs2\tP\tN\t0.25\t\t').replace('0.125\tX', '0.125\t23');
    const [line] = (await scored(VCF, odd, '--min-coverage', '0.5')).lines;
    expect(line).toMatchObject({ score: 0.5 + 2 + 0.25, matched: 3, missing: 1 });
    const divided = VCF.replace('2\t300', '1\t200\t.\tC\tG\t.\tLowQual\t.\tGT\t0/0\t1/1\n2\t300');
    const unnamed = SCORE.replace('rs2\tC\tT', 'rs2\tC\t');
    const warnings = (await scored(divided, unnamed)).lines[0]?.warnings.join(' ');
    expect(warnings).toMatch(/1 variants stand on several lines.*1 lines of the file that were used did not pass/);
  });

  it('reads a file of all sites, where REF stands alone', async () => {
    const site = (place: string, ref: string, alt: string, info: string, ...called: string[]) =>
      `${place}\t.\t${ref}\t${alt}\t.\t.\t${info}\tGT\t${called.join('\t')}`;
    const all = [
      ...VCF.split('\n').slice(0, 3),
      site('1\t100', 'G', '.', '.', '0/0', '0/0'),
      site('1\t200', 'C', '<NON_REF>', 'END=260', '0/0', '0/1'),
      // A line without ALT yields to one that has both alleles.
      site('2\t300', 'A', '<*>', '.', '0/0', '0/0'),
      site('2\t300', 'A', 'T,<*>', '.', '0/1', '0/0'),
      site('X\t400', 'C', '*', '.', '0', '0/0'),
      '',
    ].join('\n');
    const { lines } = await scored(all);
    expect(lines[0]).toMatchObject({ score: 0 + 2 * 0.25 + 2 + 0, matched: 4, missing: 0 });
    expect(lines[1]).toMatchObject({ score: 0, matched: 3, missing: 1 });
    expect(lines[0]?.warnings.join(' ')).toContain('1 lines of the file stand for a block');
    expect(lines[1]?.warnings.join(' ')).not.toContain('single allele');
    const elsewhere = (await scored(all.replace('1\t200', '1\t190'))).lines[0];
    expect(elsewhere?.warnings.join(' ')).toContain('1 lines of the file stand for a block');
    const [indel] = (await scored(all, SCORE.replace('A\tG\t0.5', 'GA\tG\t0.5'))).lines;
    expect(indel).toMatchObject({ matched: 3, missing: 1 });
  });

  it('refuses a genotype of an allele that the line does not have, and scores nobody of whom nothing was read', async () => {
    const { lines } = await scored(VCF.replace('0/1\t1|1', '0/1\t9/9'));
    expect(lines[0]?.error).toMatchObject({ code: 'VCF_INVALID', at: expect.stringMatching(/:4$/) });
    const [nobody] = (await scored(VCF.replaceAll(/^([^#].*?)\t(\d+)\t/gm, '$1\t9$2\t'), SCORE, '--min-coverage', '0')).lines;
    expect(nobody).toMatchObject({ score: null, matched: 0 });
  });

  it('says where weights are ratios and where a variant stands twice', async () => {
    const ratios = `#weight_type=OR\n${SCORE}rs1\tA\tG\t0.5\t1\t100\n`;
    const [line] = (await scored(VCF, ratios)).lines;
    expect(line?.warnings.join(' ')).toMatch(/weights are ratios \(OR\).*1 rows of the scoring file name a variant a second time/);
  });

  it('leaves out a variant of other alleles and one of the other strand', async () => {
    const other = SCORE.replace('rs1\tA\tG', 'rs1\tA\tC').replace('rs2\tC\tT', 'rs2\tG\tA');
    const [line] = (await scored(VCF, other, '--min-coverage', '0')).lines;
    expect(line).toMatchObject({ score: 2.25, matched: 2, missing: 2 });
    expect(line?.warnings.join(' ')).toContain('1 variants fit only on the other strand');
  });

  it('takes the structured form with chr_name and chr_position, packed, and dominant and recessive effects', async () => {
    const structured = [
      'chr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\teffect_type',
      '1\t100\tA\tG\t1\tdominant',
      '1\t200\tC\tT\t10\trecessive',
      '2\t300\tT\tA\t100\trecessive',
      '',
    ].join('\n');
    const ran = await avicenna([
      ...['polygenic', '--vcf', file('s.vcf.gz', gzip(VCF)), '--json'],
      '--score',
      file('s.txt.gz', gzip(structured)),
      '--min-coverage',
      '0',
    ]);
    const lines = jsonLines<Line>(ran);
    expect(lines.map(({ score }) => score)).toEqual([11, 1]);
    expect(lines[0]?.warnings[0]).toContain('does not say its assembly');
  });

  it.each([
    ['another assembly of the score', VCF, SCORE.replace('GRCh38', 'GRCh37'), 'SCORE_INVALID'],
    ['a score without positions', VCF, 'rsID\teffect_allele\teffect_weight\nrs1\tA\t1\n', 'SCORE_INVALID'],
    ['a weight in words', VCF, SCORE.replace('0.25', 'much'), 'SCORE_INVALID'],
    ['two alleles that are one', VCF, SCORE.replace('rs1\tA\tG', 'rs1\tA\tA'), 'SCORE_INVALID'],
    ['an interaction', VCF, SCORE.replaceAll('\thm_chr', '\tis_interaction\thm_chr').replace('0.25\t1', '0.25\tTrue\t1'), 'SCORE_INVALID'],
    ['an empty score', VCF, '', 'SCORE_INVALID'],
    ['another assembly of the VCF', VCF.replace('GRCh38', 'GRCh37'), SCORE, 'VCF_INVALID'],
    ['no VCF', 'hello\n', SCORE, 'VCF_INVALID'],
    ['a line cut short', VCF.replace('\t0/1\t1|1', '\t0/1'), SCORE, 'VCF_INVALID'],
  ])('refuses %s with its place', async (_what, vcf, score, code) => {
    const ran = await scored(vcf, score);
    expect(ran.code).toBe(1);
    expect(ran.lines).toEqual([{ error: { code, message: expect.any(String), at: expect.stringMatching(/vcf|txt/) } }]);
  });
});
