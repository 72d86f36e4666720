/** What was not followed, and why, as it lies in the graph. */
import type { OverrideReason, OverrideSubject } from '../../patients/record.ts';
import { type Row, type Statement, statement } from '../graphStore.ts';

export interface StoredOverride {
  readonly id: string;
  readonly subject: OverrideSubject;
  readonly key: string;
  readonly shown: string;
  readonly reason: OverrideReason;
  readonly note: string | null;
  readonly instead: string | null;
  readonly recordedAt: string;
  /** Who recorded it. */
  readonly actor: string;
}

export function projectOverride(patient: string, { id, ...props }: StoredOverride): Statement {
  return statement(
    'project.override',
    'MATCH (p:Patient {id: $patient}) MERGE (o:Override {id: $id}) SET o += $props MERGE (p)-[:OVERRODE]->(o)',
    {
      patient,
      id,
      props,
    },
  );
}

/** The newest first. */
export function overridesOf(patient: string, first: number): Statement {
  return statement(
    'patient.overrides',
    `MATCH (p:Patient {id: $patient})-[:OVERRODE]->(o:Override)
     RETURN o {.id, .subject, .key, .shown, .reason, .note, .instead, .recordedAt, .actor} AS override
     ORDER BY o.recordedAt DESC, o.id LIMIT $limit`,
    { patient, limit: first },
  );
}

export function readOverride(row: Row): StoredOverride {
  return { note: null, instead: null, ...(row['override'] as Omit<StoredOverride, 'note' | 'instead'>) };
}
