import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AvicennaError } from '../../src/errors.ts';
import type { Position } from '../../src/genotypes/definitions.ts';
import type { Reading } from '../../src/genotypes/observation.ts';
import { readVcf } from '../../src/genotypes/readVcf.ts';
import { vcfTextLines } from '../../src/genotypes/vcfLines.ts';
import { callOf, codesOf, cohortCalls, definitionOf, namesOf, panelOf } from './calling.ts';

/** rs1799853, C>T, and rs1057910, A>C, on chromosome 10; G6PD Chatham, C>T, on X. */
const [TWO, THREE] = ['rs1799853', 'rs1057910'].map((rsid) => definitionOf('CYP2C9').positions.find((one) => one.rsid === rsid)) as [
  Position,
  Position,
];
const CHATHAM = definitionOf('G6PD').positions.find(({ rsid }) => rsid === 'rs5030869') as Position;
const POSITIONS = [TWO, THREE, CHATHAM];

interface Line {
  readonly chrom?: string;
  readonly pos?: number;
  readonly ref?: string;
  readonly alt?: string;
  readonly format?: string;
  readonly samples: readonly string[];
}

const record = ({ chrom = 'chr10', pos = TWO.position, ref = 'C', alt = 'T', format = 'GT', samples }: Line) =>
  [chrom, pos, '.', ref, alt, '.', 'PASS', '.', format, ...samples].join('\t');

function fileOf(records: readonly string[], { samples = ['S1'], header = [] as readonly string[] } = {}): string {
  const columns = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...samples].join('\t');
  return `${['##fileformat=VCFv4.3', ...header, columns, ...records].join('\n')}\n`;
}

const readingsOf = (text: string) => readVcf(vcfTextLines(text), POSITIONS, 'x.vcf');

async function first(text: string, sample = 0, position = TWO): Promise<Reading | null> {
  return (await readingsOf(text)).of(sample, [position])[0] ?? null;
}

/** `C/T`, `GENOTYPE_MISSING` or null, with the codes of notes behind. */
function said(reading: Reading | null): string | null {
  if (reading?.kind !== 'genotype') return reading?.code ?? null;
  const { bases, phased, phaseSet } = reading.observation;
  const text = bases.filter((base) => base !== null).join(phased ? '|' : '/');
  return [text + (phaseSet === null ? '' : `:${phaseSet}`), ...reading.notes.map(({ code }) => code)].join(' ');
}

const read = async (line: Line, header: readonly string[] = []) => said(await first(fileOf([record(line)], { header })));

async function refusal(text: string): Promise<[string, string | undefined]> {
  try {
    await readingsOf(text);
    return ['read', undefined];
  } catch (error) {
    if (error instanceof AvicennaError) return [error.code, error.at];
    throw error;
  }
}

