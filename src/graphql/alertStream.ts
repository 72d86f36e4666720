/** Alerts as a subscriber sees them. */
import type { Envelope, PayloadCodec } from '../events/envelope.ts';
import { type AlertStep, isOver } from '../monitoring/alert.ts';
import { type Acknowledgement, ALERT_EVENT_TYPE, type AlertPayload, readAlertPayload, standingOf } from '../monitoring/alertEvent.ts';
import { ALERT_SEVERITIES, type AlertSeverity } from '../monitoring/alertRule.ts';
import { oncePer } from '../oncePer.ts';
import { DATA_CATEGORIES } from '../patients/dataCategories.ts';
import { type PatientEvent, readPatientEvent } from '../patients/events.ts';
import { readBy } from '../prediction/features.ts';
import type { StoredAlert } from '../store/cypher/alerts.ts';
import type { Context } from './context.ts';
import type { ALERT_CHANGES, ALERT_STATUSES } from './enums.ts';
import { eventStream, type StreamItem } from './eventStream.ts';
import { SharedWork } from './sharedWork.ts';

type AlertStatus = (typeof ALERT_STATUSES)[number];
type AlertChange = (typeof ALERT_CHANGES)[number];

/** An alert as the schema resolves it. */
export interface AlertSource
  extends Pick<AlertPayload, 'rule' | 'title' | 'severity' | 'condition' | 'notify' | 'value' | 'unit' | 'category' | 'startedAt'> {
  readonly id: string;
  readonly patientId: string;
  readonly modelName: string;
  readonly risk: string | null;
  readonly status: AlertStatus;
  readonly conditionHolds: boolean;
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
  readonly clearedAt: string | null;
}

function statusOf(payload: AlertPayload, acknowledged: Acknowledgement | null): AlertStatus {
  if (isOver(standingOf(payload, acknowledged))) return 'CLEARED';
  if (acknowledged) return 'ACKNOWLEDGED';
  return payload.state === 'ESCALATED' ? 'ESCALATED' : 'RAISED';
}

function showAlert(patientId: string, payload: AlertPayload, acknowledged: Acknowledgement | null): AlertSource {
  const { rule, title, severity, condition, notify, value, unit, category, startedAt, risk } = payload;
  const status = statusOf(payload, acknowledged);
  return {
    ...{ rule, title, severity, condition, notify, value, unit, category, startedAt, risk },
    id: payload.alert,
    patientId,
    modelName: payload.model,
    status,
    conditionHolds: payload.state !== 'CLEARED' && payload.conditionEndedAt === null,
    raisedAt: payload.raisedAt ?? payload.raiseAt,
    acknowledgedAt: acknowledged?.at ?? null,
    acknowledgedBy: acknowledged?.by ?? null,
    note: acknowledged?.note ?? null,
    clearedAt: status === 'CLEARED' ? (payload.endedAt ?? acknowledged?.at ?? null) : null,
  };
}

export function showStoredAlert({ patient, payload, acknowledged }: StoredAlert): AlertSource {
  return showAlert(patient, readAlertPayload(JSON.parse(payload)), acknowledged);
}

export interface AlertFilter {
  /** Surrogates; null for all. */
  readonly patients: readonly string[] | null;
  /** The least urgent that is told. */
  readonly minSeverity: AlertSeverity;
}

interface AlertEventSource {
  readonly id: string;
  readonly change: AlertChange;
  readonly recordedAt: string;
  readonly alert: AlertSource;
}

const ACKNOWLEDGED = 'alert.acknowledged';

const readChange = oncePer((envelope: Envelope, codec: PayloadCodec) => readAlertPayload(codec.decode(envelope)));
const readAcknowledgement = oncePer((envelope: Envelope, codec: PayloadCodec) => {
  const event = readPatientEvent(ACKNOWLEDGED, envelope.version, codec.decode(envelope));
  return event.payload as Extract<PatientEvent, { type: typeof ACKNOWLEDGED }>['payload'];
});

export type AlertItem = StreamItem<AlertEventSource>;

const shown = new SharedWork<Envelope, Promise<AlertEventSource | null>>();

/** The severities from one on upwards. */
export function severitiesFrom(least: AlertSeverity): AlertSeverity[] {
  return ALERT_SEVERITIES.slice(ALERT_SEVERITIES.indexOf(least));
}

type Told = Exclude<AlertStep, 'PENDING' | 'WITHDRAWN'>;
const isTold = (step: AlertStep): step is Told => step !== 'PENDING' && step !== 'WITHDRAWN';

export function alertStream(context: Context, { patients, minSeverity }: AlertFilter, after: string | null): AsyncIterable<AlertItem> {
  const severities = new Set<string>(severitiesFrom(minSeverity));
  const changed = (envelope: Envelope) => readChange(envelope, context.codec);
  const acknowledged = (envelope: Envelope) => readAcknowledgement(envelope, context.codec);
  return eventStream<AlertEventSource>(context, {
    patients,
    filter: ['alerts', minSeverity],
    after,
    shown,
    categoriesOf: (envelope) => {
      if (envelope.type === ALERT_EVENT_TYPE) return readBy(changed(envelope).model);
      if (envelope.type !== ACKNOWLEDGED) return null;
      const { shown: before } = acknowledged(envelope);
      // Of an older one it is not said which model it rests on.
      return before === undefined ? DATA_CATEGORIES : readBy(readAlertPayload(JSON.parse(before)).model);
    },
    wants: (envelope) => {
      if (envelope.type === ACKNOWLEDGED) return severities.has(acknowledged(envelope).severity);
      const { step, severity } = changed(envelope);
      return isTold(step) && severities.has(severity);
    },
    show: async (envelope) => {
      const { id, recordedAt, subject, type, actor } = envelope;
      if (type === ALERT_EVENT_TYPE) {
        const payload = changed(envelope);
        return { id, recordedAt, change: payload.step as Told, alert: showAlert(subject, payload, payload.acknowledged) };
      }
      const { alert, note, shown: before } = acknowledged(envelope);
      if (before !== undefined) {
        const payload = readAlertPayload(JSON.parse(before));
        return { id, recordedAt, change: 'ACKNOWLEDGED', alert: showAlert(subject, payload, { at: recordedAt, by: actor, note }) };
      }
      const stored = await context.reader.alert(alert);
      return stored && { id, recordedAt, change: 'ACKNOWLEDGED', alert: showStoredAlert(stored) };
    },
  });
}
