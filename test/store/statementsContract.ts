/** Every statement over patients, on records that were written by the projection's own statements. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PatientEvent } from '../../src/patients/events.ts';
import { modelStatement } from '../../src/store/cypher/loadKnowledge.ts';
import * as lists from '../../src/store/cypher/patientLists.ts';
import { patientByIdentifier, patientsById, readRecord } from '../../src/store/cypher/patientPage.ts';
import { adoptEpoch, dropProjection, movePlace, projectionPlace } from '../../src/store/cypher/projection.ts';
import { projectPatientEvent } from '../../src/store/cypher/projectPatient.ts';
import { projectRisk } from '../../src/store/cypher/projectRisk.ts';
import * as risk from '../../src/store/cypher/risk.ts';
import { type GraphStore, type Statement, statement } from '../../src/store/graphStore.ts';
import { PROJECTED_LABELS } from '../../src/store/migrations/migrations.ts';
import { count, type Given } from './given.ts';
import { historyOf, PATIENTS, type Person, RECORDED_AT } from './people.ts';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

async function project(store: GraphStore, patient: string, events: readonly PatientEvent[]): Promise<void> {
  for (const event of events)
    await store.write(projectPatientEvent(event, { patient, recordedAt: RECORDED_AT, actor: 'tester', event: randomUUID() }));
}

/** All rows of a list, page by page. */
async function pages<R extends { id: string }>(
  store: GraphStore,
  first: number,
  list: (after: lists.Keyset | null) => Statement,
  read: (row: Record<string, unknown>) => R,
  value: (row: R) => string,
): Promise<R[]> {
  const all: R[] = [];
  for (let after: lists.Keyset | null = null; ; ) {
    const rows: R[] = (await store.read(list(after))).map(read);
    expect(rows.length).toBeLessThanOrEqual(first + 1);
    const page = rows.slice(0, first);
    all.push(...page);
    const last = page.at(-1);
    if (rows.length <= first || !last) return all;
    after = { value: value(last), id: last.id };
  }
}

const SORTS: readonly (readonly [lists.PatientSort, boolean, number])[] = (['identifier', 'birthDate'] as const).flatMap((sort) =>
  [false, true].flatMap((descending) => [1, 7, 100].map((first) => [sort, descending, first] as const)),
);

/** [filter, who fits it] */
const FILTERS: readonly (readonly [lists.PatientFilter, (person: Person) => boolean])[] = [
  [{}, () => true],
  [{ sexAtBirth: 'FEMALE' }, ({ sexAtBirth }) => sexAtBirth === 'FEMALE'],
  [{ race: 'ASIAN', bornBefore: '1960-01-01' }, ({ race, birthDate }) => race === 'ASIAN' && birthDate < '1960-01-01'],
  [{ bornAfter: '1950-01-05', bornBefore: '1950-01-09' }, ({ birthDate }) => birthDate > '1950-01-05' && birthDate < '1950-01-09'],
  [{ drug: 'warfarin' }, ({ takesWarfarin }) => takesWarfarin],
  [{ gene: 'CYP2C9' }, ({ cyp2c9 }) => cyp2c9 !== null],
  [{ gene: 'CYP2C9', phenotype: 'Poor Metabolizer' }, ({ cyp2c9 }) => cyp2c9 === 'Poor Metabolizer'],
  [
    { drug: 'warfarin', gene: 'CYP2C9', sexAtBirth: 'MALE' },
    ({ takesWarfarin, cyp2c9, sexAtBirth }) => takesWarfarin && cyp2c9 !== null && sexAtBirth === 'MALE',
  ],
  [{ drug: 'no such drug' }, () => false],
];

function patientLists(given: Given): void {
  it.each(SORTS)('lists patients by %s (descending: %s, %i a page) without loss or repetition', async (sort, descending, first) => {
    const found = await pages(
      given(),
      first,
      (after) => lists.patientIds({}, sort, descending, after, first + 1),
      ({ id, value }) => ({ id, value }) as { id: string; value: string },
      ({ value }) => value,
    );
    const expected = [...PATIENTS]
      .sort((a, b) => byText(a[sort], b[sort]) || byText(a.id, b.id))
      .map((person) => ({ id: person.id, value: person[sort] }));
    expect(found).toEqual(descending ? expected.reverse() : expected);
  });

  it.each(FILTERS)('lists and counts exactly the patients that fit %j', async (filter, fits) => {
    const found = await pages(
      given(),
      4,
      (after) => lists.patientIds(filter, 'identifier', false, after, 5),
      ({ id, value }) => ({ id, value }) as { id: string; value: string },
      ({ value }) => value,
    );
    const expected = PATIENTS.filter(fits)
      .map(({ identifier }) => identifier)
      .sort();
    expect(found.map(({ value }) => value)).toEqual(expected);
    expect(await given().read(lists.patientsInFilter(filter))).toHaveLength(expected.length);
  });

  it('finds patients by the beginning of the identifier', async () => {
    const expected = PATIENTS.map(({ id, identifier }) => ({ id, label: identifier })).filter(({ label }) => label.startsWith('T-01'));
    const search = async (first: number, after: string | null = null) =>
      (await given().read<{ label: string; facts: { id: string } }>(lists.searchPatients('T-01', after, first))).map(
        ({ label, facts }) => ({
          id: facts.id,
          label,
        }),
      );
    expect(await search(100)).toEqual(expected);
    expect(await search(3)).toEqual(expected.slice(0, 3));
    expect(await search(100, expected[2]?.label)).toEqual(expected.slice(3));
    expect(await given().read(lists.searchPatients('.*', null, 100))).toEqual([]);
  });
}

