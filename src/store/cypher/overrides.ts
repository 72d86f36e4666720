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

/** @param event id of the event that recorded it */
export function projectOverride(patient: string, event: string, { id, ...props }: StoredOverride): Statement {
  return statement(
    'project.override',
    'MATCH (p:Patient {id: $patient}) MERGE (o:Override {id: $id}) SET o += $props MERGE (p)-[:OVERRODE]->(o)',
    {
      patient,
      id,
      props: { ...props, event },
    },
  );
}

const FIELDS = 'o {.id, .subject, .key, .shown, .reason, .note, .instead, .recordedAt, .actor} AS override';

export function overrideOfEvent(event: string): Statement {
  return statement('override.ofEvent', `MATCH (o:Override {event: $event}) RETURN ${FIELDS}`, { event });
}

/** The newest first. */
export function overridesOf(patient: string, first: number): Statement {
  return statement(
    'patient.overrides',
    `MATCH (p:Patient {id: $patient})-[:OVERRODE]->(o:Override)
     RETURN ${FIELDS}
     ORDER BY o.recordedAt DESC, o.id LIMIT $limit`,
    { patient, limit: first },
  );
}

export function readOverride(row: Row): StoredOverride {
  return { note: null, instead: null, ...(row['override'] as Omit<StoredOverride, 'note' | 'instead'>) };
}
