import { describe, expect, it } from '@jest/globals';
import type { CallOptions } from '../../src/genotypes/callGene.ts';
import { vcf } from '../support/vcf.ts';
import { callOf, codesOf, definitionOf, namesOf } from './calling.ts';

type Genotypes = Readonly<Record<string, string>>;

const call = (gene: string, genotypes: Genotypes, options: CallOptions & { readonly without?: readonly string[] } = {}) =>
  callOf(gene, vcf(genotypes, options.without ?? [], [gene]).replaceAll('\tGT\t', '\tGT:PS\t'), options);

const meanings = ({ lookup }: Awaited<ReturnType<typeof call>>) =>
  lookup.map(({ alleles, phenotype, activityScore }) => [alleles.join('/'), phenotype, activityScore]);

const STAR_2A = 'c.1905+1G>A (*2A)';
const STAR_13 = 'c.1679T>G (*13)';
const HAPB3 = 'c.1129-5923C>G, c.1236G>A (HapB3)';
const INTRON = 'c.1129-5923C>G';

describe('DPYD', () => {
  it('names both copies where the variants are phased, and looks up the worst of each', async () => {
    const cis = await call('DPYD', { rs3918290: '0|1', rs55886062: '0|1' });
    expect([namesOf(cis), cis.phased, cis.variants]).toEqual([[`Reference/[${STAR_13} + ${STAR_2A}]`], true, []]);
    expect(meanings(cis)).toEqual([[`Reference/${STAR_13}`, 'Intermediate Metabolizer', '1.0']]);
    const trans = await call('DPYD', { rs3918290: '0|1', rs55886062: '1|0' });
    expect([namesOf(trans), meanings(trans)]).toEqual([[`${STAR_13}/${STAR_2A}`], [[`${STAR_13}/${STAR_2A}`, 'Poor Metabolizer', '0.0']]]);
  });

  it('lists unphased variants without copies, and looks up the two worst', async () => {
    const found = await call('DPYD', { rs3918290: '0/1', rs67376798: '0/1', rs1801159: '0/1' });
    expect([found.status, found.phased, namesOf(found), found.variants]).toEqual([
      'CALLED',
      false,
      [],
      ['c.1627A>G (*5)', STAR_2A, 'c.2846A>T'],
    ]);
    expect(meanings(found)).toEqual([[`${STAR_2A}/c.2846A>T`, 'Poor Metabolizer', '0.5']]);
    expect(codesOf(found)).toEqual(['LISTED_WITHOUT_COPIES']);
  });

  it('lists a variant that is on both copies twice, and gives a pair where it is the only one', async () => {
    expect((await call('DPYD', { rs3918290: '1/1', rs67376798: '0/1', rs1801159: '0/1' })).variants).toEqual([
      'c.1627A>G (*5)',
      STAR_2A,
      STAR_2A,
      'c.2846A>T',
    ]);
    const alone = await call('DPYD', { rs3918290: '1/1' });
    expect([namesOf(alone), alone.variants, meanings(alone)]).toEqual([
      [`${STAR_2A}/${STAR_2A}`],
      [],
      [[`${STAR_2A}/${STAR_2A}`, 'Poor Metabolizer', '0.0']],
    ]);
  });

  it('gives a pair for one unphased variant', async () => {
    const found = await call('DPYD', { rs67376798: '0/1' });
    expect([namesOf(found), found.phased, meanings(found)]).toEqual([
      ['Reference/c.2846A>T'],
      true,
      [['Reference/c.2846A>T', 'Intermediate Metabolizer', '1.5']],
    ]);
  });

  it('compares copies within a phase set, and tries both ways between two of them', async () => {
    const one = await call('DPYD', { rs3918290: '0|1:7', rs55886062: '1|0:7' });
    expect(namesOf(one)).toEqual([`${STAR_13}/${STAR_2A}`]);
    const two = await call('DPYD', { rs3918290: '0|1:7', rs55886062: '1|0:8' });
    expect(namesOf(two).sort()).toEqual([`Reference/[${STAR_13} + ${STAR_2A}]`, `${STAR_13}/${STAR_2A}`].sort());
    expect([two.phased, meanings(two)]).toEqual([false, [[`${STAR_13}/${STAR_2A}`, 'Poor Metabolizer', '0.0']]]);
  });

  it('counts a base that no allele is defined by as the reference', async () => {
    const text = vcf({ rs3918290: '0/2' }, [], ['DPYD']).replace(/(rs3918290\tC\tT)/, '$1,G');
    const found = await callOf('DPYD', text);
    expect([namesOf(found), codesOf(found)]).toEqual([['Reference/Reference'], ['UNDOCUMENTED_BASE']]);
  });

  it('calls HapB3 from both of its variants', async () => {
    const phased = await call('DPYD', { rs75017182: '0|1', rs56038477: '0|1' });
    expect([namesOf(phased), meanings(phased)]).toEqual([
      [`Reference/${HAPB3}`],
      [[`Reference/${HAPB3}`, 'Intermediate Metabolizer', '1.5']],
    ]);
    const both = await call('DPYD', { rs75017182: '1/1', rs56038477: '1/1' });
    expect([namesOf(both), meanings(both)]).toEqual([[`${HAPB3}/${HAPB3}`], [[`${HAPB3}/${HAPB3}`, 'Intermediate Metabolizer', '1.0']]]);
  });

  it('looks HapB3 up with the other copy where nothing is phased', async () => {
    const alone = await call('DPYD', { rs75017182: '0/1', rs56038477: '0/1' });
    expect(meanings(alone)).toEqual([[`Reference/${HAPB3}`, 'Intermediate Metabolizer', '1.5']]);
    const other = await call('DPYD', { rs75017182: '0/1', rs56038477: '0/1', rs3918290: '0/1' });
    expect([other.variants, meanings(other)]).toEqual([[HAPB3, STAR_2A], [[`${HAPB3}/${STAR_2A}`, 'Poor Metabolizer', '0.5']]]);
  });

  it('calls HapB3 from the exonic variant alone where the intronic one was not read, with a warning', async () => {
    const found = await call('DPYD', { rs56038477: '0/1' }, { without: ['rs75017182'] });
    expect([namesOf(found), codesOf(found)]).toEqual([[`Reference/${HAPB3}`], ['POSITION_MISSING', 'HAPB3_FROM_EXON']]);
    const twice = await call('DPYD', { rs56038477: '1/1', rs75017182: './.' });
    expect([namesOf(twice), codesOf(twice)]).toEqual([[`${HAPB3}/${HAPB3}`], ['GENOTYPE_MISSING', 'HAPB3_FROM_EXON']]);
  });

  it('calls the intronic variant by itself where the exonic one is not there or was not read', async () => {
    const alone = await call('DPYD', { rs75017182: '0/1' });
    const unread = await call('DPYD', { rs75017182: '0/1' }, { without: ['rs56038477'] });
    for (const found of [alone, unread])
      expect([namesOf(found), meanings(found)]).toEqual([
        [`Reference/${INTRON}`],
        [[`Reference/${INTRON}`, 'Intermediate Metabolizer', '1.5']],
      ]);
    expect(codesOf(alone)).toEqual([]);
  });

  it('lets the intronic variant decide where the two disagree, with a warning', async () => {
    const found = await call('DPYD', { rs56038477: '0/1' });
    expect([namesOf(found), codesOf(found), meanings(found)]).toEqual([
      ['Reference/Reference'],
      ['HAPB3_CONFLICT'],
      [['Reference/Reference', 'Normal Metabolizer', '2.0']],
    ]);
    const twice = await call('DPYD', { rs75017182: '0/1', rs56038477: '1/1' });
    expect(codesOf(twice)).toContain('HAPB3_CONFLICT');
    expect(meanings(twice)).toEqual([[`Reference/${HAPB3}`, 'Intermediate Metabolizer', '1.5']]);
  });

  it('lets the intronic variant decide where another unphased variant is there, and on each copy where they are phased', async () => {
    const unphased = await call('DPYD', { rs56038477: '0/1', rs3918290: '0/1' });
    expect(codesOf(unphased)).toContain('HAPB3_CONFLICT');
    expect(meanings(unphased)).toEqual([[`Reference/${STAR_2A}`, 'Intermediate Metabolizer', '1.0']]);
    const trans = await call('DPYD', { rs75017182: '0|1', rs56038477: '1|0' });
    expect([namesOf(trans), codesOf(trans)]).toEqual([[`Reference/${INTRON}`], ['HAPB3_CONFLICT']]);
  });

  it('keeps one HapB3 and one intronic variant apart where the exonic one is on one copy only', async () => {
    const found = await call('DPYD', { rs75017182: '1/1', rs56038477: '0/1' });
    expect([namesOf(found), meanings(found)]).toEqual([
      [`${INTRON}/${HAPB3}`],
      [[`${INTRON}/${HAPB3}`, 'Intermediate Metabolizer', '1.0']],
    ]);
  });
});

