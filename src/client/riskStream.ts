/** Risk events of a running server. */
import { resumedStream, type Step, type StreamOptions } from './resumedStream.ts';

export interface RiskChange {
  readonly id: string;
  readonly patient: { readonly id: string; readonly identifier: string | null } | null;
  readonly model: { readonly name: string };
  readonly cause: string;
  readonly status: string;
  readonly unit: string;
  readonly previous: number | null;
  readonly value: number | null;
  readonly delta: number | null;
  readonly because: readonly {
    readonly feature: string;
    readonly label: string;
    readonly value: string | null;
    readonly contribution: number;
  }[];
  readonly observedAt: string;
  readonly recordedAt: string;
}

export type RiskStep = Step<RiskChange>;

export interface RiskStreamOptions extends StreamOptions {
  readonly patientIds?: readonly string[];
  readonly models?: readonly string[];
  /** Smallest change to be told, in the model's unit. */
  readonly minChange?: number;
}

const SUBSCRIPTION = `subscription Watch($patientIds: [ID!], $models: [String!], $minChange: Float, $after: String) {
  patientRiskChanged(patientIds: $patientIds, models: $models, minChange: $minChange, after: $after) {
    cursor
    event {
      id cause status unit previous value delta observedAt recordedAt
      patient { id identifier } model { name }
      because { feature label value contribution }
    }
  }
}`;

/** Steps of the stream until `signal` aborts. Throws StreamRefused where the server refuses the request. */
export function riskChanges(options: RiskStreamOptions): AsyncGenerator<RiskStep> {
  const { patientIds = null, models = null, minChange = null } = options;
  return resumedStream<RiskChange>(options, {
    field: 'patientRiskChanged',
    query: SUBSCRIPTION,
    variables: { patientIds, models, minChange },
  });
}