describe('a genotype', () => {
  it.each([
    ['0/0', 'C/C'],
    ['0/1', 'C/T'],
    ['1|0', 'T|C'],
    ['1/1', 'T/T'],
    ['./.', 'GENOTYPE_MISSING'],
    ['.|.', 'GENOTYPE_MISSING'],
    ['.', 'GENOTYPE_MISSING'],
    ['./0', 'GENOTYPE_MISSING'],
    ['0/.', 'GENOTYPE_MISSING'],
    ['0|.', 'GENOTYPE_MISSING'],
    ['./1', './T GENOTYPE_MISSING'],
    ['1/.', 'T/. GENOTYPE_MISSING'],
    ['1|.', 'T|. GENOTYPE_MISSING'],
    ['0', 'GENOTYPE_MISSING'],
    ['1', 'T GENOTYPE_MISSING'],
    ['0/1/1', 'C/T MORE_THAN_TWO_COPIES'],
    ['0/0/0/1', 'C/C MORE_THAN_TWO_COPIES'],
    ['0|1/1', 'C/T MORE_THAN_TWO_COPIES'],
    ['0/2', 'GENOTYPE_UNREADABLE'],
    ['7/7', 'GENOTYPE_UNREADABLE'],
    ['0/99999999999999999999', 'GENOTYPE_UNREADABLE'],
    ['', 'GENOTYPE_UNREADABLE'],
    ['0/', 'GENOTYPE_UNREADABLE'],
    ['/1', 'GENOTYPE_UNREADABLE'],
    ['0/-1', 'GENOTYPE_UNREADABLE'],
    ['0\\1', 'GENOTYPE_UNREADABLE'],
    ['0/1.0', 'GENOTYPE_UNREADABLE'],
    ['C/T', 'GENOTYPE_UNREADABLE'],
    ['__proto__', 'GENOTYPE_UNREADABLE'],
  ])('%j on an autosome is read as %s', async (genotype, expected) => {
    expect(await read({ samples: [genotype] })).toBe(expected);
  });

  it.each([
    ['0', 'C'],
    ['1', 'T'],
    ['.', 'GENOTYPE_MISSING'],
    ['0/1', 'C/T'],
  ])('%j on the X chromosome is read as %s', async (genotype, expected) => {
    const line = record({ chrom: 'chrX', pos: CHATHAM.position, samples: [genotype] });
    expect(said(await first(fileOf([line]), 0, CHATHAM))).toBe(expected);
  });

  it.each(['./1', '1/.', '.|1', '1'])('of one copy, %s, does not call a gene that was read in two', async (genotype) => {
    const third = record({ pos: THREE.position, ref: 'A', alt: 'C', samples: ['0/0'] });
    const call = await callOf('CYP2C9', fileOf([record({ samples: [genotype] }), third]));
    expect([call.status, call.diplotypes]).toEqual(['NO_CALL', []]);
  });

  it('is read whatever fields come before and after it', async () => {
    expect(await read({ format: 'DP:GT:GQ', samples: ['12:0/1:99'] })).toBe('C/T');
    expect(await read({ format: 'GT:DP:GQ', samples: ['0/1'] })).toBe('C/T');
    expect(await read({ format: 'DP:GT', samples: ['12'] })).toBe('GENOTYPE_MISSING');
  });

  it('is read with the bases in lower case', async () => {
    expect(await read({ ref: 'c', alt: 't', samples: ['0/1'] })).toBe('C/T');
  });

  it('is read on a chromosome without chr', async () => {
    expect(await read({ chrom: '10', samples: ['0/1'] })).toBe('C/T');
  });

  it('is noted where no allele is defined by the base', async () => {
    expect(await read({ alt: 'G', samples: ['0/1'] })).toBe('C/G UNDOCUMENTED_BASE');
    expect(await read({ alt: 'T,G', samples: ['0/1'] })).toBe('C/T');
    expect(await read({ alt: 'G,T', samples: ['0/2'] })).toBe('C/T');
  });

  it('is the reference where the line has no alternative at all', async () => {
    expect(await read({ alt: '.', samples: ['0/0'] })).toBe('C/C');
    expect(await read({ alt: '.', samples: ['0/1'] })).toBe('GENOTYPE_UNREADABLE');
  });
});

describe('an alternative that is no sequence of bases', () => {
  it.each(['<DEL>', '<*>', '<NON_REF>', '*', 'N', 'TN', 'R', 'C[chr2:321681[', '!', ''])(
    '%j is refused where it is called',
    async (alt) => {
      expect(await read({ alt, samples: ['0/1'] })).toBe('GENOTYPE_UNREADABLE');
      expect(await read({ alt: `T,${alt}`, samples: ['1/2'] })).toBe('GENOTYPE_UNREADABLE');
    },
  );

  it.each(['<DEL>', '<*>', '<NON_REF>', '*', 'N', 'C[chr2:321681['])('%j does no harm where it is not called', async (alt) => {
    expect(await read({ alt, samples: ['0/0'] })).toBe('C/C');
    expect(await read({ alt: `T,${alt}`, samples: ['0/1'] })).toBe('C/T');
    expect(await read({ alt: `${alt},T`, samples: ['2/2'] })).toBe('T/T');
  });
});

