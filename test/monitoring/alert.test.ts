/** The life of an alert: what each sign makes of it, rule by rule. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueAt, isOpen, isOver, type Sign, type Standing, step, stepBetween, withdraw } from '../../src/monitoring/alert.ts';
import type { AlertRule } from '../../src/monitoring/alertRule.ts';

const START = Date.parse('2026-05-01T08:00:00.000Z');
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();

function rule(changes: Partial<AlertRule> = {}): AlertRule {
  return {
    name: 'high',
    title: 'High',
    model: 'news2',
    severity: 'CRITICAL',
    when: { kind: 'threshold', direction: 'AT_OR_ABOVE', value: 7 },
    forMinutes: 0,
    refractoryMinutes: 0,
    quietUntilAcknowledged: false,
    notify: 'ward',
    escalate: null,
    patients: null,
    sites: null,
    source: 'made up for the test',
    ...changes,
  };
}

type Told = readonly [number, number | 'acknowledge' | 'time' | 'measured' | 'silence' | { readonly category: string }];

function signOf(minute: number, what: Exclude<Told[1], 'acknowledge'>, recent: { at: string; value: number }[]): Sign {
  if (what === 'time' || what === 'measured' || what === 'silence') return { kind: what, at: at(minute) };
  const value = typeof what === 'number' ? what : 0;
  const category = typeof what === 'number' ? null : what.category;
  return { kind: 'value', at: at(minute), measuredAt: at(minute), value, category, recent: [...recent] };
}

/** Tells a rule of one thing after the other; gives each step that was taken, as `minute STEP`. */
function tell(of: AlertRule, story: readonly Told[]): { steps: string[]; last: Standing | null } {
  let last: Standing | null = null;
  const steps: string[] = [];
  const recent: { at: string; value: number }[] = [];
  for (const [minute, what] of story) {
    if (what === 'acknowledge') {
      if (last) last = { ...(last as Standing), acknowledgedAt: at(minute) };
      continue;
    }
    const next = step(of, last, signOf(minute, what, recent));
    if (typeof what === 'number') recent.push({ at: at(minute), value: what });
    if (!next) continue;
    steps.push(`${minute} ${stepBetween(last !== null && !isOver(last) ? last : null, next)}`);
    last = next;
  }
  return { steps, last };
}

const stepsOf = (of: AlertRule, story: readonly Told[]) => tell(of, story).steps;

describe('a rule with a threshold', () => {
  it('raises at the threshold, not a hair under it, and clears once the value is back', () => {
    expect(
      stepsOf(rule(), [
        [0, 6.999],
        [1, 7],
        [2, 9],
        [3, 6],
        [4, 7],
      ]),
    ).toEqual(['1 RAISED', '3 CLEARED', '4 RAISED']);
  });

  it('reads the other way for what must not fall', () => {
    const low = rule({ when: { kind: 'threshold', direction: 'AT_OR_BELOW', value: 60 } });
    expect(
      stepsOf(low, [
        [0, 61],
        [1, 60],
        [2, 55],
        [3, 60.5],
      ]),
    ).toEqual(['1 RAISED', '3 CLEARED']);
  });

  it('keeps an alert until the value has come back over the line of hysteresis', () => {
    const when = { kind: 'threshold', direction: 'AT_OR_ABOVE', value: 7, clearsAt: 5 } as const;
    expect(
      stepsOf(rule({ when }), [
        [0, 7],
        [1, 6],
        [2, 5],
        [3, 4],
        [4, 6],
        [5, 7],
      ]),
    ).toEqual(['0 RAISED', '3 CLEARED', '5 RAISED']);
  });

  it('goes by the threshold again, not by the line of hysteresis, once its condition has ended', () => {
    const kept = rule({ when: { kind: 'threshold', direction: 'AT_OR_ABOVE', value: 7, clearsAt: 5 }, quietUntilAcknowledged: true });
    expect(
      stepsOf(kept, [
        [0, 8],
        [1, 0],
        [2, 5],
        [3, 6],
        [4, 7],
      ]),
    ).toEqual(['0 RAISED', '1 CONDITION_ENDED', '4 CONDITION_RETURNED']);
  });

  it('is not kept quiet by an end, or by a wait, that a clock told which was ahead for a while', () => {
    expect(
      stepsOf(rule(), [
        [120, 8],
        [121, 0],
        [1, 8],
      ]),
    ).toEqual(['120 RAISED', '121 CLEARED', '1 RAISED']);
    expect(
      stepsOf(rule({ forMinutes: 10 }), [
        [120, 8],
        [1, 8],
        [11, 8],
      ]),
    ).toEqual(['120 PENDING', '1 PENDING', '11 RAISED']);
    expect(
      stepsOf(rule({ refractoryMinutes: 30 }), [
        [120, 8],
        [121, 0],
        [1, 8],
        [31, 'time'],
      ]),
    ).toEqual(['120 RAISED', '121 CLEARED', '1 PENDING', '31 RAISED']);
  });

  it('says nothing of a value that is not there', () => {
    const nothing: Sign = { kind: 'value', at: at(1), measuredAt: at(1), value: null, category: null, recent: [] };
    const { last } = tell(rule(), [[0, 8]]);
    expect(step(rule(), null, nothing)).toBeNull();
    expect(step(rule(), last, nothing)).toBeNull();
  });
});

