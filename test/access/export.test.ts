/** What is told of records in an export: by laws of the pure functions. */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AGE_BANDS } from '../../src/access/ageBand.ts';
import { moved, observationRow, type StandIn } from '../../src/access/export/deidentified.ts';
import { classOf, combinationsOf, generalise, keyOf, type QuasiIdentifiers } from '../../src/access/export/kAnonymous.ts';
import type { Observation } from '../../src/patients/record.ts';
import { RACES, SEXES } from '../../src/patients/record.ts';

const person: fc.Arbitrary<QuasiIdentifiers> = fc.record({
  age: fc.integer({ min: 0, max: AGE_BANDS.length - 1 }),
  sexAtBirth: fc.constantFrom(...SEXES),
  race: fc.constantFrom(...RACES),
});
const people = fc.oneof(fc.array(person, { maxLength: 40 }), fc.array(person, { minLength: 100, maxLength: 600 }));
const k = fc.integer({ min: 2, max: 25 });

const bandHas = (band: string, age: number) => {
  const [from = 0, to = Number.POSITIVE_INFINITY] = band.replace('+', '').split('-').map(Number);
  return age * 10 >= from && age * 10 <= to;
};

describe('k-anonymity', () => {
  it('holds: of all that is told alike there are at least k records, and the others are left out', () => {
    fc.assert(
      fc.property(people, k, (all, least) => {
        const { told, leftOut, steps } = generalise(combinationsOf(all), least);
        const classes = new Map<string, number>();
        for (const one of all) {
          const as = told.get(keyOf(one));
          if (as) classes.set(classOf(as), (classes.get(classOf(as)) ?? 0) + 1);
        }
        for (const records of classes.values()) expect(records).toBeGreaterThanOrEqual(least);
        const exported = [...classes.values()].reduce((sum, records) => sum + records, 0);
        expect(exported + leftOut).toBe(all.length);
        expect(leftOut).toBeLessThan(least);
        expect(steps.reduce((sum, { records }) => sum + records, 0)).toBe(exported);
        expect(steps.reduce((sum, { classes: number }) => sum + number, 0)).toBe(classes.size);
      }),
      { numRuns: 500 },
    );
  });

  it('tells nothing wrong: what is told of a person is true of that person, or withheld', () => {
    fc.assert(
      fc.property(people, k, (all, least) => {
        const { told } = generalise(combinationsOf(all), least);
        for (const one of all) {
          const as = told.get(keyOf(one));
          expect(as?.ageBand ? bandHas(as.ageBand, one.age) : true).toBe(true);
          expect([one.sexAtBirth, null, undefined]).toContain(as?.sexAtBirth);
          expect([one.race, null, undefined]).toContain(as?.race);
        }
      }),
    );
  });

  it('tells a combination of k as it is', () => {
    const of: QuasiIdentifiers = { age: 9, sexAtBirth: 'FEMALE', race: 'ASIAN' };
    const { told, leftOut } = generalise(combinationsOf(new Array<QuasiIdentifiers>(11).fill(of)), 11);
    expect([told.get(keyOf(of)), leftOut]).toEqual([{ ageBand: '90+', sexAtBirth: 'FEMALE', race: 'ASIAN' }, 0]);
    expect(generalise(combinationsOf(new Array<QuasiIdentifiers>(10).fill(of)), 11)).toMatchObject({ leftOut: 10, inSmallClasses: 10 });
  });
});

describe('dates', () => {
  const standIn = fc.record({
    studyId: fc.constant('a'),
    days: fc.integer({ min: -365, max: 365 }).filter((days) => days !== 0),
    birthYear: fc.constant(1960),
    year: fc.constant(2026),
  });
  const time = fc
    .date({ min: new Date('1965-01-01'), max: new Date('2026-11-01'), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, 16)}:00.000Z`);

  it('are moved by whole days, all of a patient alike, and never stay', () => {
    fc.assert(
      fc.property(standIn, time, time, (of, one, other) => {
        const [a, b] = [moved(one, of), moved(other, of)];
        expect(Date.parse(a ?? '') - Date.parse(b ?? '')).toBe(Date.parse(one) - Date.parse(other));
        expect(a?.slice(0, 10)).not.toBe(one.slice(0, 10));
        expect(a?.slice(11, 16)).toBe(one.slice(11, 16));
      }),
    );
  });

  it('are left out where they would tell an age', () => {
    const of: StandIn = { studyId: 'a', days: 12, birthYear: 1930, year: 2026 };
    const times = ['1930-05-05T00:00:00.000Z', '1931-12-31T00:00:00.000Z', '1936-12-31T00:00:00.000Z', '1937-01-01T00:00:00.000Z'];
    expect(times.map((one) => moved(one, of))).toEqual([null, null, null, '1937-01-13T00:00Z']);
  });
});

describe('observations', () => {
  const of: StandIn = { studyId: 'a', days: 1, birthYear: 1960, year: 2026 };
  const observation: Observation = {
    id: 'x',
    code: '2157-6',
    system: 'LOINC',
    label: 'CANARY',
    value: 1,
    text: null,
    unit: 'U/L',
    device: 'CANARY',
    flag: null,
    observedAt: '2026-03-02T09:00:00.000Z',
    recordedAt: '2026-03-02T09:00:00.000Z',
  };
  const told = (more: Partial<Observation>) => observationRow({ ...observation, ...more }, of);

  it('keep code, number and unit, and nothing that somebody wrote', () => {
    expect(told({ unit: 'U/L{CANARY}', text: 'CANARY' })).toEqual({
      studyId: 'a',
      code: '2157-6',
      system: 'LOINC',
      value: 1,
      text: null,
      unit: 'U/L',
      flag: null,
      observedAt: '2026-03-03T09:00Z',
    });
    expect(told({ code: '72166-2', value: null, unit: null, text: 'never smoker' })?.text).toBe('never smoker');
  });

  it('are left out where they may name somebody or tell the age', () => {
    expect(told({ value: null, unit: null, text: 'CANARY' })).toBeNull();
    expect(told({ code: '45396-9', value: 123_456_789, unit: '{number}' })).toBeNull();
    expect(told({ code: '30525-0', value: 93, unit: 'a' })).toBeNull();
    expect(told({ code: '98979-8', unit: 'mL/min/{1.73_m2}' })).toBeNull();
    expect(told({ code: '33914-3', unit: 'mL/min/{1.73_m2}' })).toBeNull();
  });
});
