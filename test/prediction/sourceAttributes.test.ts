/** The 31 source attributes and the items of TRIPOD+AI: all there, in order, and nothing said that the card does not say. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cardSchema, figuresOf } from '../../src/prediction/card.ts';
import { sourceAttributes } from '../../src/prediction/sourceAttributes.ts';
import { tripodItems } from '../../src/prediction/tripodItems.ts';

const cardOf = (name: string) => cardSchema.parse(JSON.parse(readFileSync(`models/${name}/card.json`, 'utf8')));

/** Models of discovery are about compounds and genes: nobody is in a group. */
const isOfPeople = (name: string) => !/-discovery\b/.test(name);

describe.each(readdirSync('models'))('the source attributes of %s', (name) => {
  const attributes = sourceAttributes(cardOf(name));

  it('are 31, by category 4, 4, 2, 4, 2, 4, 5, 4, 2, each with a text', () => {
    const counts = Array.from({ length: 9 }, (_, index) => attributes.filter(({ code }) => code.startsWith(`${index + 1}.`)).length);
    expect(counts).toEqual([4, 4, 2, 4, 2, 4, 5, 4, 2]);
    expect(attributes.every(({ text }) => text.trim().length > 0)).toBe(true);
  });

  it('say what the card says and no more', () => {
    const card = cardOf(name);
    const of = (code: string) => attributes.find((one) => one.code === code);
    expect(of('2.1')).toMatchObject({ availability: 'PROVIDED', text: card.intendedUse });
    expect(of('1.2')).toMatchObject({ availability: 'NOT_AVAILABLE' });
    expect(of('7.1')?.availability).toBe('equation' in card.artifact ? 'NOT_APPLICABLE' : 'PROVIDED');
    const people = card.subgroups.some(({ n }) => n !== 0) || card.reporting?.externalValidation?.people;
    expect(of('4.3')?.availability).toBe(people ? 'PROVIDED' : 'NOT_AVAILABLE');
    expect(of('7.5')?.availability).toBe(card.evaluation ? 'PROVIDED' : 'NOT_AVAILABLE');
  });
});

describe.each(readdirSync('models').filter(isOfPeople))('the groups of %s', (name) => {
  const { subgroups } = cardOf(name);
  /** Parts of a stay and no people. */
  const TIMES = 'ICU hour';

  it('have a verdict on each gap', () => {
    const judged = subgroups.filter(({ by, n }) => by !== TIMES && n !== null);
    expect(judged.length).toBeGreaterThan(0);
    for (const { verdict } of judged) expect(verdict).toMatch(/^(GAP_SHOWN|NO_GAP_SHOWN|INCONCLUSIVE)$/);
  });

  it.each([...new Set(subgroups.map(({ by }) => by))])('tell no small one by what the others leave: %s', (by) => {
    const groups = subgroups.filter((group) => group.by === by);
    expect(groups.every(({ n }) => n === null || n === 0 || n >= 11)).toBe(true);
    const exact = groups.every(({ nearest }) => !nearest);
    const hidden = groups.filter(({ n }) => n === null);
    expect(exact && hidden.length === 1).toBe(false);
  });
});

describe.each(readdirSync('models'))('TRIPOD+AI of %s', (name) => {
  const card = cardOf(name);
  const items = new Map(tripodItems(card).map((item) => [item.item, item]));

  it('has the items of a served model in the order of the checklist, each with a text', () => {
    const expected = '3c 5 8 10 11 12e 12f 14 15 18a 18b 18c 18d 18e 18f 22 23a 26 27a 27b'.split(' ');
    expect([...items.keys()]).toEqual(expected);
    expect([...items.values()].every(({ text }) => text.trim().length > 0)).toBe(true);
  });

  it('says what the card says and no more', () => {
    expect(items.get('18a')?.availability).toBe('NOT_AVAILABLE');
    expect(items.get('22')?.text).toContain(card.artifact.sha256);
    const tested = card.reporting?.externalValidation;
    const counted = card.trainedOn.rows ?? card.performance.n ?? tested?.people ?? null;
    expect(items.get('10')?.availability).toBe(counted === null ? 'NOT_AVAILABLE' : 'PROVIDED');
    const equation = 'equation' in card.artifact;
    expect(items.get('12f')?.availability).toBe(equation ? 'NOT_APPLICABLE' : isOfPeople(name) ? 'PROVIDED' : 'NOT_AVAILABLE');
    expect(items.get('12e')?.availability).toBe(figuresOf(card.performance).length > 0 || tested?.process ? 'PROVIDED' : 'NOT_AVAILABLE');
    const camelCase = figuresOf(card.performance).flatMap(([metric]) => (/[A-Z]/.test(metric) ? [metric] : []));
    expect(camelCase.filter((metric) => items.get('12e')?.text.includes(metric))).toEqual([]);
    expect(items.get('18f')?.text).toContain(equation ? 'src/prediction/equations/' : '/train/');
    const silent = new Map(tripodItems({ ...card, reporting: null }).map((item) => [item.item, item]));
    expect([silent.get('12f')?.availability, silent.get('18f')?.availability]).toEqual(
      equation ? ['NOT_APPLICABLE', 'PROVIDED'] : ['NOT_AVAILABLE', 'NOT_AVAILABLE'],
    );
    const required = card.inputs.filter((input) => input.required).map(({ label }) => label);
    expect(required.filter((label) => !items.get('27a')?.text.includes(label))).toEqual([]);
  });
});