describe('a rule with a duration', () => {
  const patient = rule({ forMinutes: 30 });

  it('waits until the condition has held for long enough, and tells it then without a new value', () => {
    const { steps, last } = tell(patient, [
      [0, 7],
      [10, 8],
      [29, 'time'],
      [30, 'time'],
    ]);
    expect(steps).toEqual(['0 PENDING', '30 RAISED']);
    expect(last).toMatchObject({ startedAt: at(0), raisedAt: at(30) });
  });

  it('tells nobody where the condition ended before, and counts anew when it comes back', () => {
    expect(
      stepsOf(patient, [
        [0, 7],
        [20, 6],
        [25, 7],
        [50, 'time'],
        [55, 'time'],
      ]),
    ).toEqual(['0 PENDING', '20 WITHDRAWN', '25 PENDING', '55 RAISED']);
  });

  it('raises with a value that comes later than the time, where the clock did not ring', () => {
    expect(
      stepsOf(patient, [
        [0, 7],
        [45, 9],
      ]),
    ).toEqual(['0 PENDING', '45 RAISED']);
  });
});

describe('a rule with a time without alerts', () => {
  const quiet = rule({ refractoryMinutes: 60 });

  it('raises again only after it, and at its end where the condition still holds', () => {
    expect(
      stepsOf(quiet, [
        [0, 7],
        [10, 3],
        [20, 8],
        [69, 'time'],
        [70, 'time'],
      ]),
    ).toEqual(['0 RAISED', '10 CLEARED', '20 PENDING', '70 RAISED']);
  });

  it('is not shortened by a condition that came and went within it', () => {
    expect(
      stepsOf(quiet, [
        [0, 7],
        [10, 3],
        [20, 8],
        [25, 3],
        [30, 8],
        [70, 'time'],
      ]),
    ).toEqual(['0 RAISED', '10 CLEARED', '20 PENDING', '25 WITHDRAWN', '30 PENDING', '70 RAISED']);
  });
});

describe('a rule that is quiet until acknowledged', () => {
  const latched = rule({ quietUntilAcknowledged: true, refractoryMinutes: 10 });

  it('keeps one alert over the end of the condition and its return', () => {
    expect(
      stepsOf(latched, [
        [0, 7],
        [5, 3],
        [6, 2],
        [8, 9],
        [9, 10],
      ]),
    ).toEqual(['0 RAISED', '5 CONDITION_ENDED', '8 CONDITION_RETURNED']);
  });

  it('is over with the acknowledgement where the condition has ended, and with its end where it was acknowledged', () => {
    const ended = tell(latched, [
      [0, 7],
      [5, 3],
      [7, 'acknowledge'],
    ]).last;
    expect(ended && isOver(ended)).toBe(true);
    expect(
      stepsOf(latched, [
        [0, 7],
        [5, 'acknowledge'],
        [7, 3],
      ]),
    ).toEqual(['0 RAISED', '7 CLEARED']);
  });

  it('counts the time without alerts from the acknowledgement that ended it', () => {
    expect(
      stepsOf(latched, [
        [0, 7],
        [5, 3],
        [20, 'acknowledge'],
        [25, 8],
        [30, 'time'],
      ]),
    ).toEqual(['0 RAISED', '5 CONDITION_ENDED', '25 PENDING', '30 RAISED']);
  });
});

