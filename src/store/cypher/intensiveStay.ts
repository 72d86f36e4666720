import { type IntensiveStay, isIntensive, stayAfter } from '../../patients/intensiveStay.ts';
import { PATIENT_UNIT } from '../../patients/observationCodes.ts';
import type { Observation, PatientRecord } from '../../patients/record.ts';
import { type GraphStore, type Statement, statement } from '../graphStore.ts';
import { wholeObservation } from './latestAt.ts';
import { observationsSince } from './patientLists.ts';

/** Each move of the patient by `at`, the oldest first. */
function moves(patient: string, at: string): Statement {
  return statement(
    'patient.moves',
    `MATCH (p:Patient {id: $patient})-[:HAS_OBSERVATION]->(o:Observation) WHERE o.code = $code AND o.observedAt <= $at AND o.flag IS NULL
     RETURN o {.id, .code, .system, .label, .text, .observedAt, .recordedAt} AS observation
     ORDER BY o.observedAt, o.recordedAt, coalesce(o.place, 0), o.id`,
    { patient, code: PATIENT_UNIT, at },
  );
}

/**
 * The record with the stay in intensive care that the patient is in at `at`. Two round trips where there is one, otherwise none.
 * @param record with the latest observations by `at`
 */
export async function withStay(store: GraphStore, record: PatientRecord, at: string): Promise<PatientRecord> {
  const unit = record.latest.find(({ code }) => code === PATIENT_UNIT);
  if (!unit || !isIntensive(unit.text)) return record;
  const read = async (asked: Statement) =>
    (await store.read<{ observation: Observation }>(asked)).map(({ observation }) => wholeObservation(observation));
  const place = stayAfter(await read(moves(record.id, at)));
  if (!place) return record;
  const observations = await read(observationsSince(record.id, place.since));
  const stay: IntensiveStay = { ...place, observations: observations.filter(({ observedAt }) => observedAt <= at) };
  return { ...record, stay };
}
