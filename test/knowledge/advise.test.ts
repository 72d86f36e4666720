/** What is advised to one person: what medications change, what holds now, and for whom. */
import { describe, expect, it } from '@jest/globals';
import type { GeneCall } from '../../src/genotypes/call.ts';
import { joinStated, type OutsideCall, statedCall } from '../../src/genotypes/outsideCalls.ts';
import { advise } from '../../src/knowledge/advise.ts';
import { phenoconvert } from '../../src/knowledge/phenoconversion.ts';
import { populationFits, recommendFor } from '../../src/knowledge/recommend.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';

const knowledge = readShippedKnowledge('graph-seed');

function stated(gene: string, outside: Partial<OutsideCall>): GeneCall {
  const definition = knowledge.definitionByGene.get(gene);
  if (!definition) throw new Error(`no gene ${gene}`);
  const answer = statedCall(definition, { gene, diplotype: null, phenotype: null, activityScore: null, ...outside });
  if ('problem' in answer) throw new Error(answer.problem);
  return joinStated([answer.call]);
}

const pair = (gene: string, diplotype: string) => stated(gene, { diplotype });

describe('phenoconversion', () => {
  it.each([
    ['*1/*1', ['paroxetine'], ['Poor Metabolizer 0.0']],
    ['*1/*1', ['duloxetine'], ['Intermediate Metabolizer 1.0']],
    ['*1/*2x2', ['mirabegron'], ['Normal Metabolizer 1.5']],
    ['*10/*41', ['cinacalcet'], ['Intermediate Metabolizer 0.25']],
    // 0.125 is not 0: an enzyme that works a little is not a poor metabolizer's.
    ['*4/*10', ['duloxetine'], ['Intermediate Metabolizer 0.25']],
    ['*4/*4', ['duloxetine'], ['Poor Metabolizer 0.0']],
    // No score is needed to know what nothing is.
    ['*1/*22', ['quinidine'], ['Poor Metabolizer 0.0']],
    ['*1/*22', ['duloxetine'], ['Indeterminate n/a']],
  ])('of CYP2D6 %s by %j gives %j', (diplotype, taken, expected) => {
    const converted = phenoconvert(knowledge, pair('CYP2D6', diplotype), taken);
    expect(converted?.lookup.map(({ phenotype, activityScore }) => `${phenotype} ${activityScore}`)).toEqual(expected);
  });

  it.each([
    ['Normal Metabolizer', 'paroxetine', ['Poor Metabolizer']],
    ['Poor Metabolizer', 'duloxetine', ['Poor Metabolizer']],
    // Scores 0.25 to 1 halved, 1.25 to 2.25 halved: the phenotype alone does not tell which.
    ['Intermediate Metabolizer', 'duloxetine', ['Intermediate Metabolizer']],
    ['Normal Metabolizer', 'duloxetine', ['Intermediate Metabolizer']],
  ])('of a stated CYP2D6 %s by %s gives %j', (phenotype, drug, expected) => {
    const converted = phenoconvert(knowledge, stated('CYP2D6', { phenotype }), [drug]);
    expect([...new Set(converted?.lookup.map((one) => one.phenotype))]).toEqual(expected);
  });

  it('of an open-ended score gives every score that it may be', () => {
    const converted = phenoconvert(knowledge, stated('CYP2D6', { activityScore: '≥4' }), ['duloxetine']);
    const scores = converted?.lookup.map(({ activityScore }) => activityScore) ?? [];
    expect([scores.includes('2.0'), scores.includes('2.5'), scores.includes('1.5')]).toEqual([true, true, false]);
  });
});

const told = (calls: readonly GeneCall[], taken: readonly string[], drug: string) =>
  advise(knowledge, calls, taken, [drug]).map(({ rule, basis, applies }) => [rule.population, rule.action, basis, applies]);

describe('advice under medications', () => {
  it('goes by the phenotype under an inhibitor, and shows that of the genotype', () => {
    expect(told([pair('CYP2D6', '*1/*1')], ['paroxetine'], 'codeine')).toEqual([
      ['general', 'AVOID', 'PHENOCONVERTED', true],
      ['general', 'STANDARD', 'GENOTYPE', false],
    ]);
  });

  it('is never made less cautious by an inducer', () => {
    const found = told([pair('CYP2C19', '*1/*2')], ['rifampin'], 'clopidogrel').filter(([population]) => population === 'CVI ACS PCI');
    expect(found).toEqual([
      ['CVI ACS PCI', 'STANDARD', 'PHENOCONVERTED', false],
      ['CVI ACS PCI', 'AVOID', 'GENOTYPE', true],
    ]);
  });

  it('is made more cautious by an inducer', () => {
    const found = told([pair('CYP2C19', '*1/*17')], ['rifampin'], 'voriconazole').filter(([population]) => population === 'pediatrics');
    expect(found.find(([, , basis]) => basis === 'PHENOCONVERTED')).toEqual([
      'pediatrics',
      expect.stringMatching(/ALTERNATIVE|AVOID/),
      'PHENOCONVERTED',
      true,
    ]);
  });

  it('of a drug does not count that drug as a modulator', () => {
    expect(told([pair('CYP2D6', '*1/*1')], ['paroxetine'], 'paroxetine').map(([, , basis]) => basis)).toEqual(['GENOTYPE']);
  });
});

describe('several diplotypes', () => {
  const tpmt = (): GeneCall => {
    const call = pair('TPMT', '*1/*3A');
    return { ...call, alsoFit: pair('TPMT', '*3B/*3C').diplotypes };
  };
  const nudt15 = () => pair('NUDT15', '*1/*1');

  it('that cannot be ruled out and would get another dose make the advice not the same for all', () => {
    const same = (calls: readonly GeneCall[]) => advise(knowledge, calls, [], ['azathioprine']).map((one) => one.sameForAllDiplotypes);
    expect([same([pair('TPMT', '*1/*3A'), nudt15()]), same([tpmt(), nudt15()])]).toEqual([[true], [false]]);
  });

  it('are no matter of the statuses of other alleles', () => {
    const found = advise(knowledge, [pair('HLA-B', '*07:02/*08:01')], [], ['abacavir']);
    expect(found.map(({ rule, sameForAllDiplotypes }) => [rule.action, sameForAllDiplotypes])).toEqual([['STANDARD', true]]);
  });

  it('with the same words are told once', () => {
    const keys = new Map([['CYP2D6', ['1.25', '1.5', '1.75', '2.0', '2.25']]]);
    expect(recommendFor(knowledge, keys, 'codeine')).toMatchObject([{ rule: { action: 'STANDARD' }, sameForAllDiplotypes: true }]);
  });
});

describe('a population', () => {
  const AT = '2026-06-30T12:00:00.000Z';
  const fits = (population: string, birthDate: string | null, race = 'UNKNOWN') => populationFits(population, { race, birthDate }, AT);

  it.each([
    ['adults', '2008-06-30', true],
    ['adults', '2008-07-01', false],
    ['pediatrics', '2008-07-01', true],
    ['pediatrics', '2008-06-30', false],
    ['adults', null, true],
    ['pediatrics', null, true],
    ['general', '2020-01-01', true],
    ['CBZ naive', '2020-01-01', true],
  ])('%s is for a person born on %s: %s', (population, birthDate, expected) => {
    expect(fits(population, birthDate)).toBe(expected);
  });

  it('of African ancestry is for Black patients and where race is not recorded', () => {
    const populations = ['African ancestry', 'not of African ancestry'];
    expect(['BLACK', 'WHITE', 'UNKNOWN'].map((race) => populations.map((one) => fits(one, null, race)))).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });
});