describe('escalation', () => {
  const escalating = rule({ escalate: { afterMinutes: 15, to: 'outreach' } });

  it('comes once, when nobody has acknowledged in time', () => {
    expect(
      stepsOf(escalating, [
        [0, 7],
        [14, 'time'],
        [15, 'time'],
        [16, 'time'],
        [40, 'time'],
      ]),
    ).toEqual(['0 RAISED', '15 ESCALATED']);
  });

  it('does not come after an acknowledgement, nor after the end', () => {
    expect(
      stepsOf(escalating, [
        [0, 7],
        [10, 'acknowledge'],
        [15, 'time'],
      ]),
    ).toEqual(['0 RAISED']);
    expect(
      stepsOf(escalating, [
        [0, 7],
        [10, 2],
        [15, 'time'],
      ]),
    ).toEqual(['0 RAISED', '10 CLEARED']);
  });
});

describe('a rule of change', () => {
  const rise = rule({ when: { kind: 'change', direction: 'RISE', by: 3, relative: false, withinMinutes: 60 } });
  const fifth = rule({ when: { kind: 'change', direction: 'EITHER', by: 0.2, relative: true, withinMinutes: 60 } });

  it('is met by a rise within its time, not by the same rise over a longer one, nor by a fall', () => {
    expect(
      stepsOf(rise, [
        [0, 2],
        [60, 5],
      ]),
    ).toEqual(['60 RAISED']);
    expect(
      stepsOf(rise, [
        [0, 2],
        [61, 5],
      ]),
    ).toEqual([]);
    expect(
      stepsOf(rise, [
        [0, 5],
        [30, 2],
      ]),
    ).toEqual([]);
  });

  it('sees a change that comes in small steps', () => {
    expect(
      stepsOf(rise, [
        [0, 2],
        [20, 3],
        [40, 4],
        [55, 5],
      ]),
    ).toEqual(['55 RAISED']);
  });

  it('takes a share of the earlier value, either way', () => {
    expect(
      stepsOf(fifth, [
        [0, 35],
        [10, 28.1],
      ]),
    ).toEqual([]);
    expect(
      stepsOf(fifth, [
        [0, 35],
        [10, 28],
      ]),
    ).toEqual(['10 RAISED']);
    expect(
      stepsOf(fifth, [
        [0, 35],
        [10, 42],
      ]),
    ).toEqual(['10 RAISED']);
  });

  it('tells of a further move while it stands, from where the last one led or from any answer since', () => {
    expect(
      stepsOf(fifth, [
        [0, 28],
        [10, 12.7],
        [20, 12.8],
        [30, 9],
        [40, 9],
        [50, 12.6],
      ]),
    ).toEqual(['10 RAISED', '30 CONDITION_RETURNED', '50 CONDITION_RETURNED']);
  });

  it('is over once somebody acknowledges it: a later move is raised anew, after the time without alerts', () => {
    const kept = rule({ when: fifth.when, quietUntilAcknowledged: true, refractoryMinutes: 15 });
    expect(
      stepsOf(kept, [
        [0, 28],
        [10, 12.7],
        [12, 'acknowledge'],
        [20, 9],
        [22, 9.1],
        [27, 'time'],
        [30, 'acknowledge'],
        [50, 12],
      ]),
    ).toEqual(['10 RAISED', '20 PENDING', '27 RAISED', '50 RAISED']);
  });

  it('is over when its time has passed, and not before', () => {
    expect(
      stepsOf(rise, [
        [0, 2],
        [10, 5],
        [20, 5],
        [69, 'time'],
        [70, 'time'],
      ]),
    ).toEqual(['10 RAISED', '70 CLEARED']);
  });
});

