/** The whole record of patients in one statement: one round trip, whatever is asked of it. */
import type { GeneCall } from '../../genotypes/call.ts';
import type { PatientRecord, RecordedCall } from '../../patients/record.ts';
import { type Row, type Statement, statement } from '../graphStore.ts';

const PATIENT_FIELDS = '.id, .identifier, .birthDate, .sexAtBirth, .race, .ancestry, .synthetic, .story';

/** Nested CALL blocks are fast on both engines; OPTIONAL MATCH after an aggregation scans on the embedded one. */
const RECORD = `
CALL (p) { MATCH (p)-[:HAS_CALL]->(c:GeneCall) WITH c ORDER BY c.gene RETURN collect(c {.call, .importedAt, .fileDigest, .release}) AS calls }
CALL (p) { MATCH (p)-[:TAKES]->(m:Medication) WITH m ORDER BY m.startedAt DESC, m.id RETURN collect(m {.id, .name, .rxcui, .doseText, .startedAt, .stoppedAt}) AS medications }
CALL (p) { MATCH (p)-[:HAS_CONDITION]->(x:Condition) WITH x ORDER BY x.onsetAt DESC, x.id RETURN collect(x {.id, .code, .system, .label, .onsetAt, .abatedAt}) AS conditions }
CALL (p) { MATCH (p)-[:HAS_ALLERGY]->(a:Allergy) WITH a ORDER BY a.recordedAt DESC, a.id RETURN collect(a {.id, .substance, .reaction, .severity, .recordedAt}) AS allergies }
CALL (p) { MATCH (p)-[:HAS_IMAGING]->(s:ImagingStudy) WITH s ORDER BY s.studiedAt DESC, s.id
  RETURN collect(s {.id, .modality, .bodySite, .studiedAt, findings: [(s)-[:HAS_FINDING]->(f:ImagingFinding) | f {.place, .name, .value, .unit, .text}]}) AS imaging }
CALL (p) { MATCH (p)-[:HAS_OUTCOME]->(o:Outcome) WITH o ORDER BY o.observedAt DESC, o.id RETURN collect(o {.id, .kind, .value, .unit, .text, .model, .observedAt}) AS outcomes }
CALL (p) { MATCH (p)-[:HAS_CONSENT]->(k:Consent) WITH k ORDER BY k.from DESC, k.id RETURN collect(k {.id, .purpose, .category, .granted, .from, .until}) AS consents }
CALL (p) { MATCH (p)-[:LATEST]->(l:LatestObservation) WITH l ORDER BY l.code RETURN collect(l {.id, .code, .system, .label, .value, .text, .unit, .observedAt, .recordedAt}) AS latest }
RETURN p {${PATIENT_FIELDS}, calls: calls, medications: medications, conditions: conditions, allergies: allergies, imaging: imaging, outcomes: outcomes, consents: consents, latest: latest} AS record`;

export function patientsById(ids: readonly string[]): Statement {
  return statement('patient.page', `UNWIND $ids AS wanted MATCH (p:Patient {id: wanted}) ${RECORD}`, { ids });
}

export function patientByIdentifier(identifier: string): Statement {
  return statement('patient.page', `MATCH (p:Patient {identifier: $identifier}) ${RECORD}`, { identifier });
}

interface StoredCall {
  readonly call: string;
  readonly importedAt: string;
  readonly fileDigest: string | null;
  readonly release: string;
}

interface StoredFinding {
  readonly place: number;
}

function readCall({ call, importedAt, fileDigest, release }: StoredCall): RecordedCall {
  return { call: JSON.parse(call) as GeneCall, importedAt, fileDigest: fileDigest ?? null, release };
}

/** The record from a row of either statement. */
export function readRecord(row: Row): PatientRecord {
  const stored = row['record'] as Omit<PatientRecord, 'calls'> & { calls: StoredCall[] };
  const imaging = stored.imaging.map((study) => ({
    ...study,
    findings: [...study.findings].sort((a, b) => (a as unknown as StoredFinding).place - (b as unknown as StoredFinding).place),
  }));
  return { ...stored, calls: stored.calls.map(readCall), imaging };
}