interface Seen {
  readonly id: string;
  readonly code: string;
  readonly observedAt: string;
}

function observationLists(given: Given): void {
  const patient = PATIENTS[0]?.id ?? '';
  const all = historyOf(PATIENTS[0] as Person)
    .flatMap((event) => (event.type === 'observations.recorded' ? event.payload.observations : []))
    .map(({ id, code, observedAt }) => ({ id, code, observedAt }))
    .sort((a, b) => byText(b.observedAt, a.observedAt) || byText(b.id, a.id));

  it.each([
    [1, null],
    [5, null],
    [4, ['6301-6']],
    [100, ['6301-6', '29463-7']],
    [3, ['0000-0']],
  ])('lists observations newest first, %i a page, of the codes %j', async (first, codes) => {
    const found = await pages(
      given(),
      first,
      (after) => lists.observations(patient, codes, after, first + 1),
      (row) => row['observation'] as Seen,
      ({ observedAt }) => observedAt,
    );
    const expected = all.filter(({ code }) => codes === null || codes.includes(code));
    expect(found.map(({ id, code, observedAt }) => ({ id, code, observedAt }))).toEqual(expected);
    expect(await given().read(lists.observationCount(patient, codes))).toEqual([{ n: expected.length }]);
  });
}

function patientPages(given: Given): void {
  it('gives the whole record in one round trip, by id and by identifier alike', async () => {
    const [person] = PATIENTS as [Person];
    const before = given().roundTrips();
    const [row] = await given().read(patientByIdentifier(person.identifier));
    expect(given().roundTrips() - before).toBe(1);
    const record = readRecord(row ?? {});
    expect((await given().read(patientsById([person.id]))).map(readRecord)).toEqual([record]);
    expect(record).toMatchObject(person.record ?? {});
  });

  it('gives the records of several patients, and none for an id that is not there', async () => {
    const rows = await given().read(patientsById(['nobody', ...PATIENTS.slice(0, 10).map(({ id }) => id)]));
    expect(rows.map((row) => readRecord(row).id).sort()).toEqual(
      PATIENTS.slice(0, 10)
        .map(({ id }) => id)
        .sort(),
    );
    expect(await given().read(patientByIdentifier('nobody'))).toEqual([]);
  });

  it('is the same after every event was projected a second time', async () => {
    const size = async () => [
      await count(given()),
      await count(given(), '()-[r]->()'),
      (await given().read(patientsById(PATIENTS.map(({ id }) => id)))).map(readRecord),
    ];
    const before = await size();
    for (const person of PATIENTS) await project(given(), person.id, historyOf(person));
    expect(await size()).toEqual(before);
  });

  it('leads from the patient over call and diplotype to allele, gene and phenotype', async () => {
    const path = '(:Patient {id: $id})-[:HAS_CALL]->(:GeneCall)-[:FOUND]->(d:Diplotype)';
    const id = PATIENTS[0]?.id ?? '';
    expect(await count(given(), `${path}-[:HAS_ALLELE]->(:Allele {key: 'CYP2C9 *3'})`, { id })).toBe(1);
    expect(await count(given(), `${path}-[:OF_GENE]->(:Gene {symbol: 'CYP2C9'})`, { id })).toBe(1);
    expect(await count(given(), `${path}-[:SHOWS]->(:Phenotype {name: 'Poor Metabolizer'})`, { id })).toBe(1);
    expect(await count(given(), "(:Patient {id: $id})-[:TAKES]->(:Medication)-[:OF_DRUG]->(:Drug {name: 'warfarin'})", { id })).toBe(1);
  });
}

const RISKS = Array.from({ length: 23 }, (_, index) => ({
  id: `risk-${index}`,
  seq: String(95 + index),
  patient: PATIENTS[index % 3]?.id ?? '',
  model: index % 4 === 0 ? 'model-b' : 'model-a',
  recordedAt: RECORDED_AT,
  payload: JSON.stringify({ index }),
}));
const RISK_WRITES = RISKS.map((risk, index) => ({
  ...risk,
  value: index % 5 === 0 ? null : index,
  observedAt: risk.recordedAt,
  correction: false,
}));