describe('a rule of categories and a rule of silence', () => {
  it('go by the word, and by whether something was measured', () => {
    const words = rule({ when: { kind: 'category', is: ['MEDIUM', 'HIGH'] } });
    expect(
      stepsOf(words, [
        [0, { category: 'LOW' }],
        [1, { category: 'HIGH' }],
        [2, { category: 'MEDIUM' }],
        [3, { category: 'LOW' }],
      ]),
    ).toEqual(['1 RAISED', '3 CLEARED']);
    const silence = rule({ when: { kind: 'silence', afterMinutes: 60, whileAtOrAbove: 5 } });
    expect(
      stepsOf(silence, [
        [0, 9],
        [60, 'silence'],
        [61, 'silence'],
        [70, 'measured'],
        [71, 'measured'],
      ]),
    ).toEqual(['60 RAISED', '70 CLEARED']);
  });
});

const anySign = fc.oneof(
  fc.integer({ min: 0, max: 10 }),
  fc.constantFrom('acknowledge' as const, 'time' as const, 'measured' as const, 'silence' as const),
);
const anyStory = fc.array(fc.tuple(fc.nat(40), anySign), { maxLength: 40 }).map((steps) => {
  let minute = 0;
  return steps.map(([gap, sign]): Told => {
    minute += gap;
    return [minute, sign];
  });
});
const anyRule = fc
  .record({
    forMinutes: fc.nat(60),
    refractoryMinutes: fc.nat(60),
    quietUntilAcknowledged: fc.boolean(),
    escalate: fc.option(fc.record({ afterMinutes: fc.integer({ min: 1, max: 60 }), to: fc.constant('x') }), { nil: null }),
    clearsAt: fc.integer({ min: 0, max: 7 }),
  })
  .map(({ clearsAt, ...changes }) => rule({ ...changes, when: { kind: 'threshold', direction: 'AT_OR_ABOVE', value: 7, clearsAt } }));

describe('any story', () => {
  it('raises no alert while one is open, nor within the time without alerts', () => {
    fc.assert(
      fc.property(anyRule, anyStory, (given, story) => {
        const of = { ...given, quietUntilAcknowledged: false };
        const steps = tell(of, story).steps.map((text) => text.split(' '));
        const told = steps.filter(([, what]) => what === 'RAISED' || what === 'CLEARED');
        for (const [place, [minute, what]] of told.entries()) {
          const before = told[place - 1];
          expect(what).toBe(place % 2 === 0 ? 'RAISED' : 'CLEARED');
          if (before && what === 'RAISED') expect(Number(minute)).toBeGreaterThanOrEqual(Number(before[0]) + of.refractoryMinutes);
        }
      }),
    );
  });

  it('leaves nothing due in the past once the clock has rung', () => {
    fc.assert(
      fc.property(anyRule, anyStory, (of, story) => {
        let { last } = tell(of, story);
        const end = (story.at(-1)?.[0] ?? 0) + 1;
        for (let round = 0; round < 4 && last; round += 1) last = step(of, last, { kind: 'time', at: at(end) }) ?? last;
        const due = last && dueAt(of, last);
        expect(due === null || due > at(end)).toBe(true);
      }),
    );
  });

  it('ends with its rule, and an alert that is over ends only once', () => {
    fc.assert(
      fc.property(anyRule, anyStory, (of, story) => {
        const { last } = tell(of, story);
        fc.pre(last !== null);
        const ended = withdraw(last as Standing, at(9999));
        expect(ended === null).toBe(isOver(last as Standing));
        if (ended) expect([isOver(ended), isOpen(ended), withdraw(ended, at(9999))]).toEqual([true, false, null]);
      }),
    );
  });
});