describe('RYR1', () => {
  const MALIGNANT = 'c.97A>G';

  it('looks a malignant variant up before any other', async () => {
    const found = await call('RYR1', { rs193922746: '0/1', rs193922749: '0/1', rs137933390: '0/1' });
    expect(found.variants).toEqual([MALIGNANT, 'c.152C>A', 'c.4178A>G']);
    expect(found.lookup.map(({ alleles, phenotype }) => [alleles.includes(MALIGNANT), phenotype])).toEqual([
      [true, 'Malignant Hyperthermia Susceptibility'],
    ]);
  });

  it('finds the malignant variant within a combination on one copy', async () => {
    const found = await call('RYR1', { rs193922746: '0|1', rs193922749: '0|1', rs137933390: '1|0' });
    expect(namesOf(found)).toEqual([`c.4178A>G/[${MALIGNANT} + c.152C>A]`]);
    expect(meanings(found)).toEqual([[`${MALIGNANT}/c.4178A>G`, 'Malignant Hyperthermia Susceptibility', null]]);
  });

  it('is of uncertain susceptibility without one', async () => {
    const found = await call('RYR1', { rs193922749: '0/1', rs137933390: '0/1' });
    expect(found.lookup.map(({ phenotype }) => phenotype)).toEqual(['Uncertain Susceptibility']);
  });
});

