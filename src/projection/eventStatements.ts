/** What an event of the log writes into the graph. */
import { AvicennaError } from '../errors.ts';
import type { Envelope, PayloadCodec } from '../events/envelope.ts';
import { isOver } from '../monitoring/alert.ts';
import { ALERT_EVENT_TYPE, type AlertPayload, readAlertPayload, standingOf } from '../monitoring/alertEvent.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../monitoring/riskEvent.ts';
import { isPatientEventType, type PatientEvent, readPatientEvent } from '../patients/events.ts';
import { type AlertWrite, projectAlert } from '../store/cypher/alerts.ts';
import { projectPatientEvent } from '../store/cypher/projectPatient.ts';
import { projectRisk } from '../store/cypher/projectRisk.ts';
import type { Statement } from '../store/graphStore.ts';

/** The part of an alert's event that the graph is asked by. */
function alertWrite(patient: string, seq: string, payload: AlertPayload): AlertWrite {
  const { alert: id, rule, severity, state, conditionEndedAt } = payload;
  return {
    id,
    patient,
    rule,
    severity,
    seq,
    payload: JSON.stringify(payload),
    told: state !== 'PENDING' && state !== 'WITHDRAWN',
    over: isOver(standingOf(payload, null)),
    conditionEnded: conditionEndedAt !== null,
  };
}

/** The event as something that was recorded of a patient; null where the platform made it itself. @throws AvicennaError EVENT_INVALID, PROJECTION_HALTED */
export function patientEventOf(envelope: Envelope, codec: PayloadCodec): PatientEvent | null {
  if (!isPatientEventType(envelope.type)) return null;
  return readPatientEvent(envelope.type, envelope.version, codec.decode(envelope));
}

/** @throws AvicennaError EVENT_INVALID, PROJECTION_HALTED where its type is not known */
export function statementsOf(envelope: Envelope, event: PatientEvent | null, codec: PayloadCodec): Statement[] {
  const { id, seq, subject: patient, actor, recordedAt, type } = envelope;
  if (event) return projectPatientEvent(event, { patient, recordedAt, actor, event: id });
  const payload = codec.decode(envelope);
  if (type === ALERT_EVENT_TYPE) return projectAlert(alertWrite(patient, seq, readAlertPayload(payload)));
  if (type !== RISK_EVENT_TYPE) throw new AvicennaError('PROJECTION_HALTED', `An event of the unknown type ${type} is in the log.`);
  const risk = readRiskPayload(payload);
  return projectRisk({
    id,
    seq,
    patient,
    model: risk.model,
    recordedAt,
    value: risk.value,
    observedAt: risk.observedAt,
    correction: risk.cause === 'CORRECTION',
    payload: JSON.stringify(risk),
  });
}
