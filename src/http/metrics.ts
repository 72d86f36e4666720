import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted. No label carries patient data: operations by kind, results by code. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'kind' | 'result'>;
  readonly seconds: Histogram<'kind'>;
}

export interface Gauged {
  readonly projectedSeq: () => number;
  readonly openSockets: () => number;
  readonly openRequests: () => number;
  readonly emergencies: () => number;
}

export function makeMetrics(gauged: Gauged): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('avicenna_projected_sequence', 'Sequence of the last event written into the graph', gauged.projectedSeq);
  gauge('avicenna_websockets', 'Open WebSocket connections', gauged.openSockets);
  gauge('avicenna_http_requests_open', 'HTTP requests that have come in and are not yet answered, this one included', gauged.openRequests);
  new Counter({
    name: 'avicenna_emergency_openings_total',
    help: 'Records opened in an emergency (breakGlass) since the start: each is to be looked into',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(gauged.emergencies());
    },
  });
  return {
    registry,
    requests: new Counter({
      name: 'avicenna_graphql_requests_total',
      help: 'GraphQL requests by operation kind and result',
      labelNames: ['kind', 'result'],
      registers: [registry],
    }),
    seconds: new Histogram({
      name: 'avicenna_graphql_seconds',
      help: 'Time to answer a GraphQL request',
      labelNames: ['kind'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers: [registry],
    }),
  };
}
