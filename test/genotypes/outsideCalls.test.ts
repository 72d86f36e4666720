import { describe, expect, it } from '@jest/globals';
import { diplotypeName, type GeneCall } from '../../src/genotypes/call.ts';
import { withStated } from '../../src/genotypes/callSample.ts';
import { joinStated, type OutsideCall, readOutsideLine, type StatedCall, statedCall } from '../../src/genotypes/outsideCalls.ts';
import { vcf } from '../support/vcf.ts';
import { callOf, codesOf, definitionOf } from './calling.ts';

function answerTo(line: string): StatedCall | { readonly problem: string } {
  const outside = readOutsideLine(line);
  if (outside === null) throw new Error(`nothing stated: ${line}`);
  return 'problem' in outside ? outside : statedCall(definitionOf(outside.gene), outside);
}

/** The call that a line of a file of stated results makes. */
function stated(...fields: readonly string[]): GeneCall {
  const answer = answerTo(fields.join('\t'));
  if ('problem' in answer) throw new Error(answer.problem);
  return answer.call;
}

function problem(...fields: readonly string[]): string | null {
  const answer = answerTo(fields.join('\t'));
  return 'problem' in answer ? answer.problem : null;
}

const names = ({ diplotypes }: GeneCall) => diplotypes.map(diplotypeName);
const meanings = ({ lookup }: GeneCall) => lookup.map(({ phenotype, activityScore, lookupKey }) => [phenotype, activityScore, lookupKey]);

describe('a line of stated results', () => {
  it.each<[string, OutsideCall]>([
    ['CYP2D6\t*1/*4', { gene: 'CYP2D6', diplotype: '*1/*4', phenotype: null, activityScore: null }],
    ['CYP2D6\t*1/*4\t\t\t0.6\t0.75\tp: 0.0', { gene: 'CYP2D6', diplotype: '*1/*4', phenotype: null, activityScore: null }],
    ['HLA-B\t\t*57:01 positive', { gene: 'HLA-B', diplotype: null, phenotype: '*57:01 positive', activityScore: null }],
    ['CYP2D6\t\t\t1.25', { gene: 'CYP2D6', diplotype: null, phenotype: null, activityScore: '1.25' }],
    ['CYP2D6\t/\t\t1.25', { gene: 'CYP2D6', diplotype: null, phenotype: null, activityScore: '1.25' }],
    [' CYP2C19 \t *1/*2 \tIM\t\r', { gene: 'CYP2C19', diplotype: '*1/*2', phenotype: 'IM', activityScore: null }],
  ])('%j is read', (line, expected) => {
    expect(readOutsideLine(line)).toEqual(expected);
  });

  it.each(['', '   ', '\t\t', '# comment', '##Test Outside Call Data'])('%j says nothing', (line) => {
    expect(readOutsideLine(line)).toBeNull();
  });

  it.each(['CYP2D6', 'CYP2D6\t\t\t', 'CYP2D6\t/\t\t', '\t*1/*4', 'CYP2D6 *1/*4'])('%j is a problem', (line) => {
    expect(readOutsideLine(line)).toEqual({ problem: expect.any(String) });
  });
});

