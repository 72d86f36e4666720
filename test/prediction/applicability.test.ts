import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { applicabilityOf } from '../../src/prediction/applicability.ts';
import { cardSchema } from '../../src/prediction/card.ts';
import { checkRow } from '../../src/prediction/inputs.ts';

const card = cardSchema.parse(JSON.parse(readFileSync('models/warfarin-dose/card.json', 'utf8')));
const of = (row: Readonly<Record<string, string>>) => applicabilityOf(card, checkRow(card, row).raw);

describe('applicability', () => {
  it('names a value that few of the training people had, with what they had', () => {
    const { unusual, warnings } = of({ age: '67', heightCm: '170', weightKg: '190' });
    expect(unusual).toEqual([{ feature: 'weightKg', label: 'Weight', value: 190, unit: 'kg', low: 42.5, high: 145 }]);
    expect(warnings).toContain(
      'Weight 190 kg is unusual for this model: 98 in 100 of the people that it was trained on had 42.5 to 145 kg.',
    );
  });

  it('takes the ends of the range for usual, and a missing value for missing only', () => {
    expect(of({ age: '67', heightCm: '145', weightKg: '145' }).unusual).toEqual([]);
    const { unusual, missingInputs } = of({ age: '67' });
    expect([unusual, missingInputs]).toEqual([[], card.inputs.length - 1]);
  });
});
