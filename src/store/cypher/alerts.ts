/** Alerts as they lie in the graph: one node an alert, with its last event as JSON; `latest` marks the last of its rule. */
import { type Row, type Statement, statement } from '../graphStore.ts';
import { padSeq, unpadSeq } from './risk.ts';

export interface StoredAlert {
  readonly id: string;
  readonly patient: string;
  readonly rule: string;
  readonly severity: string;
  /** Position of its last event in the log, decimal text. */
  readonly seq: string;
  /** The payload of its last event as JSON. */
  readonly payload: string;
  readonly acknowledged: { readonly at: string; readonly by: string; readonly note: string | null } | null;
}

/** What the projection makes of one event of an alert. */
export interface AlertWrite extends Pick<StoredAlert, 'id' | 'patient' | 'rule' | 'severity' | 'seq' | 'payload'> {
  /** Whether people have been told of it: what is pending or was withdrawn is not listed. */
  readonly told: boolean;
  readonly over: boolean;
  readonly conditionEnded: boolean;
}

const FIELDS = 'a {.id, .patient, .rule, .severity, .seq, .payload, .acknowledgedAt, .acknowledgedBy, .note} AS alert';

export function readAlert(row: Row): StoredAlert {
  const {
    acknowledgedAt: at,
    acknowledgedBy: by,
    note,
    ...alert
  } = row['alert'] as Omit<StoredAlert, 'acknowledged'> & {
    readonly acknowledgedAt?: string | null;
    readonly acknowledgedBy?: string | null;
    readonly note?: string | null;
  };
  return { ...alert, seq: unpadSeq(alert.seq), acknowledged: at ? { at, by: by ?? '', note: note ?? null } : null };
}

/** The statements that write one event of an alert. */
export function projectAlert({ over, ...alert }: AlertWrite): Statement[] {
  const { patient, rule, id } = alert;
  return [
    statement(
      'project.alert.latest',
      'MATCH (p:Patient {id: $patient})-[:HAS_ALERT]->(a:Alert) WHERE a.rule = $rule AND a.latest SET a.latest = false',
      { patient, rule },
    ),
    statement(
      'project.alert',
      `MATCH (p:Patient {id: $patient}) MERGE (a:Alert {id: $id}) SET a += $props MERGE (p)-[:HAS_ALERT]->(a)
       SET a.over = $over OR (a.conditionEnded AND a.acknowledgedAt IS NOT NULL)`,
      { patient, id, over, props: { ...alert, seq: padSeq(alert.seq), latest: true } },
    ),
  ];
}

/** An alert whose condition has ended already is over with its acknowledgement. */
export function projectAcknowledged(alert: string, at: string, by: string, note: string | null): Statement {
  return statement(
    'project.alert.acknowledged',
    `MATCH (a:Alert {id: $alert}) SET a.acknowledgedAt = $at, a.acknowledgedBy = $by, a.note = $note,
     a.over = CASE WHEN a.conditionEnded THEN true ELSE a.over END`,
    { alert, at, by, note },
  );
}

/** The last alert of each rule for one patient. */
export function latestAlerts(patient: string): Statement {
  return statement('alert.latest', `MATCH (p:Patient {id: $patient})-[:HAS_ALERT]->(a:Alert) WHERE a.latest RETURN ${FIELDS}`, { patient });
}

/** The last alerts that time may change, and those that are not over. */
export function unfinishedAlerts(): Statement {
  return statement('alert.unfinished', `MATCH (a:Alert) WHERE a.latest AND NOT a.over RETURN ${FIELDS}`);
}

export interface AlertFilter {
  readonly patient?: string | null;
  /** Only these severities; null for all. */
  readonly severities?: readonly string[] | null;
  readonly open?: boolean;
}

function selection({ patient, severities, open }: AlertFilter, more: readonly string[] = []): string {
  const start = patient ? 'MATCH (p:Patient {id: $patient})-[:HAS_ALERT]->(a:Alert)' : 'MATCH (a:Alert)';
  const conditions = ['a.told', ...(severities ? ['a.severity IN $severities'] : []), ...(open ? ['NOT a.over'] : []), ...more];
  return `${start} WHERE ${conditions.join(' AND ')}`;
}

const parameters = ({ patient, severities }: AlertFilter) => ({ patient: patient ?? '', severities: severities ?? [] });

/** Alerts that people were told of, last changed first. */
export function alerts(filter: AlertFilter, afterSeq: string | null, first: number): Statement {
  return statement(
    'alert.list',
    `${selection(filter, afterSeq ? ['a.seq < $after'] : [])} RETURN ${FIELDS} ORDER BY a.seq DESC LIMIT $limit`,
    { ...parameters(filter), after: padSeq(afterSeq ?? '0'), limit: first + 1 },
  );
}

/** Whose the alerts are, and their last events: by these it is decided which count. */
export function alertCounts(filter: AlertFilter): Statement {
  return statement('alert.count', `${selection(filter)} RETURN a.patient AS patient, a.payload AS payload`, parameters(filter));
}

/** One alert that people were told of. */
export function alertById(id: string): Statement {
  return statement('alert.one', `MATCH (a:Alert {id: $id}) WHERE a.told RETURN ${FIELDS}`, { id });
}
