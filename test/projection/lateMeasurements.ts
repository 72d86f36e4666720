/** Measurements as devices send them: late, twice, out of any range, a wrong one among right ones. */

import { describe, expect, it } from '@jest/globals';
import { Noted } from '../../src/access/audit/noted.ts';

import { readRiskPayload } from '../../src/monitoring/riskEvent.ts';
import { TESTER } from '../support/actors.ts';
import { accepted, commandsTo, newPatient, recordOf } from '../support/commands.ts';
import { vitalSigns } from '../support/vitalSigns.ts';
import { alertStepsOf, type Given, risksOf } from './platforms.ts';

const START = Date.now() - 3 * 60 * 60_000;
const minute = (count: number) => new Date(START + count * 60_000).toISOString();
const pulse = (value: number, observedAt: string) => ({ code: '8867-4', value, unit: '/min', observedAt });
const breaths = (value: number, observedAt: string) => ({ code: '9279-1', value, unit: '/min', observedAt });

async function scoresOf(given: Given, patient: string) {
  await risksOf(given(), patient);
  const { items } = await given()
    .readerFor(TESTER, new Noted())
    .risks({ patient, models: ['news2'] }, null, 100);
  return items.map(({ id, payload }) => ({ id, ...readRiskPayload(JSON.parse(payload)) })).reverse();
}

function late(given: Given): void {
  it('correct the answer as of their time and each later one that would have been another, naming what they replace', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    await observe(patient, [pulse(131, minute(40))]);
    const before = await scoresOf(given, patient);
    expect(before.map(({ value, observedAt }) => [value, observedAt])).toEqual([
      [0, minute(0)],
      [3, minute(40)],
    ]);
    const { eventId } = accepted(await observe(patient, [breaths(25, minute(30))]));
    const [first, second, inserted, corrected, ...more] = await scoresOf(given, patient);
    expect(more).toEqual([]);
    expect(inserted).toMatchObject({ cause: 'CORRECTION', previous: 0, value: 3, observedAt: minute(30), replaces: first?.id });
    expect(corrected).toMatchObject({ cause: 'CORRECTION', previous: 3, value: 6, delta: 3, observedAt: minute(40), replaces: second?.id });
    expect(corrected?.because.map(({ feature, contribution }) => [feature, contribution])).toEqual([['respirationRate', 3]]);
    const cause = await given().log.find(eventId);
    expect([inserted?.causeSeq, corrected?.causeSeq]).toEqual([cause?.seq, cause?.seq]);
    // The next answer is held against the corrected one.
    await observe(patient, [pulse(80, minute(50))]);
    expect((await scoresOf(given, patient)).at(-1)).toMatchObject({ cause: 'OBSERVATION', previous: 6, value: 3, replaces: null });
  });

  it('leave the present answer and the alerts alone where they change the past only', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    await observe(patient, vitalSigns(minute(60), { '8310-5': 38.5 }));
    const steps = await alertStepsOf(given(), patient);
    await observe(patient, [pulse(131, minute(20)), breaths(25, minute(20))]);
    const scores = await scoresOf(given, patient);
    expect(scores.slice(2)).toMatchObject([{ cause: 'CORRECTION', previous: 0, value: 6, observedAt: minute(20) }]);
    expect(await alertStepsOf(given(), patient)).toEqual(steps);
    await observe(patient, [pulse(80, minute(70))]);
    await observe(patient, [pulse(131, minute(80))]);
    expect((await scoresOf(given, patient)).at(-1)).toMatchObject({ previous: 1, value: 4, observedAt: minute(80) });
  });

  it('are told of where what was measured later had changed nothing, up to where they count no more', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    await observe(patient, vitalSigns(minute(50)));
    const [first] = await scoresOf(given, patient);
    await observe(patient, vitalSigns(minute(30), { '8867-4': 131, '9279-1': 25 }));
    const [, peak, back, ...more] = await scoresOf(given, patient);
    expect(more).toEqual([]);
    expect(peak).toMatchObject({ cause: 'CORRECTION', previous: 0, value: 6, observedAt: minute(30), replaces: first?.id });
    expect(back).toMatchObject({ cause: 'CORRECTION', previous: 6, value: 0, observedAt: minute(50) });
  });

  it('are not what was measured at several times and comes together: each is told of as if it had come by itself', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    const [quick, ill, well] = [
      vitalSigns(minute(10), { '8867-4': 95 }),
      vitalSigns(minute(20), { '8867-4': 131 }),
      vitalSigns(minute(30)),
    ];
    await observe(patient, [...well, ...quick, ...ill]);
    const scores = await scoresOf(given, patient);
    expect(scores.map(({ cause, value, observedAt, replaces }) => [cause, value, observedAt, replaces])).toEqual([
      ['OBSERVATION', 0, minute(0), null],
      ['OBSERVATION', 1, minute(10), null],
      ['OBSERVATION', 3, minute(20), null],
      ['OBSERVATION', 0, minute(30), null],
    ]);
    expect(scores.map(({ observationIds }) => observationIds.length)).toEqual([7, 7, 7, 7]);
  });

  it('raise an alert where the corrected answer is that of now', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0), { '8310-5': 38.5 }));
    await observe(patient, [pulse(131, minute(40))]);
    await observe(patient, [breaths(25, minute(30))]);
    expect((await scoresOf(given, patient)).at(-1)).toMatchObject({ value: 7, crossed: [{ rule: 'news2-emergency', direction: 'UP' }] });
    expect(await alertStepsOf(given(), patient)).toContain('news2-emergency RAISED');
  });

  it('of a history that is entered into a new record are none', async () => {
    const patient = await newPatient(given());
    await commandsTo(given()).observe(patient, [...vitalSigns(minute(0)), ...vitalSigns(minute(10), { '8867-4': 131 })]);
    expect((await scoresOf(given, patient)).map(({ cause, value }) => [cause, value])).toEqual([['OBSERVATION', 3]]);
  });
}

