import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AvicennaError } from '../../src/errors.ts';
import { diplotypeName } from '../../src/genotypes/call.ts';
import { lookUpCall } from '../../src/genotypes/lookUpCall.ts';
import { readVcf, vcfTextLines } from '../../src/genotypes/readVcf.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import { vcfDefinitions } from '../../src/knowledge/vcfDefinitions.ts';
import { vcf } from '../support/vcf.ts';

const definitions = vcfDefinitions(readShippedKnowledge('graph-seed'));
const positions = definitions.flatMap((definition) => definition.positions);

async function call(text: string, gene: string) {
  const [sample] = await readVcf(vcfTextLines(text), positions, 'test.vcf');
  const definition = definitions.find((candidate) => candidate.gene === gene);
  if (!sample || !definition) throw new Error('no sample');
  return lookUpCall(definition, sample);
}

const names = async (text: string, gene: string) => (await call(text, gene)).diplotypes.map(diplotypeName);

describe('the simple lookup of CYP2C9 and VKORC1', () => {
  it.each([
    ['0/0', '0/0', '*1/*1'],
    ['0/1', '0/0', '*1/*2'],
    ['0/0', '1|0', '*1/*3'],
    ['1/1', '0/0', '*2/*2'],
    ['0/1', '0/1', '*2/*3'],
    ['0|1', '1|0', '*2/*3'],
    ['0/0', '1/1', '*3/*3'],
  ])('reads rs1799853 %s with rs1057910 %s as %s', async (two, three, expected) => {
    expect(await names(vcf({ rs1799853: two, rs1057910: three }), 'CYP2C9')).toEqual([expected]);
  });

  it.each([
    ['0/0', '-1639 GG'],
    ['0/1', '-1639 AG'],
    ['1|0', '-1639 AG'],
    ['1/1', '-1639 AA'],
  ])('reads rs9923231 %s on the strand of the gene: %s', async (genotype, lookupKey) => {
    const found = await call(vcf({ rs9923231: genotype }), 'VKORC1');
    expect(found.diplotypes.map((diplotype) => diplotype.lookupKey)).toEqual([lookupKey]);
  });

  it('gives activity score and phenotype by the CPIC rules', async () => {
    const found = await call(vcf({ rs1799853: '0/0', rs1057910: '0/1' }), 'CYP2C9');
    expect(found.diplotypes[0]).toMatchObject({ phenotype: 'Intermediate Metabolizer', activityScore: '1.0', lookupKey: '1.0' });
  });

  it('finds no pair of named alleles where both variants lie on one chromosome', async () => {
    const found = await call(vcf({ rs1799853: '0|1', rs1057910: '0|1' }), 'CYP2C9');
    expect(found).toMatchObject({ status: 'NO_CALL', diplotypes: [] });
  });

  it('takes chromosome names without chr', async () => {
    expect(await names(vcf({ rs1799853: '0/1' }).replaceAll('\nchr', '\n'), 'CYP2C9')).toEqual(['*1/*2']);
  });

  it('does not call a gene with a missing position, and names the position', async () => {
    const found = await call(vcf({ rs1057910: './.' }), 'CYP2C9');
    expect(found).toMatchObject({ status: 'NO_CALL', missing: ['chr10:94981296'], diplotypes: [] });
    expect(found.warnings.map(({ code }) => code)).toContain('POSITION_MISSING');
  });

  it('says NOT_TESTED where no position is in the file: absent is not reference', async () => {
    expect(await call(vcf({}, ['rs1799853', 'rs1057910']), 'CYP2C9')).toMatchObject({ status: 'NOT_TESTED', diplotypes: [] });
  });

  it('discards a genotype whose REF is not that of GRCh38', async () => {
    const found = await call(vcf({}).replace('rs1057910\tA\tC', 'rs1057910\tG\tC'), 'CYP2C9');
    expect(found.status).toBe('NO_CALL');
    expect(found.warnings[0]).toMatchObject({ code: 'REFERENCE_MISMATCH', message: expect.stringContaining('Line ') });
  });

  it('warns of a second line at a position and keeps the first', async () => {
    const text = vcf({ rs1799853: '0/1' });
    const line = text.split('\n').find((candidate) => candidate.includes('rs1799853')) ?? '';
    const found = await call(`${text}${line.replace('0/1', '1/1')}\n`, 'CYP2C9');
    expect(found.diplotypes.map(diplotypeName)).toEqual(['*1/*2']);
    expect(found.warnings.map(({ code }) => code)).toContain('DUPLICATE_POSITION');
  });

  it('reports an undocumented base instead of calling it reference', async () => {
    const found = await call(vcf({ rs1799853: '0/1' }).replace('rs1799853\tC\tT', 'rs1799853\tC\tG'), 'CYP2C9');
    expect(found).toMatchObject({ status: 'NO_CALL' });
    expect(found.warnings[0]?.code).toBe('UNDOCUMENTED_BASE');
  });
});

describe('a VCF that cannot be used', () => {
  it.each([
    ['an empty file', '', 'The file is empty'],
    ['another format', 'sample,genotype\n', 'Not a VCF'],
    ['no header line', '##fileformat=VCFv4.3\nchr10\t94942290\trs1799853\tC\tT\n', "No '#CHROM' header"],
    ['no samples', '##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n', 'no samples'],
    ['another assembly', vcf({}).replace('GRCh38', 'GRCh37'), 'another assembly'],
  ])('is refused with its place: %s', async (_what, text, message) => {
    const error = await readVcf(vcfTextLines(text), positions, 'bad.vcf').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AvicennaError);
    expect(error).toMatchObject({ code: 'VCF_INVALID', message: expect.stringContaining(message), at: expect.stringContaining('bad.vcf') });
  });

  it('never crashes and never calls from what it cannot read, whatever is changed in it', async () => {
    const text = vcf({ rs1799853: '0/1', rs1057910: '0/0', rs9923231: '0/1' });
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.string({ maxLength: 4, unit: 'binary' }), fc.nat(5), async (at, inserted, removed) => {
        const mutated = text.slice(0, at) + inserted + text.slice(at + removed);
        try {
          const samples = await readVcf(vcfTextLines(mutated), positions, 'fuzz.vcf');
          for (const sample of samples) {
            for (const definition of definitions) {
              const found = lookUpCall(definition, sample);
              if (found.status === 'CALLED') expect(found.evidence.every(({ state }) => state === 'SEEN')).toBe(true);
            }
          }
        } catch (error) {
          expect(error).toBeInstanceOf(AvicennaError);
        }
      }),
      { numRuns: process.env['LONG'] ? 10_000 : 500 },
    );
  });
});