describe('NAT2', () => {
  const REQUIRED = ['rs1801279', 'rs1801280', 'rs1799930', 'rs1208', 'rs1799931'];

  it.each(REQUIRED)('is not called without %s', async (rsid) => {
    for (const found of [await call('NAT2', {}, { without: [rsid] }), await call('NAT2', { [rsid]: './.' })]) {
      expect([found.status, found.diplotypes, found.lookup]).toEqual(['NO_CALL', [], []]);
      expect(found.warnings.filter(({ code }) => code === 'REQUIRED_POSITION_MISSING').map(({ message }) => message)).toEqual([
        expect.stringContaining(rsid),
      ]);
    }
  });

  it('is called without all the others', async () => {
    const others = definitionOf('NAT2')
      .positions.map(({ rsid }) => rsid)
      .filter((rsid) => !REQUIRED.includes(rsid));
    expect(others.length).toBeGreaterThan(10);
    const found = await call('NAT2', { rs1801280: '0|1', rs1208: '1|0' }, { without: others });
    expect(found.status).toBe('CALLED');
    expect(namesOf(found)).toContain('*4/*5');
  });

  it('reports the pair that is known to be the most frequent where phase is unknown', async () => {
    const found = await call('NAT2', { rs1801280: '0/1', rs1799930: '0/1', rs1208: '0/1' });
    expect(namesOf(found)).toEqual(['*5/*6']);
    expect(namesOf({ diplotypes: found.alsoFit })).toEqual(expect.arrayContaining(['*1/*30', '*16/*34']));
    expect(codesOf(found)).toContain('PREFERRED_PAIR');
  });

  it('follows the phase where it is known, preferred or not', async () => {
    const found = await call('NAT2', { rs1801280: '0|1', rs1799930: '0|1', rs1208: '0|1' });
    expect([namesOf(found), found.alsoFit, codesOf(found)]).toEqual([['*1/*30'], [], []]);
  });

  it('prefers nothing with definitions of the caller’s own, where all pairs are given', async () => {
    const found = await call('NAT2', { rs1801280: '0/1', rs1799930: '0/1', rs1208: '0/1' }, { publishedRules: false });
    expect(codesOf(found)).not.toContain('PREFERRED_PAIR');
    expect([...namesOf(found), ...namesOf({ diplotypes: found.alsoFit })]).toEqual(expect.arrayContaining(['*1/*30', '*5/*6', '*16/*34']));
  });
});

