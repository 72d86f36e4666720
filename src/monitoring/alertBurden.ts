/**
 * What a rule of alerts costs and what it finds, on labelled hours: the same state machine as on the ward, with the table's
 * clock in place of the platform's. Figures have 95 % intervals by a bootstrap of people.
 */
import type { Figure } from '../prediction/card.ts';
import { SMALLEST_CELL } from '../prediction/evaluation/judge.ts';
import type { LabelledHour, LabelledPerson } from '../prediction/evaluation/labelledHours.ts';
import { type Draws, figure, type Sample } from '../prediction/evaluation/sample.ts';
import { dueAt, isOver, type Sign, type Standing, step } from './alert.ts';
import type { AlertRule } from './alertRule.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const HOURS_A_DAY = 24;
const timeOf = (hour: number) => new Date(hour * HOUR_MS).toISOString();
const hourOf = (time: string) => Date.parse(time) / HOUR_MS;

export interface ReplayOptions {
  /** Minutes after which somebody acknowledges an alert; null for never. */
  readonly acknowledgedAfterMinutes: number | null;
}

/** When people would have been told, in hours of the table. */
export interface Replay {
  readonly raised: readonly number[];
  readonly escalated: number;
}

class Replaying {
  readonly raised: number[] = [];
  escalated = 0;
  #standing: Standing | null = null;
  readonly #rule: AlertRule;
  readonly #options: ReplayOptions;

  constructor(rule: AlertRule, options: ReplayOptions) {
    this.#rule = rule;
    this.#options = options;
  }

