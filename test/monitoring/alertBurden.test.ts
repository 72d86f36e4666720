/** Rules replayed on labelled hours, by the same state machine as on the ward. */
import { describe, expect, it } from '@jest/globals';
import { burdenOf, replay } from '../../src/monitoring/alertBurden.ts';
import type { AlertRule } from '../../src/monitoring/alertRule.ts';
import type { LabelledPerson } from '../../src/prediction/evaluation/labelledHours.ts';
import { Draws } from '../../src/prediction/evaluation/sample.ts';

const RULE: AlertRule = {
  name: 'high',
  title: 'High',
  model: 'any',
  severity: 'WARNING',
  when: { kind: 'threshold', direction: 'AT_OR_ABOVE', value: 0.5, clearsAt: 0.3 },
  forMinutes: 0,
  refractoryMinutes: 0,
  quietUntilAcknowledged: false,
  notify: 'ward',
  escalate: null,
  patients: null,
  sites: null,
  source: 'made up for the test',
};

/** Hours from 0 on: a number, or null for an abstention; `events` are the labelled ones. */
const hours = (values: readonly (number | null)[], events: readonly number[] = []) =>
  values.map((value, hour) => ({
    hour,
    value,
    category: value === null ? null : value >= 0.5 ? 'ALERT' : 'NONE',
    event: events.includes(hour),
  }));

const at = (rule: Partial<AlertRule>, values: readonly (number | null)[], acknowledgedAfterMinutes: number | null = null) =>
  replay({ ...RULE, ...rule }, hours(values), { acknowledgedAfterMinutes });

describe('a rule on the hours of one person', () => {
  it.each([
    ['is told when it is met, once while it lasts', {}, [0.1, 0.6, 0.9, 0.4, 0.6, 0.2, 0.5], [1, 6]],
    ['is told only after it has held for as long as it asks', { forMinutes: 120 }, [0.6, 0.6, 0.1, 0.6, 0.6, 0.6, 0.6], [5]],
    [
      'is not told again in the time without alerts, but after it where it still holds',
      { refractoryMinutes: 180 },
      [0.6, 0.1, 0.6, 0.6, 0.6, 0.6],
      [0, 4],
    ],
    ['is neither raised nor ended by an abstention', {}, [0.6, null, null, 0.6, 0.1, null, 0.7], [0, 6]],
    ['reads the category', { when: { kind: 'category', is: ['ALERT'] } }, [0.6, 0.4, 0.6], [0, 2]],
    [
      'reads the movement within its time',
      { when: { kind: 'change', direction: 'RISE', by: 0.3, relative: false, withinMinutes: 120 } },
      [0.1, 0.2, 0.3, 0.5, 0.9],
      [3],
    ],
  ] satisfies [string, Partial<AlertRule>, (number | null)[], number[]][])('%s', (_what, rule, values, raised) => {
    expect(at(rule, values).raised).toEqual(raised);
  });

  it('waits for its acknowledgement where the rule asks for it', () => {
    const quiet = { quietUntilAcknowledged: true };
    const values = [0.6, 0.1, 0.6, 0.1, 0.6, 0.1];
    expect(at(quiet, values).raised).toEqual([0]);
    expect(at(quiet, values, 90).raised).toEqual([0, 2, 4]);
  });

  it('escalates where nobody acknowledges in time', () => {
    const escalate = { escalate: { afterMinutes: 30, to: 'second' } };
    expect(at(escalate, [0.6, 0.6, 0.6])).toEqual({ raised: [0], escalated: 1 });
    expect(at(escalate, [0.6, 0.6, 0.6], 20)).toEqual({ raised: [0], escalated: 0 });
  });
});

describe('a rule on people', () => {
  const person = (values: readonly number[], events: readonly number[], level: string): LabelledPerson => ({
    hours: hours(values, events),
    levels: [level],
  });
  /** 24 hours: an alert in the hours named, and labels. */
  const day = (alerts: readonly number[], events: readonly number[], level = 'a') =>
    person(
      Array.from({ length: 24 }, (_, hour) => (alerts.includes(hour) ? 0.9 : 0.1)),
      events,
      level,
    );
  const options = { withinHours: 6, acknowledgedAfterMinutes: null };
  const draws = (people: readonly unknown[]) => new Draws(people.length, 50, 1);

  it('counts alerts by patient-day, right ones, people found and the lead', () => {
    const people = [day([2, 10], [12, 13]), day([20], [12, 13]), day([5, 15], []), day([], [])];
    const { figures, alerts, patientDays, withEvent } = burdenOf(RULE, people, ['level'], options, draws(people));
    expect({ alerts, patientDays, withEvent }).toEqual({ alerts: 5, patientDays: 4, withEvent: 2 });
    expect(figures.alertsPerPatientDay?.value).toBe(5 / 4);
    expect(figures.positivePredictiveValue?.value).toBe(1 / 5);
    expect(figures.sensitivity?.value).toBe(1 / 2);
    expect(figures.medianLeadHours?.value).toBe(2);
    expect(figures.alertsPerPatientDay?.low).toBeLessThan(5 / 4);
    expect(figures.alertsPerPatientDay?.high).toBeGreaterThan(5 / 4);
  });

  it('shows no group of few, nor one that would tell it', () => {
    const many = (count: number, level: string) => [
      ...Array.from({ length: count }, () => day([2], [4], level)),
      ...Array.from({ length: count }, () => day([2], [], level)),
    ];
    const people = [...many(12, 'a'), ...many(12, 'b'), ...many(5, 'c')];
    const { groups } = burdenOf(RULE, people, ['level'], options, draws(people));
    expect(groups.map(({ level, people: shown }) => [level, shown])).toEqual([
      ['a', null],
      ['b', 24],
      ['c', null],
    ]);
    expect(groups[1]?.figures?.positivePredictiveValue?.value).toBe(1 / 2);
  });
});
