/** A patient in intensive care: the risk of sepsis is told as it changes, from all that was measured since the admission. */

import { describe, expect, it } from '@jest/globals';
import { Noted } from '../../src/access/audit/noted.ts';

import { readRiskPayload } from '../../src/monitoring/riskEvent.ts';
import { TESTER } from '../support/actors.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { type Given, risksOf } from './platforms.ts';

const MODEL = 'sepsis-early-warning';
const START = Date.now() - 6 * 60 * 60_000;
const hour = (count: number, minutes = 5) => new Date(START + (count * 60 + minutes) * 60_000).toISOString();
const unit = (text: string, observedAt: string) => ({ code: 'patient-unit', text, observedAt });
const vitals = (pulse: number, temperature: number, observedAt: string) => [
  { code: '8867-4', value: pulse, unit: '/min', observedAt },
  { code: '8310-5', value: temperature, unit: 'Cel', observedAt },
  { code: '8480-6', value: 200 - pulse, unit: 'mm[Hg]', observedAt },
];

async function told(given: Given, patient: string) {
  await risksOf(given(), patient);
  const { items } = await given()
    .readerFor(TESTER, new Noted())
    .risks({ patient, models: [MODEL] }, null, 100);
  return items.map(({ id, payload }) => ({ id, ...readRiskPayload(JSON.parse(payload)) })).reverse();
}

async function admitted(given: Given) {
  const patient = await newPatient(given());
  const { observe } = commandsTo(given());
  accepted(await observe(patient, vitals(80, 37, hour(-1))));
  expect(await told(given, patient)).toEqual([]);
  accepted(await observe(patient, [unit('medical intensive care', hour(0, 0))]));
  return { patient, observe };
}

export function intensiveCare(given: Given): void {
  describe('a patient in intensive care', () => {
    it('is told of by the sepsis model from the admission on, each change with reasons that add up, until the move elsewhere', async () => {
      const { patient, observe } = await admitted(given);
      for (let count = 0; count < 5; count += 1) accepted(await observe(patient, vitals(80 + 10 * count, 37 + 0.5 * count, hour(count))));
      const [first, ...rest] = await told(given, patient);
      expect(first).toMatchObject({ status: 'OK', previous: null, raw: { Unit1: '1', HR: null } });
      expect(rest).toHaveLength(5);
      for (const [place, { previous, value, delta, because, observationIds, raw }] of rest.entries()) {
        expect(previous).toBe([first, ...rest][place]?.value);
        expect(delta).toBeCloseTo((value ?? 0) - (previous ?? 0), 12);
        expect(because.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(delta ?? 0, 12);
        expect(observationIds).toHaveLength(3);
        expect(raw['HR']).toBe(80 + 10 * place);
      }
      expect(rest.at(-1)?.value).toBeGreaterThan(rest[0]?.value ?? 1);
      accepted(await observe(patient, [unit('other hospital unit', hour(5, 0))]));
      expect((await told(given, patient)).at(-1)).toMatchObject({
        status: 'ABSTAINED',
        value: null,
        abstainReason: expect.stringContaining('intensive care'),
      });
      accepted(await observe(patient, vitals(150, 40, hour(5, 30))));
      expect(await told(given, patient)).toHaveLength(7);
    });

    it('has an answer corrected by what was measured before it and comes late', async () => {
      const { patient, observe } = await admitted(given);
      accepted(await observe(patient, vitals(80, 37, hour(0))));
      accepted(await observe(patient, vitals(82, 37.1, hour(3))));
      const before = await told(given, patient);
      const late = accepted(await observe(patient, vitals(140, 40.5, hour(1))));
      const cause = await given().log.find(late.eventId);
      const corrections = (await told(given, patient)).slice(before.length).filter(({ cause: kind }) => kind === 'CORRECTION');
      expect(corrections.map(({ observedAt }) => observedAt)).toEqual([hour(1), hour(3)]);
      for (const { causeSeq, because, delta, value, previous } of corrections) {
        expect(causeSeq).toBe(cause?.seq);
        expect(because.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(delta ?? 0, 12);
        expect(value).toBeGreaterThan(previous ?? 1);
      }
      expect(corrections[1]?.replaces).toBe(before.at(-1)?.id);
    });
  });
}