function riskLists(given: Given): void {
  it.each([1, 4, 50])('lists risk events newest first in the order of the log, %i a page', async (first) => {
    for (const filter of [
      {},
      { patient: PATIENTS[1]?.id ?? '' },
      { models: ['model-b'] },
      { patient: PATIENTS[0]?.id ?? '', models: ['model-a'] },
    ]) {
      const found = await pages(
        given(),
        first,
        (after) => risk.riskEvents(filter, after?.value ?? null, first),
        risk.readRisk,
        ({ seq }) => seq,
      );
      const expected = RISKS.filter(
        ({ patient, model }) => (!filter.patient || filter.patient === patient) && (!filter.models || filter.models.includes(model)),
      ).reverse();
      expect(found).toEqual(expected);
      expect(await given().read(risk.riskCounts(filter))).toHaveLength(expected.length);
    }
  });

  it('gives one risk event by its id, and the latest of each model', async () => {
    expect((await given().read(risk.riskById('risk-7'))).map(risk.readRisk)).toEqual([RISKS[7]]);
    expect(await given().read(risk.riskById('risk-99'))).toEqual([]);
    const patient = PATIENTS[0]?.id ?? '';
    const latest = new Map(RISKS.filter((one) => one.patient === patient).map(({ model, payload }) => [model, payload]));
    const rows = await given().read<{ model: string; payload: string }>(risk.latestRisks(patient));
    expect(new Map(rows.map(({ model, payload }) => [model, payload]))).toEqual(latest);
    expect(rows).toHaveLength(2);
  });

  it('keeps the latest where an older risk event is projected after it', async () => {
    const patient = PATIENTS[0]?.id ?? '';
    const before = await given().read(risk.latestRisks(patient));
    await given().write(
      RISK_WRITES.filter((one) => one.patient === patient)
        .reverse()
        .flatMap((one) => projectRisk(one)),
    );
    expect(await given().read(risk.latestRisks(patient))).toEqual(before);
  });

  it('keeps the latest where a correction speaks of an earlier time, and takes one of its own time', async () => {
    const patient = PATIENTS[1]?.id ?? '';
    const told = { patient, model: 'model-c', value: 1, recordedAt: RECORDED_AT };
    const latest = async () =>
      (await given().read<{ model: string; event: string }>(risk.latestRisks(patient))).find(({ model }) => model === 'model-c')?.event;
    const write = async (id: string, seq: string, observedAt: string, correction: boolean) => {
      await given().write(projectRisk({ ...told, id, seq, observedAt, correction, payload: '{}' }));
      return latest();
    };
    expect(await write('told', '9001', '2026-05-01T10:00:00.000Z', false)).toBe('told');
    expect(await write('of-before', '9002', '2026-05-01T09:00:00.000Z', true)).toBe('told');
    expect(await write('of-then', '9003', '2026-05-01T10:00:00.000Z', true)).toBe('of-then');
    expect(await write('entered', '9004', '2026-05-01T08:00:00.000Z', false)).toBe('entered');
    await given().write([statement('test.risks', "MATCH (n) WHERE n.model = 'model-c' DETACH DELETE n")]);
  });

  it.each([0, 15, 20, 21, 99])('finds the patients whose last answer of a model is at or above %i', async (least) => {
    const last = new Map(RISK_WRITES.filter(({ model }) => model === 'model-a').map(({ patient, value }) => [patient, value]));
    const expected = [...last].filter(([, value]) => value !== null && value >= least).map(([patient]) => patient);
    const rows = await given().read<{ patient: string }>(risk.patientsAtOrAbove('model-a', least));
    expect(rows.map(({ patient }) => patient).sort()).toEqual(expected.sort());
  });

  it('ties risk events to the model that answered', async () => {
    expect(await count(given(), "(:RiskEvent)-[:BY_MODEL]->(:Model {name: 'model-b'})")).toBe(
      RISKS.filter(({ model }) => model === 'model-b').length,
    );
  });
}

function dropping(given: Given): void {
  it('drops all that was projected, puts the graph back to the start and leaves knowledge and monitor alone', async () => {
    const store = given();
    await store.write([adoptEpoch('epoch1')], movePlace('graph', '0', '9'));
    await store.write([], movePlace('monitor', '0', '8'));
    const knowledge = () => count(store, '(r:KnowledgeRelease)-[:INCLUDES]->(n)');
    const before = await knowledge();
    await dropProjection(store);
    for (const label of PROJECTED_LABELS) expect([label, await count(store, `(n:${label})`)]).toEqual([label, 0]);
    expect(await projectionPlace(store, 'graph')).toEqual({ seq: '0', epoch: '' });
    expect(await projectionPlace(store, 'monitor')).toEqual({ seq: '8', epoch: 'epoch1' });
    expect(await knowledge()).toBe(before);
    await dropProjection(store);
  });
}

export function statementsContract(given: Given): void {
  describe('with the records of patients', () => {
    beforeAll(async () => {
      await given().write([modelStatement(['model-a', 'model-b'].map((name) => ({ name, version: '1', digest: name, title: name })))]);
      for (const person of PATIENTS) await project(given(), person.id, historyOf(person));
      await given().write(RISK_WRITES.flatMap((one) => projectRisk(one)));
    }, 120_000);
    afterAll(async () => {
      await given().write([statement('test.models', 'MATCH (m:Model) DETACH DELETE m')]);
    });
    patientLists(given);
    observationLists(given);
    patientPages(given);
    riskLists(given);
    dropping(given);
  });
}