describe('a stated diplotype', () => {
  it.each([
    ['CYP2C19', '*2/*2', '*2/*2', 'Poor Metabolizer', null],
    ['CYP2C19', '*17/*1', '*1/*17', 'Rapid Metabolizer', null],
    ['CYP2D6', '*4/*1', '*1/*4', 'Intermediate Metabolizer', '1.0'],
    ['CYP2D6', ' *1 / *1x2 ', '*1/*1x2', 'Ultrarapid Metabolizer', '3.0'],
    ['CYP2D6', 'CYP2D6*1/CYP2D6*4', '*1/*4', 'Intermediate Metabolizer', '1.0'],
    ['DPYD', 'Reference/c.1905+1G>A (*2A)', 'Reference/c.1905+1G>A (*2A)', 'Intermediate Metabolizer', '1.0'],
    ['G6PD', 'Chatham', 'Chatham', 'Deficient', null],
    ['CYP4F2', '*1/*3', '*1/*3', null, null],
  ])('of %s, %s, is %s', (gene, text, name, phenotype, activityScore) => {
    const call = stated(gene, text);
    expect([call.status, call.source, names(call)]).toEqual(['CALLED', 'OUTSIDE', [name]]);
    expect(meanings(call)).toEqual([[phenotype, activityScore, activityScore ?? phenotype]]);
    expect([call.warnings, call.evidence, call.missing, call.variants, call.alsoFit]).toEqual([[], [], [], [], []]);
  });

  it('is read with sub-alleles as their core alleles, and says so', () => {
    const call = stated('CYP2D6', '*2.001/*4.013');
    expect([names(call), codesOf(call)]).toEqual([['*2/*4'], ['STATED_NAME_CHANGED', 'STATED_NAME_CHANGED']]);
    expect(meanings(call)).toEqual([['Intermediate Metabolizer', '1.0', '1.0']]);
  });

  it.each(['[*36 + *10]/*1', '*1/[*36 + *10]', '*36+*10/*1', '*1/[*36+*10]'])('reads the tandem %s', (text) => {
    const call = stated('CYP2D6', text);
    expect(meanings(call)).toEqual([['Normal Metabolizer', '1.25', '1.25']]);
    expect(codesOf(call)).not.toContain('UNKNOWN_ALLELE');
  });

  it('reads a tandem as the tables write it', () => {
    const call = stated('CYP2D6', '*36 + *10/*1');
    expect([meanings(call), codesOf(call)]).toEqual([[['Normal Metabolizer', '1.25', '1.25']], []]);
  });

  it.each([
    ['*1x4/*1', 'Ultrarapid Metabolizer', '≥4.0'],
    ['*1x3/*2x7', 'Ultrarapid Metabolizer', '≥6.0'],
    ['*1x≥3/*4', 'Ultrarapid Metabolizer', '≥3.0'],
    ['*4x5/*4', 'Poor Metabolizer', '0.0'],
    ['*1x2/*4', 'Normal Metabolizer', '2.0'],
    ['*41x3/*1', 'Normal Metabolizer', '1.75'],
  ])('looks %s up by the copies that CPIC counts', (text, phenotype, activityScore) => {
    const call = stated('CYP2D6', text);
    expect([meanings(call), codesOf(call)]).toEqual([[[phenotype, activityScore, activityScore]], []]);
    expect(names(call).join('').split('/').sort()).toEqual(text.split('/').sort());
  });

  it.each(['*10x4/*1', '*1/*XXX', '*1/*999', '*1/__proto__', '*1/constructor'])(
    'with an allele that is not in the table, %s, warns',
    (text) => {
      const call = stated('CYP2D6', text);
      expect([call.status, codesOf(call)]).toEqual(['CALLED', ['UNKNOWN_ALLELE']]);
      expect(meanings(call)).toEqual([['Indeterminate', 'n/a', 'n/a']]);
    },
  );

  it('with an unknown allele has no phenotype where the gene has no activity score', () => {
    const call = stated('CYP2C19', '*1/*999');
    expect([names(call), meanings(call), codesOf(call)]).toEqual([['*1/*999'], [[null, null, null]], ['UNKNOWN_ALLELE']]);
  });

  it.each([
    ['CYP2C19', '*1/*2/*3'],
    ['CYP2C19', '*1'],
    ['CYP2D6', '*4'],
    ['G6PD', 'Chatham/Chatham/Chatham'],
    ['MT-RNR1', 'm.1555A>G/m.1555A>G'],
    ['HLA-B', '*57:01/*15:02/*58:01'],
  ])('of %s with the wrong number of alleles, %s, is a problem that says what was expected', (gene, text) => {
    expect(problem(gene, text)).toMatch(new RegExp(`^${gene}: expected (one allele|two alleles)`));
  });

  it.each(['/*1', '*1/', '*1//*2', '*1/.', './*1'])('with an empty place, %s, is no call of a known phenotype', (text) => {
    const answer = answerTo(`CYP2C19\t${text}`);
    if ('call' in answer) expect([meanings(answer.call), codesOf(answer.call)]).toEqual([[[null, null, null]], ['UNKNOWN_ALLELE']]);
    else expect(answer.problem).toMatch(/^CYP2C19: (expected two alleles|an allele is missing)/);
  });

  it.each(['CYP2D6', 'HLA-B', 'CYP2C19'])('of %s as ./. or . is no call, and hides none', (gene) => {
    for (const text of ['./.', '.']) {
      const call = stated(gene, text);
      expect([call.status, call.lookup]).toEqual(['NO_CALL', []]);
    }
    const called = stated(gene, gene === 'HLA-B' ? '*57:01/*08:01' : '*1/*2');
    expect(withStated([called], new Map([[gene, stated(gene, './.')]]))).toEqual([called]);
    expect(joinStated([stated(gene, './.'), called])).toMatchObject({ status: 'CALLED', lookup: called.lookup });
  });
});

