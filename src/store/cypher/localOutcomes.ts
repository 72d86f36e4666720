/** Recorded outcomes and the risk events that came before them. */
import { type Statement, statement } from '../graphStore.ts';

/** An outcome with what groups are formed by. */
export type StoredOutcome = {
  readonly patient: string;
  readonly kind: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly observedAt: string;
};

/** A patient whom a version of a model has answered, and where the risk event lies. */
export type AnsweredPatient = {
  readonly patient: string;
  readonly sexAtBirth: string;
  readonly race: string;
  readonly birthDate: string;
  /** Padded. */
  readonly seq: string;
  readonly recordedAt: string;
};

/** Outcomes of some kinds, the newest first. */
export function outcomesOf(kinds: readonly string[], limit: number): Statement {
  return statement(
    'outcomes.ofKinds',
    `MATCH (p:Patient)-[:HAS_OUTCOME]->(o:Outcome) WHERE o.kind IN $kinds
     RETURN p.id AS patient, o.kind AS kind, o.value AS value, o.unit AS unit, o.observedAt AS observedAt
     ORDER BY observedAt DESC LIMIT $limit`,
    { kinds: [...kinds], limit },
  );
}

/** Every answer of one version of a model, oldest first: the payload names the version's digest. */
export function answersOf(model: string, digest: string, limit: number): Statement {
  return statement(
    'outcomes.answers',
    `MATCH (p:Patient)-[:HAS_RISK]->(r:RiskEvent)
     WHERE r.model = $model AND r.payload CONTAINS $digest AND r.payload CONTAINS '"status":"OK"'
     RETURN p.id AS patient, p.sexAtBirth AS sexAtBirth, p.race AS race, p.birthDate AS birthDate, r.seq AS seq, r.recordedAt AS recordedAt
     ORDER BY seq LIMIT $limit`,
    { model, digest, limit },
  );
}
