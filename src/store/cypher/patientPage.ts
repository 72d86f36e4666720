/** The whole record of patients in one statement: one round trip, whatever is asked of it. */
import type { GeneCall } from '../../genotypes/call.ts';
import type { MolecularReport } from '../../patients/molecularProfile.ts';
import type { Consent, ImagingFinding, ImagingStudy, PatientRecord, RecordedCall } from '../../patients/record.ts';
import { type Row, type Statement, statement } from '../graphStore.ts';

/**
 * Nested CALL blocks are fast on both engines; OPTIONAL MATCH after an aggregation scans on the embedded one. The text
 * is kept under 1,400 bytes (the driver's buffer), so that it goes to Neo4j in one write.
 */
const RECORD = `CALL (p) { MATCH (p)-[:HAS_CALL]->(n) WITH n ORDER BY n.gene RETURN collect(n {.call, .importedAt, .fileDigest, .release}) AS calls }
CALL (p) { MATCH (p)-[:HAS_REPORT]->(n) WITH n ORDER BY n.reportedAt DESC, n.id RETURN collect(n.report) AS reports }
CALL (p) { MATCH (p)-[:TAKES]->(n) WITH n ORDER BY n.startedAt DESC, n.id RETURN collect(n {.*}) AS medications }
CALL (p) { MATCH (p)-[:HAS_CONDITION]->(n) WITH n ORDER BY n.onsetAt DESC, n.id RETURN collect(n {.*}) AS conditions }
CALL (p) { MATCH (p)-[:HAS_ALLERGY]->(n) WITH n ORDER BY n.recordedAt DESC, n.id RETURN collect(n {.*}) AS allergies }
CALL (p) { MATCH (p)-[:HAS_IMAGING]->(n) WITH n ORDER BY n.studiedAt DESC, n.id RETURN collect(n {.*, findings: [(n)-[:HAS_FINDING]->(f) | f {.*}]}) AS imaging }
CALL (p) { MATCH (p)-[:HAS_OUTCOME]->(n) WITH n ORDER BY n.observedAt DESC, n.id RETURN collect(n {.*}) AS outcomes }
CALL (p) { MATCH (p)-[:HAS_CONSENT]->(n) WITH n ORDER BY n.from DESC, n.id RETURN collect(n {.*}) AS consents }
CALL (p) { MATCH (p)-[:LATEST]->(n) WITH n ORDER BY n.code RETURN collect(n {.*}) AS latest }
RETURN p {.*, calls: calls, reports: reports, medications: medications, conditions: conditions, allergies: allergies, imaging: imaging, outcomes: outcomes, consents: consents, latest: latest} AS record`;

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

/** A property that is null is not stored, and `{.*}` leaves it out: the record has it as null again. */
const ABSENT = {
  patient: { ancestry: null, site: null, story: null, setAside: 0, stay: null, withheld: [] },
  medications: { rxcui: null, doseText: null, stoppedAt: null },
  conditions: { abatedAt: null },
  allergies: { reaction: null },
  outcomes: { value: null, unit: null, text: null, model: null },
  consents: { until: null, recordedAt: '', recordedBy: null, openedBy: null, reason: null },
  latest: { value: null, text: null, unit: null, device: null, flag: null },
  findings: { value: null, unit: null, text: null },
  report: { tumour: null, replaces: null },
  variants: { classification: null },
} as const;

type Stored = Omit<PatientRecord, 'calls' | 'molecular' | 'imaging'> & {
  readonly calls: readonly StoredCall[];
  readonly reports: readonly string[];
  readonly imaging: readonly (Omit<ImagingStudy, 'findings'> & {
    readonly findings: readonly (ImagingFinding & { readonly place: number })[];
  })[];
};

const whole = <T extends object>(absent: Partial<T>, items: readonly T[]): T[] => items.map((item) => ({ ...absent, ...item }));

function readCall({ call, importedAt, fileDigest, release }: StoredCall): RecordedCall {
  return { call: JSON.parse(call) as GeneCall, importedAt, fileDigest: fileDigest ?? null, release };
}

/** What the patient agreed to, as it was stored. */
export const wholeConsents = (stored: readonly Consent[]): Consent[] => whole(ABSENT.consents, stored);

/** A report as it was stored; an older one has neither tumour, correction nor classifications. */
function readReport(stored: string): MolecularReport {
  const report = JSON.parse(stored) as MolecularReport;
  return { ...ABSENT.report, ...report, variants: whole(ABSENT.variants, report.variants) };
}

/** The record from a row of either statement. */
export function readRecord(row: Row): PatientRecord {
  const { reports, ...stored } = row['record'] as Stored;
  return {
    ...ABSENT.patient,
    ...stored,
    molecular: reports.map(readReport),
    calls: stored.calls.map(readCall),
    medications: whole(ABSENT.medications, stored.medications),
    conditions: whole(ABSENT.conditions, stored.conditions),
    allergies: whole(ABSENT.allergies, stored.allergies),
    imaging: stored.imaging.map((study) => ({
      ...study,
      findings: whole(
        ABSENT.findings,
        [...study.findings].sort((a, b) => a.place - b.place),
      ),
    })),
    outcomes: whole(ABSENT.outcomes, stored.outcomes),
    consents: wholeConsents(stored.consents),
    latest: whole(ABSENT.latest, stored.latest),
  };
}
