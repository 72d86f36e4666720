import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface AcknowledgeAlert {
  readonly note?: string | null | undefined;
}

/** The alert as it is when the command is decided. */
export interface AlertToAcknowledge {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  /** The payload of its last event as JSON. */
  readonly payload: string;
  readonly acknowledged: unknown;
}

const NOTE_LENGTH = 500;

/** Takes an alert upon oneself. `alert` is null where there is none. */
export function decideAcknowledgeAlert(input: AcknowledgeAlert, alert: AlertToAcknowledge | null, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  const note = check.optionalText(input.note, 'note', null, NOTE_LENGTH);
  if (!alert) {
    check.add('UNKNOWN_ALERT', 'alertId', 'No alert has this id.');
    return { userErrors: check.errors };
  }
  if (alert.acknowledged !== null) check.add('ALREADY_ACKNOWLEDGED', 'alertId', 'Somebody has acknowledged this alert already.');
  const { id, rule, severity, payload: shown } = alert;
  return check.decide({ type: 'alert.acknowledged', payload: { alert: id, rule, severity, note, shown } }, context.now);
}