describe('a stated phenotype', () => {
  it.each([
    ['CYP2D6', 'poor metabolizer', 'Poor Metabolizer'],
    ['CYP2D6', 'Poor Metabolizers', 'Poor Metabolizer'],
    ['CYP2D6', 'CYP2D6 Ultrarapid Metabolizers (UM)', 'Ultrarapid Metabolizer'],
    ['CYP2C19', 'likely cyp2c19 poor metaboliser', 'Likely Poor Metabolizer'],
    ['CYP2C19', 'extensive metaboliser', 'Normal Metabolizer'],
    ['CYP2C19', 'ultrarapid metabolizer', 'Ultrarapid Metabolizer'],
    ['DPYD', 'intermediate metabolizer', 'Intermediate Metabolizer'],
    ['HLA-B', '*57:01 Positive', '*57:01 positive'],
  ])('of %s, %s, is the %s of the tables', (gene, text, expected) => {
    const call = stated(gene, '', text);
    expect([...new Set(call.lookup.map(({ phenotype }) => phenotype))]).toEqual([expected]);
    expect([call.lookup.every(({ lookupKey }) => lookupKey !== null), codesOf(call)]).toEqual([true, []]);
  });

  it('that the alleles contradict counts, with the scores that it may have', () => {
    expect(meanings(stated('CYP2D6', '*1/*6', 'Poor Metabolizer'))).toEqual([['Poor Metabolizer', '0.0', '0.0']]);
    const intermediate = stated('CYP2D6', '*1/*1', 'Intermediate Metabolizer');
    expect(intermediate.lookup.map(({ lookupKey }) => lookupKey)).toEqual(
      stated('CYP2D6', '', 'IM').lookup.map(({ lookupKey }) => lookupKey),
    );
    expect([names(intermediate), intermediate.lookup[0]?.activityScore]).toEqual([['*1/*1'], null]);
  });
});

describe('a stated allele of MT-RNR1', () => {
  it.each([
    ['m.1555A>G', 'increased risk of aminoglycoside-induced hearing loss'],
    ['Reference', 'normal risk of aminoglycoside-induced hearing loss'],
  ])('%s is one name', (allele, phenotype) => {
    const call = stated('MT-RNR1', allele);
    expect([names(call), meanings(call), call.warnings]).toEqual([[allele], [[phenotype, null, phenotype]], []]);
  });
});

