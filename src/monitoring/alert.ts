/**
 * The life of an alert, as a pure state machine: from what it was and a sign (a value, a measurement, a silence, the time)
 * to what it is. Every step is an event of the log; nothing else is remembered (docs/adr/0016-alerts-from-the-log.md).
 */
import type { AlertCondition, AlertRule } from './alertRule.ts';

/** PENDING: the condition holds, not yet for long enough. WITHDRAWN: it ended before anyone was told. */
export const ALERT_STATES = ['PENDING', 'WITHDRAWN', 'RAISED', 'ESCALATED', 'CLEARED'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Where the last alert of one rule and patient stands. Times are ISO 8601 in UTC, by the platform's clock. */
export interface Standing {
  readonly state: AlertState;
  /** When the condition was first met, or met again after the time without alerts. */
  readonly startedAt: string;
  /** When the condition was met last. */
  readonly metAt: string;
  /** The answer that met a condition of change last: a further move is one from there. Null for the other conditions. */
  readonly metValue: number | null;
  readonly raisedAt: string | null;
  /** When the condition ended while the alert was kept until somebody acknowledges it; a move is over when it has been made. */
  readonly conditionEndedAt: string | null;
  readonly endedAt: string | null;
  readonly acknowledgedAt: string | null;
  /** When a pending alert is raised. */
  readonly raiseAt: string;
  /** No alert is raised before this time, because of the one before; null where there was none. */
  readonly quietUntil: string | null;
}

export interface PastValue {
  readonly at: string;
  readonly value: number;
}

export type Sign =
  /** A model's answer; `recent` are its earlier answers, with `measuredAt` times, where a rule asks for change. */
  | {
      readonly kind: 'value';
      readonly at: string;
      readonly measuredAt: string;
      readonly value: number | null;
      readonly category: string | null;
      readonly recent: readonly PastValue[];
    }
  /** Something that the model asks for was measured. */
  | { readonly kind: 'measured'; readonly at: string }
  /** Nothing was measured for as long as the rule says. */
  | { readonly kind: 'silence'; readonly at: string }
  | { readonly kind: 'time'; readonly at: string };

const MINUTE_MS = 60_000;
const plus = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * MINUTE_MS).toISOString();
const later = (a: string, b: string) => (a > b ? a : b);

/** Whether nothing more can come of it. */
export function isOver({ state, conditionEndedAt, acknowledgedAt }: Standing): boolean {
  return state === 'CLEARED' || state === 'WITHDRAWN' || (conditionEndedAt !== null && acknowledgedAt !== null);
}

/** Whether people were told of it and it is not over. */
export function isOpen(standing: Standing): boolean {
  return standing.state !== 'PENDING' && !isOver(standing);
}

/** Until when an alert keeps the next one of its rule from being raised. */
function quietAfter(rule: AlertRule, { state, endedAt, acknowledgedAt, quietUntil }: Standing): string | null {
  const over = state === 'WITHDRAWN' ? null : (endedAt ?? acknowledgedAt);
  return over === null ? quietUntil : plus(over, rule.refractoryMinutes);
}

function isMoved(
  when: Extract<AlertCondition, { kind: 'change' }>,
  { measuredAt, recent }: Extract<Sign, { kind: 'value' }>,
  value: number,
) {
  const from = plus(measuredAt, -when.withinMinutes);
  return recent.some((past) => {
    if (past.at < from || past.at > measuredAt) return false;
    const moved = value - past.value;
    const size = when.direction === 'RISE' ? moved : when.direction === 'FALL' ? -moved : Math.abs(moved);
    return size >= when.by * (when.relative ? Math.abs(past.value) : 1) && moved !== 0;
  });
}

function isBeyond({ direction, value: limit, clearsAt }: Extract<AlertCondition, { kind: 'threshold' }>, value: number, open: boolean) {
  const bound = open ? (clearsAt ?? limit) : limit;
  return direction === 'AT_OR_ABOVE' ? value >= bound : value <= bound;
}

/** Earlier answers that a move is held against: of one that has been told of, those since, and where it led. */
function movedFrom({ recent, measuredAt }: Extract<Sign, { kind: 'value' }>, current: Standing | null): readonly PastValue[] {
  if (current === null) return recent;
  const since = recent.filter(({ at }) => at >= current.metAt);
  return current.metValue === null ? since : [{ at: measuredAt, value: current.metValue }, ...since];
}

/** Whether the condition holds after a sign; null where the sign does not tell. `current` is the alert that is not over. */
function holds(when: AlertCondition, sign: Sign, current: Standing | null): boolean | null {
  const open = current !== null && current.state !== 'PENDING' && current.conditionEndedAt === null;
  if (when.kind === 'silence') return sign.kind === 'silence' ? true : sign.kind === 'measured' ? false : null;
  if (sign.kind !== 'value' || sign.value === null) return null;
  if (when.kind === 'threshold') return isBeyond(when, sign.value, open);
  if (when.kind === 'category') return sign.category === null ? null : when.is.includes(sign.category);
  // That a value stays where it moved to does not end what was told of the movement: time does, or who acknowledges it.
  return isMoved(when, { ...sign, recent: movedFrom(sign, current) }, sign.value) || (current ? null : false);
}

