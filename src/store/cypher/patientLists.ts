/** Lists that can grow: read by keyset, so that a page costs the same wherever it lies. */
import { type Statement, statement } from '../graphStore.ts';
import { FACTS } from './access.ts';

/** Where a page starts: the sort value and the id of the row before it. */
export interface Keyset {
  readonly value: string;
  readonly id: string;
}

export interface PatientFilter {
  readonly sexAtBirth?: string | null;
  readonly race?: string | null;
  /** Generic name of a drug taken now or before. */
  readonly drug?: string | null;
  readonly gene?: string | null;
  readonly phenotype?: string | null;
  readonly bornBefore?: string | null;
  readonly bornAfter?: string | null;
}

/** By `id` where neither may be seen: it says nothing of anybody. */
export type PatientSort = 'identifier' | 'birthDate' | 'id';

/** The conditions that the filter asks for; only fixed texts are put together, values travel as parameters. */
function conditions(filter: PatientFilter): string[] {
  const found: string[] = [];
  if (filter.sexAtBirth) found.push('p.sexAtBirth = $sexAtBirth');
  if (filter.race) found.push('p.race = $race');
  if (filter.bornBefore) found.push('p.birthDate < $bornBefore');
  if (filter.bornAfter) found.push('p.birthDate > $bornAfter');
  if (filter.drug) found.push('EXISTS { MATCH (p)-[:TAKES]->(m:Medication) WHERE m.name = $drug }');
  if (filter.gene && filter.phenotype)
    found.push('EXISTS { MATCH (p)-[:HAS_CALL]->(c:GeneCall) WHERE c.gene = $gene AND c.phenotype = $phenotype }');
  else if (filter.gene) found.push("EXISTS { MATCH (p)-[:HAS_CALL]->(c:GeneCall) WHERE c.gene = $gene AND c.status = 'CALLED' }");
  return found;
}

const where = (all: readonly string[]) => (all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`);

/** Ids, sort values and what access is decided by; the records come from `patientsById`. */
export function patientIds(filter: PatientFilter, sort: PatientSort, descending: boolean, after: Keyset | null, limit: number): Statement {
  const than = descending ? '<' : '>';
  const start = after ? [`(p.${sort} ${than} $afterValue OR (p.${sort} = $afterValue AND p.id ${than} $afterId))`] : [];
  const order = descending ? 'DESC' : 'ASC';
  return statement(
    'patient.list',
    `MATCH (p:Patient) ${where([...conditions(filter), ...start])}
     RETURN p.id AS id, p.${sort} AS value, ${FACTS} ORDER BY value ${order}, id ${order} LIMIT $limit`,
    { ...filter, afterValue: after?.value ?? '', afterId: after?.id ?? '', limit },
  );
}

/** Who fits the filter, all of them, with what access is decided by. */
export function patientsInFilter(filter: PatientFilter): Statement {
  return statement('patient.all', `MATCH (p:Patient) ${where(conditions(filter))} RETURN ${FACTS}`, { ...filter });
}

const BEFORE = 'o.observedAt < $afterValue OR (o.observedAt = $afterValue AND o.id < $afterId)';

/** Observations of one patient, newest first. */
export function observations(patient: string, codes: readonly string[] | null, after: Keyset | null, first: number): Statement {
  const all = [...(codes ? ['o.code IN $codes'] : []), ...(after ? [`(${BEFORE})`] : [])];
  return statement(
    'patient.observations',
    `MATCH (p:Patient {id: $patient})-[:HAS_OBSERVATION]->(o:Observation) ${where(all)}
     RETURN o {.id, .code, .system, .label, .value, .text, .unit, .device, .flag, .observedAt, .recordedAt} AS observation
     ORDER BY o.observedAt DESC, o.id DESC LIMIT $limit`,
    { patient, codes: codes ?? [], afterValue: after?.value ?? '', afterId: after?.id ?? '', limit: first },
  );
}

/** When each code of each patient was observed last by `at`. */
export function lastTimes(patients: readonly string[], at: string): Statement {
  return statement(
    'patient.lastTimes',
    `MATCH (p:Patient)-[:HAS_OBSERVATION]->(o:Observation) WHERE p.id IN $patients AND o.observedAt <= $at AND o.flag IS NULL
     RETURN p.id AS patient, o.code AS code, max(o.observedAt) AS observedAt`,
    { patients: [...patients], at },
  );
}

/** Observations of some patients at some times, in the order that they were recorded. */
export function observationsAt(patients: readonly string[], times: readonly string[]): Statement {
  return statement(
    'patient.observationsAt',
    `MATCH (p:Patient)-[:HAS_OBSERVATION]->(o:Observation) WHERE p.id IN $patients AND o.observedAt IN $times AND o.flag IS NULL
     RETURN p.id AS patient, o {.id, .code, .system, .label, .value, .text, .unit, .device, .flag, .observedAt, .recordedAt} AS observation
     ORDER BY o.recordedAt, coalesce(o.place, 0), o.id`,
    { patients: [...patients], times: [...times] },
  );
}

/** What was measured of one patient from a time on and a model may be given, in the order of measurement and of recording. */
export function observationsSince(patient: string, from: string): Statement {
  return statement(
    'patient.observationsSince',
    `MATCH (p:Patient {id: $patient})-[:HAS_OBSERVATION]->(o:Observation) WHERE o.observedAt >= $from AND o.flag IS NULL
     RETURN o {.id, .code, .system, .label, .value, .text, .unit, .device, .observedAt, .recordedAt} AS observation
     ORDER BY o.observedAt, o.recordedAt, coalesce(o.place, 0), o.id`,
    { patient, from },
  );
}

/** Numbers that were measured from `from` on and that nothing is wrong with, the newest first. */
export function recentMeasurements(patient: string, codes: readonly string[] | null, from: string, limit: number): Statement {
  return statement(
    'patient.recentMeasurements',
    `MATCH (p:Patient {id: $patient})-[:HAS_OBSERVATION]->(o:Observation)
     WHERE o.observedAt >= $from AND o.flag IS NULL AND o.value IS NOT NULL ${codes ? 'AND o.code IN $codes' : ''}
     RETURN o {.id, .code, .system, .label, .value, .text, .unit, .device, .observedAt, .recordedAt} AS observation
     ORDER BY o.observedAt DESC, o.id DESC LIMIT $limit`,
    { patient, codes: codes ?? [], from, limit },
  );
}

export function observationCount(patient: string, codes: readonly string[] | null): Statement {
  return statement(
    'patient.observations.count',
    `MATCH (p:Patient {id: $patient})-[:HAS_OBSERVATION]->(o:Observation) ${where(codes ? ['o.code IN $codes'] : [])} RETURN count(o) AS n`,
    { patient, codes: codes ?? [] },
  );
}

/** Patients whose identifier begins with the text (served by the key's index), after an identifier. */
export function searchPatients(text: string, after: string | null, first: number): Statement {
  return statement(
    'search.patients',
    `MATCH (p:Patient) WHERE p.identifier STARTS WITH $text AND p.identifier > $after RETURN p.identifier AS label, ${FACTS} ORDER BY label LIMIT $limit`,
    { text, after: after ?? '', limit: first },
  );
}