export function lateMeasurements(given: Given): void {
  describe('measurements that come late', () => late(given));

  it('keep a measurement that is sent again, under whatever key, once and as it was first recorded', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    const scores = await scoresOf(given, patient);
    const before = (await given().readerFor(TESTER, new Noted()).observed.page(patient, null, null, 50)).items;
    accepted(await observe(patient, [...vitalSigns(minute(0)), pulse(90, minute(1)), pulse(90, minute(1))]));
    const after = (await given().readerFor(TESTER, new Noted()).observed.page(patient, null, null, 50)).items;
    expect(after.filter(({ observedAt }) => observedAt === minute(0))).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
    expect(await scoresOf(given, patient)).toEqual(scores);
  });

  it('take a clock that is ahead for the time at which it came, so that nothing that is measured later lies before it', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    const ahead = new Date(Date.now() + 4 * 60_000).toISOString();
    await observe(patient, vitalSigns(minute(0)));
    await observe(patient, [pulse(71, ahead)]);
    await observe(patient, [pulse(131, new Date().toISOString())]);
    expect((await scoresOf(given, patient)).at(-1)).toMatchObject({ value: 3 });
    await observe(patient, [pulse(71, ahead)]);
    expect((await given().readerFor(TESTER, new Noted()).observed.page(patient, ['8867-4'], null, 10)).items).toHaveLength(3);
  });

  it('are named by a risk where the model was given them, and by no other', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    const others = [pulse(3000, minute(5)), { code: '2345-7', value: 5, unit: 'mmol/L', observedAt: minute(5) }];
    await observe(patient, [breaths(25, minute(5)), ...others]);
    const last = (await scoresOf(given, patient)).at(-1);
    const breathing = (await recordOf(given(), patient)).latest.find(({ code }) => code === '9279-1');
    expect(last).toMatchObject({ value: 3, observationIds: [breathing?.id] });
    const glucose = (await recordOf(given(), patient)).latest.find(({ code }) => code === '2345-7');
    expect(glucose).toMatchObject({ unit: 'mg/dL', value: expect.closeTo(90.08, 2) });
  });

  it('name the thresholds that a first value lies beyond', async () => {
    const patient = await newPatient(given());
    await commandsTo(given()).observe(patient, vitalSigns(minute(0), { '9279-1': 25, '8867-4': 131, '8310-5': 38.1 }));
    expect((await scoresOf(given, patient))[0]).toMatchObject({
      previous: null,
      value: 7,
      crossed: [{ rule: 'news2-emergency', direction: 'UP' }],
    });
  });

  it('keep what no living person has, flagged, and give it to no model', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    await observe(patient, vitalSigns(minute(0)));
    const { latest } = await recordOf(given(), patient);
    const scores = await scoresOf(given, patient);
    expect(accepted(await observe(patient, [{ ...pulse(3000, minute(5)), device: 'monitor 7' }])).refused).toEqual([]);
    expect((await recordOf(given(), patient)).latest).toEqual(latest);
    expect(await scoresOf(given, patient)).toEqual(scores);
    const { items } = await given().readerFor(TESTER, new Noted()).observed.page(patient, ['8867-4'], null, 10);
    expect(items).toMatchObject([
      { value: 3000, flag: 'OUT_OF_RANGE', device: 'monitor 7' },
      { value: 75, flag: null, device: null },
    ]);
    const [then] = await given().readerFor(TESTER, new Noted()).observed.latestAt([patient], minute(5));
    expect(then?.find(({ code }) => code === '8867-4')).toMatchObject({ value: 75 });
  });

  it('take the rest of a batch where one of it is wrong, and answer the same when it is sent again', async () => {
    const patient = await newPatient(given());
    const { observe } = commandsTo(given());
    const batch = [pulse(80, minute(0)), { ...pulse(80, minute(1)), unit: 'cm' }, pulse(82, '2126-01-01T00:00:00Z'), pulse(81, minute(2))];
    const first = accepted(await observe(patient, batch, 'batch-key-1'));
    expect(first.refused.map(({ code, index }) => [code, index])).toEqual([
      ['UNIT_NOT_CONVERTIBLE', 1],
      ['IN_THE_FUTURE', 2],
    ]);
    expect(accepted(await observe(patient, batch, 'batch-key-1'))).toEqual(first);
    const { items } = await given().readerFor(TESTER, new Noted()).observed.page(patient, null, null, 10);
    expect(items.map(({ value }) => value)).toEqual([81, 80]);
  });
}
