/** What alerts have cost on the ward, by what the log has of them. */
import type { Envelope } from '../events/envelope.ts';
import { isPatientEventType, readPatientEvent } from '../patients/events.ts';
import { ALERT_EVENT_TYPE, readAlertPayload } from './alertEvent.ts';

export interface RuleBurden {
  readonly rule: string;
  readonly title: string;
  readonly patients: number;
  readonly alerts: number;
  /** Alerts in each day of a patient on which measurements came. */
  readonly alertsPerPatientDay: number;
  readonly escalated: number;
  readonly acknowledged: number;
  /** From telling to the acknowledgement; null where none was acknowledged. */
  readonly medianMinutesToAcknowledge: number | null;
  /** Alerts of which somebody recorded that they were not followed. */
  readonly overridden: number;
}

interface Told {
  readonly rule: string;
  readonly title: string;
  readonly patient: string;
  readonly raisedAt: string;
  escalated: boolean;
  acknowledgedAt: string | null;
  overridden: boolean;
}

const MINUTE_MS = 60_000;

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

export class RecordedBurden {
  readonly #told = new Map<string, Told>();
  /** A patient and a day, in UTC, on which measurements came: those of long ago that come now had nobody alerted then. */
  readonly #days = new Set<string>();

  /** Events in the order of the log; those that tell nothing of alerts are passed over. */
  take({ type, subject, version, recordedAt }: Envelope, payload: () => unknown): void {
    if (type === ALERT_EVENT_TYPE) this.#takeAlert(subject, payload());
    if (!isPatientEventType(type)) return;
    if (type !== 'observations.recorded' && type !== 'alert.acknowledged' && type !== 'recommendation.overridden') return;
    const event = readPatientEvent(type, version, payload());
    if (event.type === 'observations.recorded') this.#days.add(`${subject}|${recordedAt.slice(0, 10)}`);
    const told =
      event.type === 'alert.acknowledged'
        ? this.#told.get(event.payload.alert)
        : event.type === 'recommendation.overridden' && event.payload.subject === 'ALERT'
          ? this.#told.get(event.payload.key)
          : undefined;
    if (!told) return;
    if (event.type === 'alert.acknowledged') told.acknowledgedAt = recordedAt;
    else told.overridden = true;
  }

  #takeAlert(patient: string, payload: unknown): void {
    const { alert, rule, title, step, raisedAt } = readAlertPayload(payload);
    if (raisedAt !== null && !this.#told.has(alert))
      this.#told.set(alert, { rule, title, patient, raisedAt, escalated: false, acknowledgedAt: null, overridden: false });
    const told = this.#told.get(alert);
    if (told && step === 'ESCALATED') told.escalated = true;
  }

  get patientDays(): number {
    return this.#days.size;
  }

  /** By rule, in the order of their names. */
  get rules(): RuleBurden[] {
    const byRule = new Map<string, Told[]>();
    for (const told of this.#told.values()) byRule.set(told.rule, [...(byRule.get(told.rule) ?? []), told]);
    return [...byRule]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([rule, told]) => ({
        rule,
        title: told.at(-1)?.title ?? rule,
        patients: new Set(told.map(({ patient }) => patient)).size,
        alerts: told.length,
        alertsPerPatientDay: told.length / this.#days.size,
        escalated: told.filter(({ escalated }) => escalated).length,
        acknowledged: told.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
        medianMinutesToAcknowledge: median(
          told.flatMap(({ acknowledgedAt, raisedAt }) =>
            acknowledgedAt === null ? [] : [(Date.parse(acknowledgedAt) - Date.parse(raisedAt)) / MINUTE_MS],
          ),
        ),
        overridden: told.filter(({ overridden }) => overridden).length,
      }));
  }
}
