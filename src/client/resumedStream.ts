/**
 * A stream of a running server over graphql-transport-ws, resumed from the last cursor after a lost connection, so that
 * nothing is missed and nothing comes twice.
 */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Step<T> {
  /** Keep it: a stream that is opened with it goes on exactly here. */
  readonly cursor: string;
  /** Null for a checkpoint: nothing up to the cursor. */
  readonly event: T | null;
}

export interface StreamOptions {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** A bearer token; a function where it may be another at the next connection. */
  readonly token?: string | (() => string | undefined);
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Told once each time that the connection is lost, or cannot be made: the stream goes on by itself when it can. */
  readonly onInterrupted?: () => void;
}

/** A subscription with an argument `after`. */
export interface Subscription {
  readonly field: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const RETRY_MS = 1000;
/** Errors that pass: the stream goes on with its last cursor. */
const PASSING: ReadonlySet<string> = new Set(['GRAPH_UNAVAILABLE', 'LOG_UNAVAILABLE']);

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

/** Close code of a connection whose token is not valid, or no longer (PROTOCOL.md). */
const UNAUTHENTICATED = 4401;

/** Passes the errors of the API on as StreamRefused, whether they come in a result, end the subscription or close the connection. */
function refuse(errors: unknown): void {
  const { code, reason } = (errors ?? {}) as { readonly code?: unknown; readonly reason?: unknown };
  if (code === UNAUTHENTICATED) throw new StreamRefused(String(reason ?? 'not authenticated'), 'UNAUTHENTICATED');
  const [refusal] = Array.isArray(errors) ? (errors as RefusedError[]) : [];
  if (refusal) throw new StreamRefused(refusal.message, refusal.extensions?.code ?? 'INTERNAL');
}

/** One connection, until it ends. */
async function* connectOnce<T>(
  { url, signal, token }: StreamOptions,
  { field, query, variables }: Subscription,
  after: string | undefined,
): AsyncGenerator<Step<T>> {
  const client = createClient({
    url: url.replace(/^http/, 'ws').replace(/\/?$/, '/graphql'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: () => {
      const bearer = typeof token === 'function' ? token() : token;
      return bearer ? { authorization: `Bearer ${bearer}` } : {};
    },
  });
  const close = () => void client.dispose();
  signal?.addEventListener('abort', close);
  try {
    for await (const result of client.iterate<Record<string, Step<T>>>({ query, variables: { ...variables, after: after ?? null } })) {
      refuse(result.errors);
      const step = result.data?.[field];
      if (step) yield step;
    }
  } catch (error) {
    refuse(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

/** Steps of the stream until `signal` aborts. Throws StreamRefused where the server refuses the request. */
export async function* resumedStream<T>(options: StreamOptions, subscription: Subscription): AsyncGenerator<Step<T>> {
  let after = options.after;
  let interrupted = false;
  while (!options.signal?.aborted) {
    try {
      for await (const step of connectOnce<T>(options, subscription, after)) {
        after = step.cursor;
        interrupted = false;
        yield step;
      }
    } catch (error) {
      if (error instanceof StreamRefused && !PASSING.has(error.code)) throw error;
    }
    if (!options.signal?.aborted && !interrupted) options.onInterrupted?.();
    interrupted = true;
    if (!options.signal?.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
