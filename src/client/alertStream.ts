/** What happens to the alerts of a running server. */
import { resumedStream, type Step, type StreamOptions } from './resumedStream.ts';

export interface AlertChanged {
  readonly id: string;
  readonly change: 'RAISED' | 'ESCALATED' | 'ACKNOWLEDGED' | 'CONDITION_ENDED' | 'CONDITION_RETURNED' | 'CLEARED';
  readonly recordedAt: string;
  readonly alert: {
    readonly id: string;
    readonly rule: string;
    readonly title: string;
    readonly severity: 'INFO' | 'WARNING' | 'CRITICAL';
    readonly status: 'RAISED' | 'ESCALATED' | 'ACKNOWLEDGED' | 'CLEARED';
    readonly condition: string;
    readonly notify: string;
    readonly value: number | null;
    readonly unit: string | null;
    readonly category: string | null;
    readonly patient: { readonly id: string; readonly identifier: string | null } | null;
  };
}

export type AlertStep = Step<AlertChanged>;

export interface AlertStreamOptions extends StreamOptions {
  readonly patientIds?: readonly string[];
  /** The least urgent that is told. */
  readonly minSeverity?: 'INFO' | 'WARNING' | 'CRITICAL';
}

const SUBSCRIPTION = `subscription WatchAlerts($patientIds: [ID!], $minSeverity: AlertSeverity, $after: String) {
  alertRaised(patientIds: $patientIds, minSeverity: $minSeverity, after: $after) {
    cursor
    event {
      id change recordedAt
      alert { id rule title severity status condition notify value unit category patient { id identifier } }
    }
  }
}`;

/** Steps of the stream until `signal` aborts. Throws StreamRefused where the server refuses the request. */
export function alertChanges(options: AlertStreamOptions): AsyncGenerator<AlertStep> {
  const { patientIds = null, minSeverity = null } = options;
  return resumedStream<AlertChanged>(options, { field: 'alertRaised', query: SUBSCRIPTION, variables: { patientIds, minSeverity } });
}
