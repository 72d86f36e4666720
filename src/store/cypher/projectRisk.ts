/** The statements that write one risk event into the graph. */
import { type Statement, statement } from '../graphStore.ts';
import { padSeq, type RiskWrite } from './risk.ts';

export function projectRisk({ value, observedAt, correction, ...risk }: RiskWrite): Statement[] {
  const seq = padSeq(risk.seq);
  return [
    statement(
      'project.risk',
      `MATCH (p:Patient {id: $patient}) MERGE (r:RiskEvent {id: $id}) SET r += $props MERGE (p)-[:HAS_RISK]->(r)
       WITH r MATCH (m:Model {name: $model}) MERGE (r)-[:BY_MODEL]->(m)`,
      { id: risk.id, patient: risk.patient, model: risk.model, props: { ...risk, seq } },
    ),
    statement(
      'project.risk.latest',
      `MATCH (p:Patient {id: $patient}) MERGE (l:LatestRisk {key: $key}) MERGE (p)-[:LATEST_RISK]->(l)
       WITH l WHERE l.seq IS NULL OR (l.seq <= $seq AND (NOT $correction OR coalesce(l.observedAt, '') <= $observedAt))
       SET l.seq = $seq, l.model = $model, l.payload = $payload, l.event = $id, l.value = $value, l.observedAt = $observedAt`,
      {
        patient: risk.patient,
        key: `${risk.patient}|${risk.model}`,
        seq,
        model: risk.model,
        payload: risk.payload,
        id: risk.id,
        value,
        observedAt,
        correction,
      },
    ),
  ];
}
