import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cardSchema, type ModelCard } from '../../src/prediction/card.ts';
import { judge } from '../../src/prediction/evaluation/judge.ts';
import { judgeApart } from '../../src/prediction/evaluation/judgeApart.ts';
import { Draws } from '../../src/prediction/evaluation/sample.ts';
import {
  distance,
  followedPairs,
  type LocalOutcome,
  localSample,
  measuredPairs,
  similarPatients,
} from '../../src/prediction/localOutcomes.ts';
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
      site: index % 2 === 0 ? 'north' : 'south',
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

  it('looks for gaps by sex, race, site, age and year, and shows no group under 11', () => {
    const rows = people(300, 4).map((row, index) => (index < 5 ? { ...row, race: 'ASIAN' } : row));
    const { groups } = judged(rows);
    expect([...new Set(groups.map(({ by }) => by))]).toEqual(['sex', 'race', 'site', 'age', 'year']);
    // Two levels: the total would tell the small one.
    expect(groups.flatMap(({ by, level, n }) => (by === 'site' ? [[level, n]] : []))).toEqual([
      ['north', 150],
      ['south', 150],
    ]);
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

describe('an answer and what came after it', () => {
  const answer = (patient: string, seq: string, recordedAt: string) => ({ patient, seq, recordedAt: `${recordedAt}T00:00:00.000Z` });
  const event = (patient: string, kind: string, observedAt: string) => ({ patient, kind, observedAt: `${observedAt}T00:00:00.000Z` });
  const NOW = '2026-01-01T00:00:00.000Z';

  it('a measured number is held against the last answer before it', () => {
    const answers = [answer('a', '1', '2025-01-01'), answer('a', '2', '2025-02-01'), answer('b', '3', '2025-06-01')];
    const measured = [
      { patient: 'a', value: 30, observedAt: '2025-01-15T00:00:00.000Z' },
      { patient: 'a', value: 35, observedAt: '2025-03-15T00:00:00.000Z' },
      { patient: 'b', value: 40, observedAt: '2025-05-15T00:00:00.000Z' },
    ];
    expect(measuredPairs(answers, measured).map(({ answer: { seq }, outcome }) => [seq, outcome])).toEqual([
      ['1', 30],
      ['2', 35],
    ]);
  });

  it('an event is sought after the first answer, up to death or now', () => {
    const answers = ['had', 'never', 'died', 'before', 'dead'].map((patient, index) => answer(patient, `${index}`, '2024-01-01'));
    const events = [
      event('had', 'STROKE', '2025-01-01'),
      event('had', 'STROKE', '2025-06-01'),
      event('never', 'BLEEDING', '2024-06-01'),
      event('died', 'DEATH', '2025-01-01'),
      event('before', 'STROKE', '2023-06-01'),
      event('before', 'STROKE', '2025-06-01'),
      event('dead', 'DEATH', '2023-06-01'),
    ];
    const pairs = followedPairs([...answers, answer('never', '9', '2025-01-01')], events, ['STROKE'], NOW);
    expect(pairs.map(({ answer: { patient, seq }, outcome, years }) => [patient, seq, outcome, Math.round(years * 100) / 100])).toEqual([
      ['had', '0', 1, 1],
      ['never', '1', 0, 2],
      ['died', '2', 0, 1],
    ]);
  });

  it('a risk is judged over the middle time of them, in whole tenths of a year', () => {
    const rows = people(100, 4).map((row, index) => ({ ...row, years: 2 + index / 100 }));
    expect(localSample(prevent, rows).horizonYears).toBe(2.4);
    expect(
      localSample(
        prevent,
        people(100, 40).map((row) => ({ ...row, years: 30 })),
      ).horizonYears,
    ).toBe(10);
  });
});

describe('patients like one', () => {
  const dose = (index: number): LocalOutcome => ({
    patient: `p${index}`,
    sexAtBirth: 'FEMALE',
    race: 'WHITE',
    site: null,
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

  it('are 50 at most, each by the latest outcome, and not shown under 11', () => {
    const rows = Array.from({ length: 120 }, (_, index) => dose(index / 4));
    const again = { ...dose(0), outcome: 100, observedAt: '2026-07-01T00:00:00.000Z' };
    const found = similarPatients(warfarin, { age: 40 }, [...rows, again]);
    // The 50 youngest: 0.25 to 12.25, and the newer outcome of the first.
    expect(found).toMatchObject({ count: 50, median: 6.4, quartiles: { lower: 3.3, upper: 9.4 } });
    expect(similarPatients(warfarin, { age: 40 }, rows.slice(0, 43))).toMatchObject({ count: 43, median: 5.3, quartiles: null });
    expect(similarPatients(warfarin, { age: 40 }, rows.slice(0, 10))).toEqual({
      count: null,
      median: null,
      quartiles: null,
      events: null,
      farthest: null,
    });
  });

  it('are counted of an event only where neither count is small', () => {
    const rows = people(50, 4).map((row, index) => ({ ...row, outcome: index < 12 ? 1 : 0, raw: { age: 50 } }));
    expect(similarPatients(prevent, { age: 50 }, rows).events).toBe(12);
    expect(similarPatients(prevent, { age: 50 }, rows.slice(5)).events).toBeNull();
    expect(similarPatients(prevent, { age: 50 }, rows.slice(12)).events).toBe(0);
    const nearlyAll = rows.map((row, index) => ({ ...row, outcome: index < 40 ? 1 : 0 }));
    expect(similarPatients(prevent, { age: 50 }, nearlyAll).events).toBeNull();
  });
});
