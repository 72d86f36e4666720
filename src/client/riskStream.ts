/** Risk events of a running server. */
import { resumedStream, type Step, type StreamOptions } from './resumedStream.ts';

export interface RiskChange {
  readonly id: string;
  readonly patient: { readonly id: string; readonly identifier: string | null } | null;
  readonly model: { readonly name: string };
  /** SHA-256 of the model file that said so. */
  readonly modelDigest: string;
  readonly cause: string;
  /** Of a correction: the risk event whose answer stood for `observedAt` before. */
  readonly replaces: string | null;
  readonly status: string;
  readonly category: string | null;
  /** Thresholds of alert rules that lie between the two answers. */
  readonly crossed: readonly { readonly rule: string; readonly direction: string; readonly value: number }[];
  readonly observationIds: readonly string[];
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
      id modelDigest cause replaces status category unit previous value delta observationIds observedAt recordedAt
      crossed { rule direction value }
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
