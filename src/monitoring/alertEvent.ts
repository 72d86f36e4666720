/** A step in the life of an alert: the payload of `alert.changed` in the log. */
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import { ALERT_STATES, ALERT_STEPS, type Standing } from './alert.ts';
import { ALERT_SEVERITIES } from './alertRule.ts';

export const ALERT_EVENT_TYPE = 'alert.changed';
export const ALERT_EVENT_VERSION = 1;

const time = z.string().nullable();

const alertPayload = z.object({
  /** Of the alert: the same in each of its events. */
  alert: z.string(),
  rule: z.string(),
  title: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  model: z.string(),
  /** What this event tells of the alert. */
  step: z.enum(ALERT_STEPS),
  state: z.enum(ALERT_STATES),
  startedAt: z.string(),
  metAt: z.string(),
  /** Left out by events of before it was kept. */
  metValue: z.number().nullable().default(null),
  raisedAt: time,
  raiseAt: z.string(),
  quietUntil: time,
  conditionEndedAt: time,
  endedAt: time,
  /** Who had acknowledged it by then; null for nobody. */
  acknowledged: z.object({ at: z.string(), by: z.string(), note: z.string().nullable() }).nullable(),
  /** Who is to act on it now. */
  notify: z.string(),
  /** The rule's condition in words. */
  condition: z.string(),
  /** The model's answer at this step; null where it has none. */
  value: z.number().nullable(),
  unit: z.string().nullable(),
  category: z.string().nullable(),
  /** Id of the last risk event that it rests on; null for none. */
  risk: z.string().nullable(),
});

export type Acknowledgement = NonNullable<z.infer<typeof alertPayload>['acknowledged']>;
export type AlertPayload = z.infer<typeof alertPayload>;

export function readAlertPayload(raw: unknown): AlertPayload {
  const parsed = alertPayload.safeParse(raw);
  if (!parsed.success) throw new AvicennaError('EVENT_INVALID', 'The payload of an alert event does not fit its type.');
  return parsed.data;
}

/** The state machine's view of an alert. */
export function standingOf(payload: AlertPayload, acknowledged: Acknowledgement | null): Standing {
  const { state, startedAt, metAt, metValue, raisedAt, raiseAt, quietUntil, conditionEndedAt, endedAt } = payload;
  return {
    state,
    startedAt,
    metAt,
    metValue,
    raisedAt,
    raiseAt,
    quietUntil,
    conditionEndedAt,
    endedAt,
    acknowledgedAt: acknowledged?.at ?? null,
  };
}
