/** Counts of random patients, from the rows of the graph to the table. */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { systemActor } from '../../src/access/actor.ts';
import { Noted } from '../../src/access/audit/noted.ts';
import { type CohortDimension, type CohortQuestion, type CohortTable, countCohort } from '../../src/access/cohort/countCohort.ts';
import { isFew, rounded } from '../../src/access/cohort/published.ts';
import { Gate } from '../../src/access/gate.ts';
import { RACES, SEXES } from '../../src/patients/record.ts';
import type { GraphStore } from '../../src/store/graphStore.ts';

const ACTOR = systemActor('tester');
const NOW = '2026-11-01T00:00:00.000Z';
const EVERYBODY: CohortQuestion = { by: [], gene: null, drug: null, condition: null, year: 2026 };

const person = fc.record({
  sexAtBirth: fc.constantFrom(...SEXES.slice(0, 2)),
  race: fc.constantFrom(...RACES.slice(0, 3)),
  birthDate: fc.constantFrom('1936-12-31', '1955-03-01', '1955-04-01', '1981-01-01'),
  drugs: fc.constantFrom(['warfarin'], []),
});
type Person = typeof person extends fc.Arbitrary<infer P> ? P : never;
/** Some kinds are common, and some have few people. */
const people = fc
  .array(fc.tuple(person, fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }))), { maxLength: 12 })
  .map((kinds) => kinds.flatMap(([one, count]) => new Array<Person>(count).fill(one)));

function count(all: readonly Person[], asked: Partial<CohortQuestion>, noted = new Noted()): Promise<CohortTable> {
  const rows = all.map((one, at) => ({
    ...one,
    phenotypes: null,
    codes: null,
    facts: { id: `p${at}`, identifier: '', site: null, synthetic: true, consents: [] },
  }));
  const store = { read: async () => rows } as unknown as GraphStore;
  return countCohort({ ...EVERYBODY, ...asked }, store, new Gate(ACTOR, store, NOW, noted));
}

/** Each count of a table of two dimensions by the values that it is of. */
function cellsOf({ counts, values: [rows = [], columns = []] }: CohortTable): Map<string, number | null> {
  const named = rows.flatMap((row, i) =>
    columns.map((column, j) => [[row, column].sort().join(' '), counts.cells[i]?.[j] ?? null] as const),
  );
  return new Map(named);
}

const pair = fc.constantFrom<[CohortDimension, CohortDimension][]>(['SEX', 'RACE'], ['AGE_BAND', 'SEX'], ['RACE', 'AGE_BAND']);
const drug = fc.constantFrom(null, 'warfarin');

describe('counts of patients', () => {
  it('are the same whichever way round two dimensions are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(people, pair, drug, async (all, [one, other], asked) => {
        const table = await count(all, { by: [one, other], drug: asked });
        const turned = await count(all, { by: [other, one], drug: asked });
        expect(cellsOf(turned)).toEqual(cellsOf(table));
        expect([turned.counts.rows, turned.counts.columns]).toEqual([table.counts.columns, table.counts.rows]);
        expect(turned.values).toEqual(table.values.toReversed());
      }),
      { numRuns: 200 },
    );
  });

  it('show no cell of 1 to 10 people, and every other as it is or hidden', async () => {
    await fc.assert(
      fc.asyncProperty(people, drug, async (all, asked) => {
        const found = cellsOf(await count(all, { by: ['RACE', 'SEX'], drug: asked }));
        for (const sex of SEXES)
          for (const race of RACES) {
            const its = all.filter((one) => one.sexAtBirth === sex && one.race === race && (asked === null || one.drugs.length > 0));
            const shown = found.get([race, sex].sort().join(' '));
            expect(isFew(its.length) ? [null] : [null, rounded(its.length)]).toContain(shown);
          }
      }),
      { numRuns: 200 },
    );
  });

  it('are noted as a count of everybody who was looked at, whoever the filter keeps', async () => {
    const noted = new Noted();
    const one: Person = { sexAtBirth: 'FEMALE', race: 'ASIAN', birthDate: '1955-03-01', drugs: [] };
    await count(new Array<Person>(37).fill(one), { by: ['SEX'], drug: 'warfarin' }, noted);
    const entries = noted.take(ACTOR, { document: null, operation: 'Counting' });
    expect(entries).toMatchObject([{ action: 'COUNTED', patients: 37, patient: null }]);
  });
});