const changes = ({ when }: AlertRule) => when.kind === 'change';

const movedTo = (rule: AlertRule, sign: Sign) => (changes(rule) && sign.kind === 'value' ? sign.value : null);

function begin(rule: AlertRule, before: Standing | null, sign: Sign): Standing {
  const { at } = sign;
  const quiet = before && quietAfter(rule, before);
  // An end that lies ahead was told by a clock that has been set back since.
  const longest = plus(at, rule.refractoryMinutes);
  const quietUntil = quiet !== null && quiet > longest ? longest : quiet;
  const raiseAt = later(plus(at, rule.forMinutes), quietUntil ?? at);
  const now = raiseAt <= at;
  return {
    state: now ? 'RAISED' : 'PENDING',
    startedAt: at,
    metAt: at,
    metValue: movedTo(rule, sign),
    raisedAt: now ? at : null,
    conditionEndedAt: now && changes(rule) ? at : null,
    endedAt: null,
    acknowledgedAt: null,
    raiseAt,
    quietUntil,
  };
}

/** The condition of an alert that people know of has ended. */
function end(rule: AlertRule, current: Standing, at: string): Standing | null {
  if (!rule.quietUntilAcknowledged || current.acknowledgedAt !== null) return { ...current, state: 'CLEARED', endedAt: at };
  return current.conditionEndedAt === null ? { ...current, conditionEndedAt: at } : null;
}

const raise = (rule: AlertRule, current: Standing, at: string): Standing => ({
  ...current,
  state: 'RAISED',
  raisedAt: at,
  conditionEndedAt: changes(rule) ? at : null,
});

/** When what was told of a move is forgotten; null for the other rules, and where it is kept until somebody acknowledges it. */
function changeEndsAt({ when, quietUntilAcknowledged }: AlertRule, { metAt }: Standing): string | null {
  return when.kind === 'change' && !quietUntilAcknowledged ? plus(metAt, when.withinMinutes) : null;
}

function escalatesAt({ escalate }: AlertRule, { state, raisedAt, acknowledgedAt }: Standing): string | null {
  return escalate && state === 'RAISED' && raisedAt !== null && acknowledgedAt === null ? plus(raisedAt, escalate.afterMinutes) : null;
}

/** When time alone changes an alert; null where it does not. */
export function dueAt(rule: AlertRule, standing: Standing): string | null {
  if (isOver(standing)) return null;
  if (standing.state === 'PENDING') return standing.raiseAt;
  const times = [changeEndsAt(rule, standing), escalatesAt(rule, standing)].filter((time) => time !== null);
  return times.sort()[0] ?? null;
}

function onTime(rule: AlertRule, current: Standing, at: string): Standing | null {
  const due = dueAt(rule, current);
  if (due === null || due > at) return null;
  if (current.state === 'PENDING') return raise(rule, current, at);
  return due === escalatesAt(rule, current) ? { ...current, state: 'ESCALATED' } : end(rule, current, at);
}

function onPending(rule: AlertRule, current: Standing, met: boolean, sign: Sign): Standing | null {
  const { at } = sign;
  if (!met) return { ...current, state: 'WITHDRAWN', endedAt: at };
  return current.raiseAt <= at ? raise(rule, { ...current, metAt: at, metValue: movedTo(rule, sign) }, at) : null;
}

/** An alert that people know of has its condition met again. */
function onOpen(rule: AlertRule, current: Standing, sign: Sign): Standing | null {
  const { at } = sign;
  if (changes(rule)) return { ...current, metAt: at, metValue: movedTo(rule, sign), conditionEndedAt: at };
  return current.conditionEndedAt === null ? null : { ...current, metAt: at, conditionEndedAt: null };
}

/** What an alert becomes with a sign; null where nothing changes that is worth an event. `before` is null where there was none. */
export function step(rule: AlertRule, before: Standing | null, sign: Sign): Standing | null {
  const { at } = sign;
  const current = before !== null && !isOver(before) ? before : null;
  if (sign.kind === 'time') return current && onTime(rule, current, at);
  const met = holds(rule.when, sign, current);
  if (met === null) return null;
  if (current === null) return met ? begin(rule, before, sign) : null;
  if (current.state === 'PENDING') return met && current.startedAt > at ? begin(rule, current, sign) : onPending(rule, current, met, sign);
  return met ? onOpen(rule, current, sign) : end(rule, current, at);
}

/** An alert whose rule is no longer in force; null where it is over already. */
export function withdraw(current: Standing, at: string): Standing | null {
  return isOver(current) ? null : { ...current, state: current.state === 'PENDING' ? 'WITHDRAWN' : 'CLEARED', endedAt: at };
}

/** What happened to an alert between two of its events. */
export const ALERT_STEPS = ['PENDING', 'WITHDRAWN', 'RAISED', 'ESCALATED', 'CONDITION_ENDED', 'CONDITION_RETURNED', 'CLEARED'] as const;
export type AlertStep = (typeof ALERT_STEPS)[number];

/** `before` is null where the alert begins. */
export function stepBetween(before: Standing | null, next: Standing): AlertStep {
  if (before === null || before.state !== next.state || next.state === 'PENDING') return next.state;
  return next.metAt === before.metAt ? 'CONDITION_ENDED' : 'CONDITION_RETURNED';
}