describe('another reference base than that of GRCh38', () => {
  it.each(['G', 'T', 'N', '', '.', '<DEL>'])('%j makes the genotype unusable', async (ref) => {
    expect(await read({ ref, samples: ['0/0'] })).toBe('REFERENCE_MISMATCH');
    expect(await read({ ref, samples: ['0/1'] })).toBe('REFERENCE_MISMATCH');
  });

  it('is told with its line, and not with the genotype', async () => {
    const reading = await first(fileOf([record({ ref: 'G', samples: ['0/1'] })]));
    expect(reading).toMatchObject({
      kind: 'unusable',
      line: 3,
      reason: expect.stringMatching(/^Line 3: rs1799853 .*REF is G, GRCh38 has C/),
    });
  });
});

describe('read depths', () => {
  const R = '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">';

  it.each([
    ['0/1', '12,0', 'DEPTH_CONFLICT'],
    ['0/1', '0,12', 'DEPTH_CONFLICT'],
    ['0|1', '12,.', 'DEPTH_CONFLICT'],
    ['0/1', '12,1', 'C/T'],
    ['0/1', '0,0', 'C/T'],
    ['0/1', '.', 'C/T'],
    ['0/1', '.,.', 'C/T'],
    ['0/1', '12,x', 'C/T'],
    ['0/0', '12,0', 'C/C'],
    ['1/1', '0,12', 'T/T'],
    ['1/1', '12,0', 'T/T'],
  ])('of a genotype %s with AD %s give %s', async (genotype, depths, expected) => {
    expect(await read({ format: 'GT:AD', samples: [`${genotype}:${depths}`] }, [R])).toBe(expected);
    expect(await read({ format: 'GT:AD', samples: [`${genotype}:${depths}`] })).toBe(expected);
  });

  it.each(['.', '1', '2', 'G'])('do not count where the header says that AD has Number=%s', async (number) => {
    expect(await read({ format: 'GT:AD', samples: ['0/1:12,0'] }, [R.replace('Number=R', `Number=${number}`)])).toBe('C/T');
  });
});

describe('a phase set', () => {
  it.each([
    ['0|1:42', 'C|T:42'],
    ['0|1:.', 'C|T'],
    ['0|1', 'C|T'],
    ['0/1:42', 'C/T'],
    ['./.:42', 'GENOTYPE_MISSING'],
  ])('%s is read as %s', async (sample, expected) => {
    expect(await read({ format: 'GT:PS', samples: [sample] })).toBe(expected);
  });
});

describe('a position that is in the file twice', () => {
  const twice = async (one: Line, two: Line) => said(await first(fileOf([record(one), record(two)])));

  it('is read from its first usable line, with a note', async () => {
    expect(await twice({ samples: ['0/0'] }, { samples: ['0/1'] })).toBe('C/C DUPLICATE_POSITION');
    expect(await twice({ samples: ['0/1'] }, { samples: ['1/1'] })).toBe('C/T DUPLICATE_POSITION');
    expect(await twice({ samples: ['0/1'] }, { samples: ['./.'] })).toBe('C/T DUPLICATE_POSITION');
  });

  it.each([
    [{ samples: ['./.'] }],
    [{ ref: 'G', samples: ['1/1'] }],
    [{ alt: '<DEL>', samples: ['0/1'] }],
    [{ format: 'DP', samples: ['12'] }],
    [{ samples: ['rubbish'] }],
    [{ samples: [] }],
  ] as [Line][])('is read from the second where the first is of no use: %j', async (useless) => {
    expect(await twice(useless, { samples: ['0/1'] })).toBe('C/T');
    expect(await twice({ samples: ['0/1'] }, useless)).toMatch(/^C\/T( DUPLICATE_POSITION)?$/);
  });

  it('is noted once however often it comes again', async () => {
    const lines = ['0/1', '0/0', '1/1', '0/0'].map((genotype) => record({ samples: [genotype] }));
    expect(said(await first(fileOf(lines)))).toBe('C/T DUPLICATE_POSITION');
  });

  it('is judged sample by sample', async () => {
    const text = fileOf([record({ samples: ['0/0', './.'] }), record({ samples: ['1/1', '0/1'] })], { samples: ['S1', 'S2'] });
    expect([said(await first(text, 0)), said(await first(text, 1))]).toEqual(['C/C DUPLICATE_POSITION', 'C/T']);
  });
});