describe('a stated HLA type', () => {
  it.each([
    ['HLA-B', '*57:01:01/*15:02:01:02', ['*15:02 positive', '*57:01 positive', '*58:01 negative'], ['*15:02/*57:01']],
    ['HLA-B', 'B*57:01/B*07:02', ['*15:02 negative', '*57:01 positive', '*58:01 negative'], ['*07:02/*57:01']],
    ['HLA-B', 'HLA-B*57:01/HLA-B*07:02', ['*15:02 negative', '*57:01 positive', '*58:01 negative'], ['*07:02/*57:01']],
    ['HLA-B', '*07:02/*08:01', ['*15:02 negative', '*57:01 negative', '*58:01 negative'], ['*07:02/*08:01']],
    ['HLA-B', '*58:01', ['*15:02 negative', '*57:01 negative', '*58:01 positive'], ['*58:01']],
    ['HLA-A', 'A*31:01:02/A*02:01', ['*31:01 positive'], ['*02:01/*31:01']],
    ['HLA-A', '*02:01/*03:01', ['*31:01 negative'], ['*02:01/*03:01']],
  ])('of %s, %s, is looked up by the risk alleles', (gene, text, statuses, diplotypes) => {
    const call = stated(gene, text);
    expect([names(call), meanings(call)]).toEqual([diplotypes, statuses.map((status) => [status, null, status])]);
    expect(codesOf(call).filter((code) => code !== 'STATED_NAME_CHANGED')).toEqual([]);
  });

  it('does not take another allele of the same group for the risk allele', () => {
    for (const text of ['*57:03/*15:01', '*57:011/*15:021'])
      expect(meanings(stated('HLA-B', text)).map(([phenotype]) => phenotype)).toEqual([
        '*15:02 negative',
        '*57:01 negative',
        '*58:01 negative',
      ]);
  });

  it.each(['57:01/08:01', '*5701/*0801', '*57/*08', 'B57:01/B08:01', '*5:701/*07:02', '*57:01/x', '*57:01/'])(
    '%s is refused: it is no status of any allele',
    (text) => {
      expect(problem('HLA-B', text)).toMatch(/^HLA-B: (\S+ is not an allele; expected two fields|an allele is missing)/);
    },
  );

  it.each(['*57:01P/*08:01', '*57:01:01G/*08:01', 'B*57:01/B*08:01', 'HLA-B*57:01/HLA-B*08:01'])('%s has the risk allele', (text) => {
    expect(meanings(stated('HLA-B', text)).map(([phenotype]) => phenotype)).toContain('*57:01 positive');
  });

  it.each(['57:01 positive', 'banana positive', '*57:01', '*57 positive'])('with the status %s is refused', (status) => {
    expect(problem('HLA-B', '*08:01/*07:02', status)).toMatch(/^HLA-B: the phenotype is not one/);
  });

  it.each(['B*57:01 positive', '*57:01:01 positive', 'HLA-B*57:01 Positive'])('with the status %s has the risk allele', (status) => {
    expect(meanings(stated('HLA-B', '', status)).map(([phenotype]) => phenotype)).toEqual(['*57:01 positive']);
  });

  it('counts by the status stated beside it', () => {
    const call = stated('HLA-B', '*08:01/*07:02', '*57:01 Positive');
    expect(
      meanings(call)
        .map(([phenotype]) => phenotype)
        .sort(),
    ).toEqual(['*15:02 negative', '*57:01 positive', '*58:01 negative']);
    expect(codesOf(call)).toContain('STATED_MISMATCH');
  });

  it('may be stated as a status alone', () => {
    const call = stated('HLA-B', '', '*57:01 positive');
    expect([names(call), meanings(call)]).toEqual([['*57:01 positive'], [['*57:01 positive', null, '*57:01 positive']]]);
  });
});

describe('a phenotype alone', () => {
  it.each([
    ['CYP2C19', 'Poor Metabolizer', 'Poor Metabolizer'],
    ['CYP2C19', 'PM', 'Poor Metabolizer'],
    ['CYP2C19', 'CYP2C19 PM', 'Poor Metabolizer'],
    ['CYP2C19', 'RM', 'Rapid Metabolizer'],
    ['CYP2C19', 'Poor Metaboliser', 'Poor Metabolizer'],
    ['CYP2C19', 'Extensive Metabolizer', 'Normal Metabolizer'],
    ['TPMT', 'Intermediate Metabolizer', 'Intermediate Metabolizer'],
  ])('of %s, %s, is the result', (gene, text, phenotype) => {
    const call = stated(gene, '', text);
    expect([names(call), meanings(call), call.warnings]).toEqual([[phenotype], [[phenotype, null, phenotype]], []]);
  });

  it('of a gene with an activity score is looked up with every score that it can be', () => {
    const call = stated('CYP2D6', '', 'Intermediate Metabolizer');
    expect(names(call)).toEqual(['Intermediate Metabolizer']);
    expect(
      meanings(call)
        .map(([, , key]) => key)
        .sort(),
    ).toEqual(['0.25', '0.5', '0.75', '1.0']);
    expect(new Set(meanings(call).map(([phenotype]) => phenotype))).toEqual(new Set(['Intermediate Metabolizer']));
  });

  it('that a gene with an activity score does not have is looked up with nothing', () => {
    expect(meanings(stated('CYP2D6', '', 'Splendid Metabolizer'))).toEqual([['Splendid Metabolizer', null, null]]);
  });
});

