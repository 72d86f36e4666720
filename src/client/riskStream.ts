/**
 * A small typed subscription client: risk events of a running server over graphql-transport-ws, resumed from the last
 * cursor after a lost connection, so that nothing is missed and nothing comes twice.
 */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

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

export interface RiskStep {
  readonly cursor: string;
  readonly event: RiskChange | null;
}

export interface RiskStreamOptions {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  readonly patientIds?: readonly string[];
  readonly models?: readonly string[];
  readonly after?: string;
  readonly signal?: AbortSignal;
}

const SUBSCRIPTION = `subscription Watch($patientIds: [ID!], $models: [String!], $after: String) {
  patientRiskChanged(patientIds: $patientIds, models: $models, after: $after) {
    cursor
    event {
      id cause status unit previous value delta observedAt recordedAt
      patient { id identifier } model { name }
      because { feature label value contribution }
    }
  }
}`;

const RETRY_MS = 1000;

/** A refusal by the server (a bad cursor, an unknown model): going on with the same request cannot help. */
export class StreamRefused extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

interface RefusedError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** Passes the errors of the API on as StreamRefused, whether they come in a result or end the subscription. */
function refuse(errors: unknown): void {
  const [refusal] = Array.isArray(errors) ? (errors as RefusedError[]) : [];
  if (refusal) throw new StreamRefused(refusal.message, refusal.extensions?.code ?? 'INTERNAL');
}

/** One connection, until it ends. */
async function* connectOnce(options: RiskStreamOptions, after: string | undefined): AsyncGenerator<RiskStep> {
  const client = createClient({
    url: options.url.replace(/^http/, 'ws').replace(/\/?$/, '/graphql'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const close = () => void client.dispose();
  options.signal?.addEventListener('abort', close);
  try {
    const variables = { patientIds: options.patientIds ?? null, models: options.models ?? null, after: after ?? null };
    for await (const result of client.iterate<{ patientRiskChanged: RiskStep }>({ query: SUBSCRIPTION, variables })) {
      refuse(result.errors);
      if (result.data) yield result.data.patientRiskChanged;
    }
  } catch (error) {
    refuse(error);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', close);
    close();
  }
}

/** Steps of the stream until `signal` aborts. Throws StreamRefused where the server refuses the request. */
export async function* riskChanges(options: RiskStreamOptions): AsyncGenerator<RiskStep> {
  let after = options.after;
  while (!options.signal?.aborted) {
    try {
      for await (const step of connectOnce(options, after)) {
        after = step.cursor;
        yield step;
      }
    } catch (error) {
      if (error instanceof StreamRefused) throw error;
    }
    if (!options.signal?.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