describe('a line', () => {
  it.each([
    ['too short', record({ samples: [] })],
    ['cut within its fixed columns', `chr10\t${TWO.position}\t.\tC`],
    ['cut after its position', `chr10\t${TWO.position}\t`],
    ['too long', record({ samples: ['0/1', '0/1'] })],
  ])('that is %s makes its position unreadable', async (_what, line) => {
    const reading = await first(fileOf([line]));
    expect(reading).toMatchObject({
      code: 'GENOTYPE_UNREADABLE',
      reason: expect.stringMatching(/^Line 3: \d+ columns where the header has 10/),
    });
  });

  it('without GT makes its position unreadable', async () => {
    expect(await read({ format: 'DP:GQ', samples: ['12:99'] })).toBe('GENOTYPE_UNREADABLE');
    expect(await read({ format: 'gt', samples: ['0/1'] })).toBe('GENOTYPE_UNREADABLE');
    expect(await read({ format: '', samples: ['0/1'] })).toBe('GENOTYPE_UNREADABLE');
  });

  it('at a place that nothing is defined at is left out, whatever it says', async () => {
    const text = fileOf(['chr10\t1\trubbish', 'chr10', '', '\t\t\t', 'chrX\tNaN\t.', record({ samples: ['0/1'] })]);
    expect(said(await first(text))).toBe('C/T');
  });

  it('of a comment below the header is left out', async () => {
    const text = fileOf(['# a comment', record({ samples: ['0/1'] }), '#another', '## and another']);
    expect(said(await first(text))).toBe('C/T');
  });

  it('of one sample that cannot be read leaves the other samples as they are', async () => {
    const text = fileOf([record({ samples: ['0/1', 'rubbish', '1/1', '', '0/9'] })], { samples: ['a', 'b', 'c', 'd', 'e'] });
    const readings = await readingsOf(text);
    expect(readings.samples.map((_, sample) => said(readings.of(sample, [TWO])[0] ?? null))).toEqual([
      'C/T',
      'GENOTYPE_UNREADABLE',
      'T/T',
      'GENOTYPE_UNREADABLE',
      'GENOTYPE_UNREADABLE',
    ]);
    const calls = await cohortCalls(text, panelOf(['CYP2C9']));
    expect([...calls.values()].map((genes) => genes.get('CYP2C9')?.status)).toEqual([
      'CALLED',
      'NOT_TESTED',
      'CALLED',
      'NOT_TESTED',
      'NOT_TESTED',
    ]);
  });

  it('that is not there is not the reference', async () => {
    expect(await first(fileOf([]))).toBeNull();
    const block = ['chr10', TWO.position - 100, '.', 'A', '<NON_REF>', '.', 'PASS', `END=${TWO.position + 100}`, 'GT', '0/0'].join('\t');
    expect(await first(fileOf([block]))).toBeNull();
  });
});