describe('an activity score alone', () => {
  it.each([
    ['1.25', 'Normal Metabolizer', '1.25'],
    ['0', 'Poor Metabolizer', '0.0'],
    ['1', 'Intermediate Metabolizer', '1.0'],
    ['2.50', 'Ultrarapid Metabolizer', '2.5'],
    ['≥4', 'Ultrarapid Metabolizer', '≥4.0'],
  ])('%s is %s', (text, phenotype, activityScore) => {
    const call = stated('CYP2D6', '', '', text);
    expect([names(call), meanings(call)]).toEqual([[`${phenotype} (${activityScore})`], [[phenotype, activityScore, activityScore]]]);
  });

  it('that no rule has is kept, without a phenotype', () => {
    expect(meanings(stated('CYP2D6', '', '', '17.5'))).toEqual([[null, '17.5', '17.5']]);
  });
});

describe('a stated phenotype or score beside a diplotype', () => {
  it('is no matter where it is what the alleles give', () => {
    const call = stated('CYP2D6', '*1/*4', 'Intermediate Metabolizer', '1');
    expect([call.warnings, meanings(call)]).toEqual([[], [['Intermediate Metabolizer', '1.0', '1.0']]]);
  });

  it('counts where the alleles give another, with a warning', () => {
    const call = stated('CYP2C19', '*1/*1', 'Poor Metabolizer');
    expect([names(call), meanings(call), codesOf(call)]).toEqual([
      ['*1/*1'],
      [['Poor Metabolizer', null, 'Poor Metabolizer']],
      ['STATED_MISMATCH'],
    ]);
    const scored = stated('CYP2D6', '*1/*1', '', '1.0');
    expect([meanings(scored), codesOf(scored)]).toEqual([[['Intermediate Metabolizer', '1.0', '1.0']], ['STATED_MISMATCH']]);
  });

  it('stands in where the alleles give nothing', () => {
    const call = stated('CYP2C19', '*1/*999', 'Intermediate Metabolizer');
    expect([meanings(call), codesOf(call)]).toEqual([[['Intermediate Metabolizer', null, 'Intermediate Metabolizer']], ['UNKNOWN_ALLELE']]);
  });
});

describe('stated results and a file', () => {
  it('of several lines for one gene are all answers', () => {
    const joined = joinStated([stated('CYP2C19', '*1/*2'), stated('CYP2C19', '*1/*3'), stated('CYP2C19', '', 'Poor Metabolizer')]);
    expect(names(joined)).toEqual(['*1/*2', '*1/*3', 'Poor Metabolizer']);
    expect(meanings(joined).map(([phenotype]) => phenotype)).toEqual([
      'Intermediate Metabolizer',
      'Intermediate Metabolizer',
      'Poor Metabolizer',
    ]);
  });

  it('let the stated result win, and keep what the file would have said', async () => {
    const own = await callOf('CYP2C9', vcf({ rs1799853: '0/1' }, [], ['CYP2C9']));
    const outside = stated('CYP2C9', '*1/*3');
    const [call] = withStated([own], new Map([['CYP2C9', outside]]));
    expect({ ...call, warnings: [] }).toEqual({ ...outside, warnings: [] });
    expect(call?.warnings).toEqual([{ code: 'OUTSIDE_USED', message: expect.stringContaining('*1/*2') }]);
  });

  it('say nothing of a file that has no call, and leave other genes alone', async () => {
    const untested = await callOf('CYP2C9', vcf({}, [], ['CYP2C19']));
    const outside = stated('CYP2C9', '*1/*3');
    expect(withStated([untested], new Map([['CYP2C9', outside]]))).toEqual([outside]);
    expect(withStated([untested], new Map([['CYP2C19', stated('CYP2C19', '*1/*2')]]))).toEqual([untested]);
  });
});
