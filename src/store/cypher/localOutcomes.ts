/** Recorded outcomes and the answers of a model that came before them. */
import { type Statement, statement } from '../graphStore.ts';

export type StoredOutcome = {
  readonly patient: string;
  readonly kind: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly observedAt: string;
};

/** An answer of one version of a model: where its risk event lies, and what groups are formed by. */
export type StoredAnswer = {
  readonly patient: string;
  readonly sexAtBirth: string;
  readonly race: string;
  readonly site: string | null;
  readonly birthDate: string;
  /** Padded. */
  readonly seq: string;
  readonly recordedAt: string;
};

const OUTCOME = 'p.id AS patient, o.kind AS kind, o.value AS value, o.unit AS unit, o.observedAt AS observedAt';
const PERSON = 'p.id AS patient, p.sexAtBirth AS sexAtBirth, p.race AS race, p.site AS site, p.birthDate AS birthDate';

/** The payload names the file and the version; one that was told before versions stood side by side names none. */
const ANSWER = `MATCH (p:Patient)-[:HAS_RISK]->(r:RiskEvent)
     WHERE r.model = $model AND r.payload CONTAINS $digest AND r.payload CONTAINS '"status":"OK"'
       AND NOT r.payload CONTAINS '"cause":"CORRECTION"'
       AND (r.payload CONTAINS $version OR NOT r.payload CONTAINS '"modelVersion":')`;

export interface ModelVersionKey {
  readonly model: string;
  readonly digest: string;
  readonly version: string;
}

const keys = ({ model, digest, version }: ModelVersionKey) => ({ model, digest, version: `"modelVersion":${JSON.stringify(version)}` });

/** Outcomes of some kinds, the newest first. */
export function outcomesOf(kinds: readonly string[], limit: number): Statement {
  return statement(
    'outcomes.ofKinds',
    `MATCH (p:Patient)-[:HAS_OUTCOME]->(o:Outcome) WHERE o.kind IN $kinds RETURN ${OUTCOME} ORDER BY observedAt DESC LIMIT $limit`,
    { kinds: [...kinds], limit },
  );
}

/** All outcomes of some kinds of some patients. */
export function outcomesOfPatients(kinds: readonly string[], patients: readonly string[]): Statement {
  return statement(
    'outcomes.ofPatients',
    `MATCH (p:Patient)-[:HAS_OUTCOME]->(o:Outcome) WHERE p.id IN $patients AND o.kind IN $kinds RETURN ${OUTCOME} ORDER BY observedAt`,
    { kinds: [...kinds], patients: [...patients] },
  );
}

/** The first answer of a version for each patient, the earliest first. */
export function firstAnswers(key: ModelVersionKey, limit: number): Statement {
  return statement(
    'outcomes.firstAnswers',
    `${ANSWER} RETURN ${PERSON}, min(r.seq) AS seq, min(r.recordedAt) AS recordedAt ORDER BY seq LIMIT $limit`,
    { ...keys(key), limit },
  );
}

/** Every answer of a version for some patients, oldest first. */
export function answersOfPatients(key: ModelVersionKey, patients: readonly string[]): Statement {
  return statement(
    'outcomes.answers',
    `${ANSWER} AND p.id IN $patients RETURN ${PERSON}, r.seq AS seq, r.recordedAt AS recordedAt ORDER BY seq`,
    { ...keys(key), patients: [...patients] },
  );
}
