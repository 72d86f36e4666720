/** Takes a patient out of the graph, with all that hangs on the patient alone. */
import { type Statement, statement } from '../graphStore.ts';

const PATIENT = 'MATCH (p:Patient {id: $patient})';

/** What hangs on a patient, by the relation to it. */
const BELOW = [
  'HAS_CONSENT',
  'HAS_OBSERVATION',
  'LATEST',
  'HAS_CONDITION',
  'HAS_ALLERGY',
  'HAS_OUTCOME',
  'TAKES',
  'HAS_RISK',
  'LATEST_RISK',
  'HAS_ALERT',
  'OVERRODE',
  'HAS_IMAGING',
  'HAS_CALL',
  'HAS_REPORT',
] as const;

export function eraseStatements(patient: string): Statement[] {
  const erase = (name: string, text: string) => statement(`erase.${name}`, text, { patient });
  return [
    erase('findings', `${PATIENT}-[:HAS_IMAGING]->(:ImagingStudy)-[:HAS_FINDING]->(f:ImagingFinding) DETACH DELETE f`),
    // A diplotype that no other patient has would say that somebody with it was here.
    erase(
      'diplotypes',
      `${PATIENT}-[:HAS_CALL]->(:GeneCall)-[:FOUND]->(d:Diplotype) WITH DISTINCT d
       MATCH (c:GeneCall)-[:FOUND]->(d) WITH d, count(c) AS calls WHERE calls = 1 DETACH DELETE d`,
    ),
    // As with a finding in a tumour.
    erase(
      'alterations',
      `${PATIENT}-[:HAS_REPORT]->(:MolecularReport)-[:FOUND_IN_TUMOUR]->(a:TumourAlteration) WITH DISTINCT a
       OPTIONAL MATCH (q:Patient)-[:HAS_REPORT]->(:MolecularReport)-[:FOUND_IN_TUMOUR]->(a) WHERE q.id <> $patient
       WITH a, count(q) AS others WHERE others = 0 DETACH DELETE a`,
    ),
    ...BELOW.map((relation) => erase(relation.toLowerCase(), `${PATIENT}-[:${relation}]->(n) DETACH DELETE n`)),
    erase('patient', `${PATIENT} DETACH DELETE p`),
  ];
}
