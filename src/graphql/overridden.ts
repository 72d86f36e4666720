/** What an override speaks of, as it was shown when it was not followed: a later reader sees what the clinician saw. */

import { drugsNamed } from '../knowledge/names.ts';
import { readAlertPayload } from '../monitoring/alertEvent.ts';
import { readRiskPayload } from '../monitoring/riskEvent.ts';
import type { Overridden } from '../patients/commands/recordOverride.ts';
import type { PatientRecord } from '../patients/record.ts';
import { type UserError, userError } from '../patients/userError.ts';
import { isBound } from '../prediction/features.ts';
import type { StoredOverride } from '../store/cypher/overrides.ts';
import type { Context } from './context.ts';
import { keyOf, toGlobalId } from './ids.ts';
import { recommendationsFor } from './recommendations.ts';

/** As the schema shows it. */
export function showOverride({ actor, key, ...stored }: StoredOverride) {
  return { ...stored, key: stored.subject === 'ALERT' ? toGlobalId('Alert', key) : key, recordedBy: actor };
}

export interface OverrideAddress {
  readonly alertId?: string | null;
  readonly drug?: string | null;
  readonly model?: string | null;
}

const answerText = (value: number | null, unit: string | null, category: string | null) =>
  value === null ? 'no answer' : [value, unit, category && `(${category})`].filter(Boolean).join(' ');

async function alert(id: string, { id: patient }: PatientRecord, context: Context): Promise<Overridden | UserError> {
  const stored = await context.reader.alert(keyOf('Alert', id, 'alertId'));
  if (!stored || stored.patient !== patient) return userError('UNKNOWN_ALERT', 'alertId', 'This patient has no alert with this id.');
  const { title, value, unit, category } = readAlertPayload(JSON.parse(stored.payload));
  return { subject: 'ALERT', key: stored.id, shown: `${title}: ${answerText(value, unit, category)}` };
}

async function recommendation(term: string, { id }: PatientRecord, { knowledge, now, loaders }: Context): Promise<Overridden | UserError> {
  const [drug, ...others] = drugsNamed(knowledge, term);
  if (!drug) return userError('INVALID', 'drug', 'The knowledge release has no drug of this name.');
  if (others.length > 0) return userError('AMBIGUOUS_DRUG', 'drug', 'Several drugs have this name: give the generic one.');
  // The record as it is shown to whoever records this: nothing is repeated to them that is held back.
  const record = await loaders.patient.load(id);
  const found = record ? recommendationsFor(knowledge, record, [drug.name], now) : [];
  if (found.length === 0) return userError('INVALID', 'drug', 'Nothing is recommended to this patient for this drug.');
  return { subject: 'RECOMMENDATION', key: drug.name, shown: found.map(({ action, text }) => `${action}: ${text}`).join(' ') };
}

async function prediction(name: string, { id }: PatientRecord, context: Context): Promise<Overridden | UserError> {
  if (!isBound(name) || !context.registry.models.has(name))
    return userError('INVALID', 'model', 'No model of this name is asked of a patient record.');
  const payload = await context.reader.latestRisk(id, name);
  const last = payload === null ? null : readRiskPayload(JSON.parse(payload));
  if (!last) return userError('INVALID', 'model', 'This model has told nothing of this patient.');
  return { subject: 'PREDICTION', key: name, shown: answerText(last.value, last.unit, last.category) };
}

/** Exactly one of the three is named. */
export function overridden(
  address: OverrideAddress,
  record: PatientRecord,
  context: Context,
): Promise<Overridden | UserError> | Overridden | UserError {
  const { alertId, drug, model } = address;
  if ([alertId, drug, model].filter((one) => one != null).length !== 1)
    return userError('INVALID', 'drug', "Name exactly one of 'alertId', 'drug' and 'model'.");
  if (alertId != null) return alert(alertId, record, context);
  return drug != null ? recommendation(drug, record, context) : prediction(model ?? '', record, context);
}
