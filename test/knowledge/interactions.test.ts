import { describe, expect, it } from '@jest/globals';
import type { GeneCall } from '../../src/genotypes/call.ts';
import { interactionsAmong, interactionsWith } from '../../src/knowledge/interactions.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import type { InteractionRule } from '../../src/knowledge/snapshot.ts';

const knowledge = readShippedKnowledge('graph-seed');
const told = (...drugs: string[]) =>
  interactionsAmong(knowledge, drugs).map(({ id, severity, interruptive }) => ({ id, severity, interruptive }));

/** Every two drugs that the rules of a list put together. */
const pairsOf = (list: InteractionRule['list']) =>
  knowledge.interactionRules
    .filter((rule) => rule.list === list)
    .flatMap(({ objects, precipitants }) => objects.flatMap((a) => precipitants.filter((b) => b !== a).map((b) => [a, b] as const)));

describe('interactions by the rules between classes', () => {
  it('has all rules of both lists, each with drugs on both sides', () => {
    const { interactionRules } = knowledge;
    const of = (list: string) => interactionRules.filter((rule) => rule.list === list);
    expect([of('MUST_ALERT').length, of('DO_NOT_INTERRUPT').length]).toEqual([15, 32]);
    expect(interactionRules.filter(({ objects, precipitants }) => objects.length === 0 || precipitants.length === 0)).toEqual([]);
    expect(of('MUST_ALERT').filter(({ mechanism, effect }) => !mechanism || !effect)).toEqual([]);
  });

  it('interrupts for every pair of a rule that must alert, whichever drug comes first', () => {
    const pairs = pairsOf('MUST_ALERT');
    expect(pairs.length).toBeGreaterThan(1500);
    for (const [place, [a, b]] of pairs.entries()) {
      const [first] = interactionsAmong(knowledge, place % 2 === 0 ? [a, b] : [b, a]);
      expect(first).toMatchObject({ severity: 'CONTRAINDICATED', interruptive: true });
    }
  });

  it('does not interrupt for a pair of the other list, unless it must alert by the first', () => {
    const loud = pairsOf('DO_NOT_INTERRUPT').filter((pair) => interactionsAmong(knowledge, pair).some(({ interruptive }) => interruptive));
    expect([...new Set(loud.map((pair) => [...pair].sort().join(' + ')))].sort()).toEqual([
      'citalopram + sotalol',
      'escitalopram + sotalol',
    ]);
  });

  it.each([
    ['simvastatin', 'clarithromycin', 'ONC-HIGH-25'],
    ['Meperidine', 'phenelzine', 'ONC-HIGH-16'],
    ['rifampin', 'ritonavir', 'ONC-HIGH-23'],
    ['febuxostat', 'azathioprine', 'ONC-HIGH-06'],
    ['sotalol', 'haloperidol', 'ONC-HIGH-QT'],
  ])('knows %s with %s by any of their names', (a, b, rule) => {
    expect(told(a, b)).toContainEqual({ id: rule, severity: 'CONTRAINDICATED', interruptive: true });
  });

  it('says what it has of a pair by each source, and keeps a pair quiet that the list keeps quiet', () => {
    // Warfarin with simvastatin is in the table of pairs too, and on the list of those that need not interrupt.
    expect(told('warfarin', 'simvastatin')).toEqual([
      { id: 'DDI-0005', severity: 'MODERATE', interruptive: false },
      { id: 'ONC-LOW-24', severity: 'UNKNOWN', interruptive: false },
    ]);
    expect(told('warfarin', 'amiodarone')).toEqual([{ id: 'DDI-0001', severity: 'MAJOR', interruptive: true }]);
  });

  it('derives from an enzyme what no source states, and does not interrupt for it', () => {
    expect(interactionsAmong(knowledge, ['bupropion', 'codeine'])).toEqual([
      expect.objectContaining({
        id: 'ENZYME-CYP2D6-bupropion-codeine',
        severity: 'UNKNOWN',
        interruptive: false,
        mechanism: 'bupropion (strong inhibitor) slows CYP2D6, which turns over codeine.',
        effect: 'More of codeine, and less of what CYP2D6 makes of it.',
      }),
    ]);
    expect(told('clopidogrel', 'rifampin').map(({ id }) => id)).toContain('ENZYME-CYP2C19-rifampin-clopidogrel');
    // Of this pair the release says more than an enzyme does.
    expect(told('codeine', 'paroxetine').map(({ id }) => id)).toEqual(['DDI-0010']);
  });

  it('says what drug and genotype come to together, where that is another phenotype', () => {
    const definition = knowledge.definitionByGene.get('CYP2D6');
    const stated = (phenotype: string, activityScore: string) =>
      ({
        gene: 'CYP2D6',
        status: 'CALLED',
        lookup: [{ ...definition?.rules.find((rule) => rule.activityScore === activityScore), phenotype }],
      }) as unknown as GeneCall;
    const effectOf = (drug: string, call: GeneCall) =>
      interactionsAmong(knowledge, ['codeine', drug], [call]).find(({ id }) => id.startsWith('ENZYME'))?.effect ?? null;
    expect(effectOf('paroxetine', stated('Intermediate Metabolizer', '1.0'))).toContain(
      'By genotype this patient is a CYP2D6 Intermediate Metabolizer; with paroxetine the enzyme works as that of a Poor Metabolizer, further from normal',
    );
    expect(effectOf('paroxetine', stated('Normal Metabolizer', '2.0'))).toMatch(/works as that of a Poor Metabolizer\.$/);
    expect(effectOf('paroxetine', stated('Poor Metabolizer', '0.0'))).toBeNull();
    expect(effectOf('bupropion', stated('Poor Metabolizer', '0.0'))).not.toContain('genotype');
  });

  it('finds nothing between a drug and itself, and puts the most serious first among many', () => {
    expect(told('aspirin', 'acetylsalicylic acid')).toEqual([]);
    const severities = told('warfarin', 'amiodarone', 'simvastatin', 'haloperidol').map(({ severity }) => severity);
    expect(severities.indexOf('CONTRAINDICATED')).toBe(0);
    expect(severities.at(-1)).toBe('UNKNOWN');
    expect(interactionsWith(knowledge, 'haloperidol', ['amiodarone', 'metformin'])).toHaveLength(1);
  });
});