  #acknowledgedAt(): string | null {
    const { acknowledgedAfterMinutes: after } = this.#options;
    const standing = this.#standing;
    if (after === null || !standing?.raisedAt || standing.acknowledgedAt !== null || isOver(standing)) return null;
    return new Date(Date.parse(standing.raisedAt) + after * MINUTE_MS).toISOString();
  }

  /** Lets the time pass: what is due before `until`, or at it where `inclusive`, happens in its order. */
  pass(until: string, inclusive: boolean): void {
    for (;;) {
      const standing = this.#standing;
      const due = standing && dueAt(this.#rule, standing);
      const acknowledged = this.#acknowledgedAt();
      const next = [due, acknowledged].filter((time) => time !== null).sort()[0];
      if (!standing || next === undefined || next > until || (next === until && !inclusive)) return;
      if (next === acknowledged) this.#standing = { ...standing, acknowledgedAt: next };
      else this.take({ kind: 'time', at: next });
    }
  }

  take(sign: Sign): void {
    const before = this.#standing;
    const next = step(this.#rule, before, sign);
    if (next === null) return;
    this.#standing = next;
    const wasRaised = before !== null && !isOver(before) && before.raisedAt !== null;
    if (next.raisedAt !== null && !wasRaised) this.raised.push(hourOf(next.raisedAt));
    if (next.state === 'ESCALATED' && before?.state !== 'ESCALATED') this.escalated += 1;
  }
}

/** Replays the hours of one person, in their order. A rule of silence is asked of measurements, of which a table tells nothing. */
export function replay(rule: AlertRule, hours: readonly LabelledHour[], options: ReplayOptions): Replay {
  const replaying = new Replaying(rule, options);
  const past: { at: string; value: number }[] = [];
  for (const { hour, value, category } of hours) {
    const at = timeOf(hour);
    // What is measured at the moment that something is due is known by then.
    replaying.pass(at, false);
    replaying.take({ kind: 'value', at, measuredAt: at, value, category, recent: past });
    replaying.pass(at, true);
    if (value !== null) past.push({ at, value });
  }
  const last = hours.at(-1);
  if (last) replaying.pass(timeOf(last.hour + 1), true);
  return { raised: replaying.raised, escalated: replaying.escalated };
}

/** One person's part of the figures. */
interface Tally {
  readonly days: number;
  readonly alerts: number;
  /** Alerts with the event in the hours after them that count. */
  readonly right: number;
  readonly hadEvent: boolean;
  /** Hours from the first right alert to the first labelled hour; null where there was none. */
  readonly lead: number | null;
}

function tallyOf({ raised }: Replay, hours: readonly LabelledHour[], withinHours: number): Tally {
  const labelled = hours.filter(({ event }) => event).map(({ hour }) => hour);
  const right = raised.filter((at) => labelled.some((hour) => hour >= Math.floor(at) && hour <= at + withinHours));
  const first = labelled[0];
  return {
    days: hours.length / HOURS_A_DAY,
    alerts: raised.length,
    right: right.length,
    hadEvent: first !== undefined,
    lead: first === undefined || right[0] === undefined ? null : first - right[0],
  };
}

export interface BurdenFigures {
  /** Alerts in each patient's day that was looked at. */
  readonly alertsPerPatientDay: Figure | null;
  /** Share of the alerts that were followed by the event in time. */
  readonly positivePredictiveValue: Figure | null;
  /** Share of the people with the event who had an alert in time. */
  readonly sensitivity: Figure | null;
  /** Middle of the hours from a person's first right alert to the first labelled hour; negative where the alert came after it. */
  readonly medianLeadHours: Figure | null;
}

export interface BurdenGroup {
  readonly by: string;
  readonly level: string;
  /** Null where fewer than 11 people, or 11 with the event, are in the group or in the rest of it: nothing more is said then. */
  readonly people: number | null;
  readonly figures: BurdenFigures | null;
}

export interface Burden {
  readonly rule: string;
  readonly title: string;
  readonly people: number;
  readonly withEvent: number;
  readonly patientDays: number;
  readonly alerts: number;
  readonly escalated: number;
  readonly figures: BurdenFigures;
  readonly groups: readonly BurdenGroup[];
}

/** A sample of people, one row each: for the bootstrap of the figures. */
function peopleSample(rows: readonly number[], people: number): Sample {
  const none = new Float64Array(0);
  return { predicted: new Float64Array(rows.length), outcome: none, time: none, inside: none, person: Int32Array.from(rows), people };
}

function weightedMedian(values: readonly { readonly value: number; readonly weight: number }[]): number {
  const sorted = values.filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let seen = 0;
  for (const { value, weight } of sorted) {
    seen += weight;
    if (seen >= half) return value;
  }
  return Number.NaN;
}

function figuresOf(tallies: readonly Tally[], rows: readonly number[], draws: Draws): BurdenFigures {
  const some = rows.map((row) => tallies[row] as Tally);
  const sample = peopleSample(rows, tallies.length);
  const sum = (weights: Float64Array, of: (tally: Tally) => number) =>
    some.reduce((total, tally, index) => total + (weights[index] as number) * of(tally), 0);
  const ratio = (above: (tally: Tally) => number, below: (tally: Tally) => number) =>
    figure([sample], ([weights = new Float64Array(some.length).fill(1)]) => sum(weights, above) / sum(weights, below), draws);
  const lead = ([weights = new Float64Array(some.length).fill(1)]: readonly Float64Array[]) =>
    weightedMedian(some.flatMap((tally, index) => (tally.lead === null ? [] : [{ value: tally.lead, weight: weights[index] as number }])));
  return {
    alertsPerPatientDay: ratio(
      ({ alerts }) => alerts,
      ({ days }) => days,
    ),
    positivePredictiveValue: ratio(
      ({ right }) => right,
      ({ alerts }) => alerts,
    ),
    sensitivity: ratio(
      ({ lead: found }) => (found === null ? 0 : 1),
      ({ hadEvent }) => Number(hadEvent),
    ),
    medianLeadHours: figure([sample], lead, draws),
  };
}

const withEvent = (tallies: readonly Tally[], rows: readonly number[]) => rows.filter((row) => tallies[row]?.hadEvent).length;

/** Whether a number of people can be said, and what is left of all when it is taken away. */
function isSmall(tallies: readonly Tally[], rows: readonly number[]): boolean {
  const all = tallies.map((_, row) => row);
  const [people, events] = [rows.length, withEvent(tallies, rows)];
  const cells = [people, events, all.length - people || SMALLEST_CELL, withEvent(tallies, all) - events || SMALLEST_CELL];
  return cells.some((cell) => cell < SMALLEST_CELL);
}

function groupsOf(tallies: readonly Tally[], people: readonly LabelledPerson[], groupings: readonly string[], draws: Draws): BurdenGroup[] {
  return groupings.flatMap((by, place) => {
    const levels = new Map<string, number[]>();
    for (const [row, { levels: own }] of people.entries()) levels.set(own[place] ?? '', [...(levels.get(own[place] ?? '') ?? []), row]);
    const sorted = [...levels].sort(([a], [b]) => a.localeCompare(b));
    const small = sorted.filter(([, rows]) => isSmall(tallies, rows));
    // One hidden group alone could be worked out from the others.
    const hidden = new Set(small.length === 1 ? [small[0]?.[0], smallestOf(sorted, small[0]?.[0])] : small.map(([level]) => level));
    return sorted.map(([level, rows]) =>
      hidden.has(level)
        ? { by, level, people: null, figures: null }
        : { by, level, people: rows.length, figures: figuresOf(tallies, rows, draws) },
    );
  });
}

function smallestOf(groups: readonly (readonly [string, readonly number[]])[], besides: string | undefined): string | undefined {
  return groups.filter(([level]) => level !== besides).sort(([, a], [, b]) => a.length - b.length)[0]?.[0];
}

export interface BurdenOptions extends ReplayOptions {
  /** An alert is right where the event is labelled in the hour of it or within so many hours after it. */
  readonly withinHours: number;
}

/** One rule on all people. */
export function burdenOf(
  rule: AlertRule,
  people: readonly LabelledPerson[],
  groupings: readonly string[],
  options: BurdenOptions,
  draws: Draws,
): Burden {
  const replays = people.map(({ hours }) => replay(rule, hours, options));
  const tallies = replays.map((one, index) => tallyOf(one, people[index]?.hours ?? [], options.withinHours));
  const all = tallies.map((_, row) => row);
  return {
    rule: rule.name,
    title: rule.title,
    people: people.length,
    withEvent: withEvent(tallies, all),
    patientDays: tallies.reduce((sum, { days }) => sum + days, 0),
    alerts: tallies.reduce((sum, { alerts }) => sum + alerts, 0),
    escalated: replays.reduce((sum, { escalated }) => sum + escalated, 0),
    figures: figuresOf(tallies, all, draws),
    groups: groupsOf(tallies, people, groupings, draws),
  };
}