describe('SLCO1B1', () => {
  const NOTHING_FITS = { rs11045819: '1/1', rs34671512: '1/1' };

  it.each([
    ['0/0', '*1/*1', 'Normal Function'],
    ['0/1', '*1/*5', 'Decreased Function'],
    ['1/1', '*5/*5', 'Poor Function'],
  ])('is looked up by rs4149056 %s as %s where no pair of star alleles fits', async (genotype, alleles, phenotype) => {
    const found = await call('SLCO1B1', { ...NOTHING_FITS, rs4149056: genotype });
    expect([found.status, found.diplotypes, meanings(found)]).toEqual(['NO_CALL', [], [[alleles, phenotype, null]]]);
    expect(codesOf(found)).toEqual(['NO_PAIR_FITS', 'INFERRED']);
  });

  it.each(['./.', './1', '0/.'])('is not looked up at all where rs4149056 is %s', async (genotype) => {
    const found = await call('SLCO1B1', { ...NOTHING_FITS, rs4149056: genotype });
    expect([found.status, found.lookup]).toEqual(['NO_CALL', []]);
    expect(codesOf(found)).not.toContain('INFERRED');
  });

  it('needs no inference where a pair fits', async () => {
    const found = await call('SLCO1B1', { rs2306283: '0|1', rs4149056: '0|1' });
    expect([namesOf(found), codesOf(found)]).toEqual([['*1/*15'], []]);
  });

  it.each([
    ['*45.001', { rs71581941: '0|1' }],
    ['*45.002', { rs2306283: '0|1', rs4149056: '0|1', rs71581941: '0|1' }],
  ])('reports %s as *45', async (_name, genotypes) => {
    const found = await call('SLCO1B1', genotypes);
    expect([namesOf(found), meanings(found)]).toEqual([['*1/*45'], [['*1/*45', 'Decreased Function', null]]]);
  });

  it('gives *45/*45 once where both of its sub-alleles are there', async () => {
    expect(namesOf(await call('SLCO1B1', { rs2306283: '0|1', rs4149056: '0|1', rs71581941: '1|1' }))).toEqual(['*45/*45']);
  });
});

