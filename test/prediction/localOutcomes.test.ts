import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cardSchema, type ModelCard } from '../../src/prediction/card.ts';
import { judge } from '../../src/prediction/evaluation/judge.ts';
import { judgeApart } from '../../src/prediction/evaluation/judgeApart.ts';
import { Draws } from '../../src/prediction/evaluation/sample.ts';
import { distance, type LocalOutcome, localSample, similarPatients } from '../../src/prediction/localOutcomes.ts';
import { randomNumbers } from '../../src/prediction/randomNumbers.ts';

const cardOf = (name: string): ModelCard => cardSchema.parse(JSON.parse(readFileSync(`models/${name}/card.json`, 'utf8')));
const prevent = cardOf('prevent');
const warfarin = cardOf('warfarin-dose');

/** People whose risk over ten years is what the model says, followed for `years`; some are lost before. */
function people(count: number, years: number, odds = 1): LocalOutcome[] {
  const random = randomNumbers(7);
  return Array.from({ length: count }, (_, index) => {
    const predicted = 0.05 + 0.6 * random();
    const rate = (-Math.log(1 - predicted) / 10) * odds;
    const happensAt = -Math.log(1 - random()) / rate;
    const seenUntil = index % 5 === 0 ? years * random() : years;
    return {
      patient: `p${index}`,
      sexAtBirth: index % 2 === 0 ? 'FEMALE' : 'MALE',
      race: 'UNKNOWN',
      age: 40 + (index % 40),
      raw: { age: 40 + (index % 40), sbp: 120 },
      predicted,
      outcome: happensAt <= seenUntil ? 1 : 0,
      years: Math.min(happensAt, seenUntil),
      answeredAt: index % 4 === 0 ? '2021-06-01T00:00:00.000Z' : '2022-06-01T00:00:00.000Z',
      observedAt: '2026-06-01T00:00:00.000Z',
    };
  });
}

function judged(rows: readonly LocalOutcome[], card = prevent) {
  const { judged: outcome, sample, groupings } = localSample(card, rows);
  return judge(card, outcome, sample, groupings, new Draws(sample.people, 100, 1));
}

describe('local validity', () => {
  it('judges a risk over ten years by the years that people were followed', () => {
    const { horizonYears } = localSample(prevent, people(2000, 4));
    expect(horizonYears).toBeCloseTo(4, 1);
    const { observedToExpected, cIndex } = judged(people(2000, 4)).figures;
    expect([observedToExpected?.low, observedToExpected?.high].map((bound) => (bound ?? 0) > 1)).toEqual([false, true]);
    expect(cIndex?.low).toBeGreaterThan(0.6);
  });

  it('shows a model that says half of what comes', () => {
    expect(judged(people(2000, 4, 2)).figures['observedToExpected']?.low).toBeGreaterThan(1.5);
  });

  it('looks for gaps by sex, race, age and year, and shows no group under 11', () => {
    const rows = people(300, 4).map((row, index) => (index < 5 ? { ...row, race: 'ASIAN' } : row));
    const { groups } = judged(rows);
    expect([...new Set(groups.map(({ by }) => by))]).toEqual(['sex', 'race', 'age', 'year']);
    // Two levels: the total would tell the small one.
    expect(groups.filter(({ by }) => by === 'race')).toEqual([
      { by: 'race', level: 'asian', n: null, figures: {}, gap: null, verdict: null },
      { by: 'race', level: 'unknown', n: null, figures: {}, gap: null, verdict: null },
    ]);
    expect(groups.filter(({ by }) => by === 'year').map(({ level, n }) => [level, n])).toEqual([
      ['2021', 75],
      ['2022', 225],
    ]);
  });

  it('is the same in a thread of its own', async () => {
    const rows = people(200, 4);
    const { judged: outcome, sample, groupings } = localSample(prevent, rows);
    expect(await judgeApart({ card: prevent, judged: outcome, sample, groupings, draws: 100, seed: 1 })).toEqual(judged(rows));
  });
});

describe('patients like one', () => {
  const dose = (index: number): LocalOutcome => ({
    patient: `p${index}`,
    sexAtBirth: 'FEMALE',
    race: 'WHITE',
    age: 60,
    raw: { age: 40 + index, sex: index % 2 === 0 ? 'female' : 'male', weightKg: null },
    predicted: 30,
    outcome: index,
    years: Number.NaN,
    answeredAt: '2026-01-01T00:00:00.000Z',
    observedAt: '2026-06-01T00:00:00.000Z',
  });

  it('are nearest by what the card allows; what only one has counts as apart', () => {
    const range = warfarin.inputs.find(({ name }) => name === 'age');
    const width = (range?.max ?? 0) - (range?.min ?? 0);
    expect(distance(warfarin, { age: 50 }, { age: 60 })).toBeCloseTo(10 / width, 12);
    expect(distance(warfarin, { age: 50, sex: 'female' }, { age: 50, sex: 'male' })).toBe(0.5);
    expect(distance(warfarin, { age: 50, sex: 'female' }, { age: 50, sex: null })).toBe(0.5);
    expect(distance(warfarin, {}, {})).toBe(1);
  });

  it('are 30 at most, each by the latest outcome, and not shown under 11', () => {
    const rows = Array.from({ length: 60 }, (_, index) => dose(index));
    const newer = { ...dose(0), outcome: 100, observedAt: '2026-07-01T00:00:00.000Z' };
    const found = similarPatients(warfarin, { age: 40, sex: 'female' }, [...rows, newer]);
    expect(found.count).toBe(30);
    // The 30 of the same sex: 2, 4, ... 58, and the newer outcome of the first.
    expect(found.quartiles).toEqual({ lower: 16.5, median: 31, upper: 45.5 });
    expect(similarPatients(warfarin, { age: 40 }, rows.slice(0, 10))).toEqual({
      count: null,
      quartiles: null,
      events: null,
      farthest: null,
    });
  });

  it('are counted of an event only where neither count is small', () => {
    const rows = people(60, 4).map((row, index) => ({ ...row, outcome: index < 12 ? 1 : 0, raw: { age: 50 } }));
    expect(similarPatients(prevent, { age: 50 }, rows).events).toBe(12);
    expect(similarPatients(prevent, { age: 50 }, rows.slice(5)).events).toBeNull();
    expect(similarPatients(prevent, { age: 50 }, rows.slice(12)).events).toBe(0);
  });
});
