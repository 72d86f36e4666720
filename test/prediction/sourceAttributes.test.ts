/** The 31 source attributes: all there, in their categories, and nothing said that the card does not say. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cardSchema } from '../../src/prediction/card.ts';
import { sourceAttributes } from '../../src/prediction/sourceAttributes.ts';

const cardOf = (name: string) => cardSchema.parse(JSON.parse(readFileSync(`models/${name}/card.json`, 'utf8')));

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
    expect(of('4.3')?.availability).toBe(card.subgroups.length > 0 ? 'PROVIDED' : 'NOT_AVAILABLE');
  });
});