describe('G6PD', () => {
  const haploid = (genotypes: Genotypes): Genotypes => ({
    ...Object.fromEntries(definitionOf('G6PD').positions.map(({ rsid }) => [rsid, '0'])),
    ...genotypes,
  });

  it('gives one allele where every genotype is haploid', async () => {
    const found = await call('G6PD', haploid({ rs5030869: '1' }));
    expect([namesOf(found), found.phased, meanings(found), codesOf(found)]).toEqual([
      ['Chatham'],
      true,
      [['Chatham', 'Deficient', null]],
      [],
    ]);
    expect(meanings(await call('G6PD', haploid({})))).toEqual([['B (reference)', 'Normal', null]]);
  });

  it('reads a homozygous diploid file as one X chromosome where the sex is male, and says so', async () => {
    const male = await call('G6PD', { rs5030869: '1/1' }, { sex: 'male' });
    expect([namesOf(male), meanings(male), codesOf(male)]).toEqual([['Chatham'], [['Chatham', 'Deficient', null]], ['HEMIZYGOUS']]);
    for (const options of [{}, { sex: 'female' }] as const) {
      const other = await call('G6PD', { rs5030869: '1/1' }, options);
      expect([namesOf(other), codesOf(other)]).toEqual([['Chatham/Chatham'], []]);
    }
  });

  it('does not call a heterozygous male', async () => {
    const found = await call('G6PD', { rs5030869: '0/1' }, { sex: 'male' });
    expect([found.status, found.diplotypes]).toEqual(['NO_CALL', []]);
  });

  it('gives a heterozygous female two alleles and a variable phenotype', async () => {
    const found = await call('G6PD', { rs5030869: '0/1' }, { sex: 'female' });
    expect([namesOf(found), meanings(found)]).toEqual([['B (reference)/Chatham'], [['B (reference)/Chatham', 'Variable', null]]]);
  });

  it.each([
    ['G6PD', { rs5030869: '1' }],
    ['CYP2C9', { rs1799853: '1' }],
  ])('%s is given no second copy by combinations where a genotype has one only', async (gene, genotypes) => {
    const found = await call(gene, genotypes, { combinations: true });
    expect(namesOf(found).filter((name) => /^(\*1|B \(reference\))\//.test(name))).toEqual([]);
  });

  it('does not take the sex for genes of other chromosomes', async () => {
    const found = await call('CYP2C9', { rs1057910: '1/1' }, { sex: 'male' });
    expect([namesOf(found), codesOf(found)]).toEqual([['*3/*3'], []]);
  });
});

describe('UGT1A1', () => {
  it('gives three pairs where the repeat was not read', async () => {
    const found = await call('UGT1A1', { rs887829: '0/1' }, { without: ['rs3064744'] });
    expect(namesOf(found).sort()).toEqual(['*1/*80', '*1/*80+*28', '*1/*80+*37']);
    expect(codesOf(found)).toEqual(['POSITION_MISSING', 'SEVERAL_PAIRS', 'REPEAT_LENGTH']);
  });

  it('prefers *80+*28 on one copy, unphased', async () => {
    const found = await call('UGT1A1', { rs887829: '0/1', rs3064744: '0/2' });
    expect([namesOf(found), namesOf({ diplotypes: found.alsoFit })]).toEqual([['*1/*80+*28'], ['*28/*80']]);
  });

  it('names a combination by its parts and not by the alleles that are combinations themselves', async () => {
    const genotypes = { rs4148323: '0|1', rs887829: '0|1', rs3064744: '0|2' };
    expect(namesOf(await call('UGT1A1', genotypes, { combinations: true }))).toEqual(['*1/[*6 + *28 + *80]']);
    expect((await call('UGT1A1', genotypes)).status).toBe('NO_CALL');
  });
});

describe('CFTR', () => {
  it('warns that a reference result excludes nothing', async () => {
    for (const genotypes of [{}, { rs75527207: '0/1' }]) expect(codesOf(await call('CFTR', genotypes))).toEqual(['NOT_ALL_VARIANTS']);
    const both = await call('CFTR', { rs75527207: '1/1' });
    expect([namesOf(both), codesOf(both)]).toEqual([['G551D/G551D'], []]);
  });
});

describe('CYP2D6', () => {
  const TEN = { rs1135840: '1/1', rs1058164: '1/1', rs1065852: '1/1' };

  it('is not called from a VCF unless research is asked for by the name of the gene', async () => {
    for (const options of [{}, { combinations: true }, { research: ['CYP2C9'] }])
      expect((await call('CYP2D6', TEN, options)).status).toBe('NOT_TESTED');
  });

  it('is called for research with a warning', async () => {
    const found = await call('CYP2D6', TEN, { research: ['CYP2D6'] });
    expect([namesOf(found), meanings(found)]).toEqual([['*10/*10'], [['*10/*10', 'Intermediate Metabolizer', '0.5']]]);
    expect(codesOf(found)).toContain('RESEARCH_ONLY');
  });
});

describe('CYP2C9', () => {
  it.each(['0/0', '0/1', '1/1', './.', '1', 'x/y'])('has the same call whatever rs12777823 is: %s', async (genotype) => {
    const without = await call('CYP2C9', { rs1799853: '0/1' }, { without: ['rs12777823'] });
    const found = await call('CYP2C9', { rs1799853: '0/1', rs12777823: genotype });
    expect({ ...found, evidence: [] }).toEqual({ ...without, evidence: [] });
    expect(found.missing).toEqual([]);
  });

  it('has rs12777823 among the evidence, with its bases', async () => {
    const marker = async (genotype: string) =>
      (await call('CYP2C9', { rs12777823: genotype })).evidence
        .filter(({ rsid }) => rsid === 'rs12777823')
        .map(({ state, bases }) => [state, bases]);
    expect([await marker('0/1'), await marker('./.'), await marker('0/0')]).toEqual([[['SEEN', 'G/A']], [['MISSING', null]], []]);
  });
});

describe('a genotype of which one copy was read', () => {
  it.each([
    ['VKORC1', { rs9923231: '1' }],
    ['VKORC1', { rs9923231: './1' }],
    ['DPYD', { rs3918290: '1' }],
    ['DPYD', { rs3918290: './1' }],
    ['DPYD', { rs3918290: './1', rs67376798: '0/1' }],
    ['RYR1', { rs193922746: './1' }],
  ])('in %s, %j, is told in a warning', async (gene, genotypes) => {
    expect(codesOf(await call(gene, genotypes))).toContain('GENOTYPE_MISSING');
  });

  it.each(['1', './1', '.|1'])('of DPYD, %s, leaves the other copy as PharmCAT does, and says that it was not read', async (genotype) => {
    const found = await call('DPYD', { rs3918290: genotype });
    expect([meanings(found), codesOf(found)]).toEqual([
      [[`Reference/${STAR_2A}`, 'Intermediate Metabolizer', '1.0']],
      expect.arrayContaining(['GENOTYPE_MISSING']),
    ]);
  });

  it('does not hide a no-function variant of DPYD that is listed', async () => {
    const found = await call('DPYD', { rs3918290: './1', rs67376798: '0/1' });
    expect(meanings(found)).toEqual([[`${STAR_2A}/c.2846A>T`, 'Poor Metabolizer', '0.5']]);
  });
});