describe('a file', () => {
  const line = record({ samples: ['0/1'] });
  const columns = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1';

  it.each([
    ['empty', '', 'x.vcf'],
    ['of another kind', 'sample,genotype\n', 'x.vcf:1'],
    ['with another first line', `${columns}\n${line}\n`, 'x.vcf:1'],
    ['of binary rubbish', Buffer.from([0, 1, 2, 255, 254, 10, 0, 10, 13, 9]).toString('latin1'), 'x.vcf:1'],
    ['without the header line', `##fileformat=VCFv4.3\n${line}\n`, 'x.vcf:2'],
    ['that ends within its header', '##fileformat=VCFv4.3\n##source=x\n', 'x.vcf:3'],
    ['without samples', `##fileformat=VCFv4.3\n${columns.slice(0, -10)}\n`, 'x.vcf:2'],
    ['with FORMAT but no sample', `##fileformat=VCFv4.3\n${columns.slice(0, -3)}\n`, 'x.vcf:2'],
    ['of GRCh37', fileOf([line], { header: ['##reference=file:///ref/GRCh37.fa'] }), 'x.vcf:2'],
    ['of hg19', fileOf([line], { header: ['##source=x', '##reference=hg19.fa'] }), 'x.vcf:3'],
    ['of a GRCh37 file', fileOf([line], { header: ['##reference=file:///ref/human_g1k_v37.fasta'] }), 'x.vcf:2'],
    ['of the length of GRCh37', fileOf([line], { header: ['##contig=<ID=chr1,length=249250621>'] }), 'x.vcf:2'],
    ['in a folder of hg19', fileOf([line], { header: ['##reference=/refs/UCSC/hg19/Sequence/genome.fa'] }), 'x.vcf:2'],
    ['of assembly 19', fileOf([line], { header: ['##reference=file:///ref/Homo_sapiens_assembly19.fasta'] }), 'x.vcf:2'],
    ['of a mouse', fileOf([line], { header: ['##assembly=GRCm39'] }), 'x.vcf:2'],
    ['of hs37d5', fileOf([line], { header: ['##contig=<ID=10,assembly=hs37d5>'] }), 'x.vcf:2'],
    ['of CHM13', fileOf([line], { header: ['##contig=<ID=chr10,length=1,assembly=T2T-CHM13v2.0>'] }), 'x.vcf:2'],
  ])('%s is refused with its place', async (_what, text, at) => {
    expect(await refusal(text)).toEqual(['VCF_INVALID', at]);
  });

  it.each([
    '##reference=GRCh38',
    '##reference=/home/b37/GRCh38.fa',
    '##contig=<ID=1,length=248956422>',
    '##contig=<ID=chr10,assembly=hg38>',
    '##source=lifted over from hg19',
  ])('with %s is read', async (header) => {
    expect(said(await first(fileOf([line], { header: [header] })))).toBe('C/T');
  });

  it('without records tests nothing', async () => {
    const call = await callOf('CYP2C9', fileOf([]));
    expect([call.status, call.evidence, call.missing]).toEqual(['NOT_TESTED', [], []]);
  });

  it('with lines that end as on Windows, or without an end at its end, is read the same', async () => {
    const text = fileOf([line]);
    expect(said(await first(text.replaceAll('\n', '\r\n')))).toBe('C/T');
    expect(said(await first(text.trimEnd()))).toBe('C/T');
  });

  it('of random bytes is refused or read, never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, headed) => {
        const text = Buffer.from(bytes).toString('latin1');
        expect(['VCF_INVALID', 'read']).toContain((await refusal(headed ? `${fileOf([line])}${text}` : text))[0]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a file of many samples', () => {
  /** Samples whose genotypes are all different, by their phase sets. */
  async function unequal(count: number): Promise<{ sample: number; read: string | null }[]> {
    const names = Array.from({ length: count }, (_, index) => `s${index}`);
    const lines = [record({ format: 'GT:PS', samples: names.map((_, index) => `${index % 2}|1:${index + 1}`) })];
    const readings = await readingsOf(fileOf(lines, { samples: names }));
    return names.map((_, sample) => ({ sample, read: said(readings.of(sample, [TWO])[0] ?? null) }));
  }
  const wrong = async (count: number) =>
    (await unequal(count)).filter(({ sample, read: text }) => text !== `${sample % 2 === 0 ? 'C' : 'T'}|T:${sample + 1}`);

  it('keeps 255 different genotypes at a position apart', async () => {
    expect(await wrong(255)).toEqual([]);
  });

  it('keeps 300 different genotypes at a position apart', async () => {
    expect(await wrong(300)).toEqual([]);
  });

  it('keeps 70,000 different genotypes at a position apart', async () => {
    expect(await wrong(70_000)).toEqual([]);
  });

  it('keeps 300 different genotypes apart where each of them is in the file twice', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `s${index}`);
    const line = record({ format: 'GT:PS', samples: names.map((_, index) => `0|1:${index + 1}`) });
    const readings = await readingsOf(fileOf([line, line], { samples: names }));
    const got = names.map((_, sample) => said(readings.of(sample, [TWO])[0] ?? null));
    expect(got.filter((text, sample) => text !== `C|T:${sample + 1} DUPLICATE_POSITION`)).toEqual([]);
  });

  it('calls every one of 300 samples with a phase set of its own', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `s${index}`);
    const samples = names.map((_, index) => `0|1:${index + 1}`);
    const third = record({
      pos: THREE.position,
      ref: 'A',
      alt: 'C',
      format: 'GT:PS',
      samples: samples.map((text) => text.replace('0|1', '1|0')),
    });
    const calls = await cohortCalls(fileOf([record({ format: 'GT:PS', samples }), third], { samples: names }), panelOf(['CYP2C9']));
    const other = [...calls].flatMap(([name, genes]) => {
      const call = genes.get('CYP2C9');
      return call && namesOf(call).includes('*2/*3') && !codesOf(call).includes('GENOTYPE_MISSING') ? [] : [name];
    });
    expect(other).toEqual([]);
  });

  const genotype = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('0/0', '0/1', '1/1', '0|1', '1|0', './.', '.', '0', '1', './1', '0/2', '1/2') },
    { weight: 1, arbitrary: fc.constantFrom('0/1/1', '10/1', '0/', 'x', '', '€/€', '1|.', '0/0/0', 'a/a', '\u0001', '0\u0000') },
  );

  it('reads a genotype the same whatever comes before and after it, and whatever the other samples have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(genotype, { minLength: 1, maxLength: 40 }),
        fc.array(genotype, { minLength: 40, maxLength: 40 }),
        async (one, two) => {
          const samples = one.map((_, index) => `s${index}`);
          const readings = async (form: (text: string) => string, format: string) => {
            const lines = [one, two.slice(0, one.length)].map((genotypes) => record({ alt: 'T,G', format, samples: genotypes.map(form) }));
            const all = await readingsOf(fileOf(lines, { samples }));
            return samples.map((_, sample) => said(all.of(sample, [TWO])[0] ?? null));
          };
          const plain = await readings((text) => text || '.', 'GT');
          expect(await readings((text) => `7:${text || '.'}`, 'DP:GT')).toEqual(plain);
          expect(await readings((text) => `${text || '.'}:1,2,3:7`, 'GT:AD:DP')).toEqual(plain);
          const alone = one.map(async (text, index) => {
            const lines = [text, two[index] ?? ''].map((each) => record({ alt: 'T,G', samples: [each || '.'] }));
            return said(await first(fileOf(lines)));
          });
          expect(await Promise.all(alone)).toEqual(plain);
        },
      ),
      { numRuns: process.env['LONG'] ? 2_000 : 100 },
    );
  });
});

describe('lines that are no records', () => {
  const line = record({ samples: ['0/1'] });

  it('alone are refused with the place of the first', async () => {
    expect(await refusal(fileOf(['\u0000\u0001rubbish', line.replaceAll('\t', ' ')]))).toEqual(['VCF_INVALID', 'x.vcf:3']);
  });

  it('among others are counted, and the others read', async () => {
    const readings = await readingsOf(fileOf(['chr10 94942290', line, 'chr10\tsomewhere\t.']));
    expect(readings.unreadable).toEqual({ first: 3, count: 2 });
    expect(said(readings.of(0, [TWO])[0] ?? null)).toBe('C/T');
  });

  it('are none in a whole file, with a byte order mark or without', async () => {
    for (const start of ['', '\uFEFF']) expect((await readingsOf(`${start}${fileOf([line])}`)).unreadable).toBeNull();
  });
});
