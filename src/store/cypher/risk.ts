/** Risk events as they lie in the graph. `seq` is padded, so that text order is the order of the log. */
import { type Row, type Statement, statement } from '../graphStore.ts';

export interface StoredRisk {
  readonly id: string;
  /** Position in the log, decimal text. */
  readonly seq: string;
  readonly patient: string;
  readonly model: string;
  readonly recordedAt: string;
  /** The event's payload as JSON. */
  readonly payload: string;
}

/** A risk event on its way into the graph. */
export interface RiskWrite extends StoredRisk {
  readonly value: number | null;
  readonly observedAt: string;
  /** A correction speaks of a time that may have passed: it is the latest only where nothing later was told. */
  readonly correction: boolean;
}

const WIDTH = 19;
export const padSeq = (seq: string) => seq.padStart(WIDTH, '0');
export const unpadSeq = (seq: string) => seq.replace(/^0+(?=\d)/, '');

export function readRisk(row: Row): StoredRisk {
  const risk = row['risk'] as StoredRisk;
  return { ...risk, seq: unpadSeq(risk.seq) };
}

const FIELDS = 'r {.id, .seq, .patient, .model, .recordedAt, .payload} AS risk';

export function riskEvents(
  filter: { patient?: string | null; models?: readonly string[] | null },
  afterSeq: string | null,
  first: number,
): Statement {
  const all = [...(filter.models ? ['r.model IN $models'] : []), ...(afterSeq ? ['r.seq < $after'] : [])];
  const start = filter.patient ? 'MATCH (p:Patient {id: $patient})-[:HAS_RISK]->(r:RiskEvent)' : 'MATCH (r:RiskEvent)';
  return statement(
    'risk.list',
    `${start} ${all.length > 0 ? `WHERE ${all.join(' AND ')}` : ''} RETURN ${FIELDS} ORDER BY r.seq DESC LIMIT $limit`,
    { patient: filter.patient ?? '', models: filter.models ?? [], after: padSeq(afterSeq ?? '0'), limit: first + 1 },
  );
}

/** Whose the risk events are, and what they tell: by these it is decided which count. */
export function riskCounts(filter: { patient?: string | null; models?: readonly string[] | null }): Statement {
  const start = filter.patient ? 'MATCH (p:Patient {id: $patient})-[:HAS_RISK]->(r:RiskEvent)' : 'MATCH (r:RiskEvent)';
  const where = filter.models ? 'WHERE r.model IN $models' : '';
  return statement('risk.count', `${start} ${where} RETURN r.patient AS patient, r.model AS model, r.payload AS payload`, {
    patient: filter.patient ?? '',
    models: filter.models ?? [],
  });
}

export function riskById(id: string): Statement {
  return statement('risk.one', `MATCH (r:RiskEvent {id: $id}) RETURN ${FIELDS}`, { id });
}

/** The last risk event of one patient, per model. */
export function latestRisks(patient: string): Statement {
  return statement(
    'risk.latest',
    'MATCH (p:Patient {id: $patient})-[:LATEST_RISK]->(l:LatestRisk) RETURN l.model AS model, l.payload AS payload, l.event AS event',
    { patient },
  );
}

/** Patients whose last answer of one model lies at or above a value. */
export function patientsAtOrAbove(model: string, value: number): Statement {
  return statement(
    'risk.atOrAbove',
    'MATCH (p:Patient)-[:LATEST_RISK]->(l:LatestRisk) WHERE l.model = $model AND l.value >= $value RETURN p.id AS patient',
    { model, value },
  );
}

/** Patients after `after`, by their ids, of whom another file of the model than that of `digest` spoke last. */
export function patientsOfOtherDigest(model: string, digest: string, after: string, limit: number): Statement {
  return statement(
    'risk.otherDigest',
    `MATCH (p:Patient)-[:LATEST_RISK]->(l:LatestRisk)
     WHERE l.model = $model AND p.id > $after AND NOT l.payload CONTAINS $digest RETURN p.id AS patient ORDER BY patient LIMIT $limit`,
    { model, digest, after, limit },
  );
}

/** The last risk event of each patient by one model that was recorded by `at` and corrects nothing: its patient and padded sequence. */
export function lastRisksBy(patients: readonly string[], model: string, at: string): Statement {
  return statement(
    'risk.lastBy',
    `MATCH (p:Patient)-[:HAS_RISK]->(r:RiskEvent) WHERE p.id IN $patients AND r.model = $model AND r.recordedAt <= $at
     AND NOT r.payload CONTAINS '"cause":"CORRECTION"' RETURN p.id AS patient, max(r.seq) AS seq`,
    { patients: [...patients], model, at },
  );
}

/** Risk events of some patients by one model from a padded sequence on, recorded by `at`, oldest first. */
export function risksSince(patients: readonly string[], model: string, from: string, at: string): Statement {
  return statement(
    'risk.since',
    `MATCH (p:Patient)-[:HAS_RISK]->(r:RiskEvent) WHERE p.id IN $patients AND r.model = $model AND r.seq >= $from AND r.recordedAt <= $at
     RETURN ${FIELDS} ORDER BY r.seq`,
    { patients: [...patients], model, from, at },
  );
}

/** Risk events of some patients by their padded sequences. */
export function risksBySeq(patients: readonly string[], seqs: readonly string[]): Statement {
  return statement(
    'risk.bySeq',
    `MATCH (p:Patient)-[:HAS_RISK]->(r:RiskEvent) WHERE p.id IN $patients AND r.seq IN $seqs RETURN ${FIELDS}`,
    { patients: [...patients], seqs: [...seqs] },
  );
}
