import { createHash } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../graphql/context.ts';
import { formatError } from '../graphql/formatError.ts';
import { costError, costOf, LIMIT_RULES, LIMITS } from '../graphql/limits.ts';
import { compiledExecutor } from './executor.ts';
import type { Metrics } from './metrics.ts';

function subscriptionOverHttp(): GraphQLError {
  const message = 'A subscription is served over the WebSocket at /graphql (graphql-transport-ws), not over HTTP.';
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

/** Cost before execution, `extensions.cost` after it, and the request's figures. */
function costAndMetrics(schema: GraphQLSchema, metrics: Metrics): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const startedAt = process.hrtime.bigint();
      let requested = 0;
      let kind = 'unknown';
      return {
        async didResolveOperation({ document, request, operationName, queryHash, operation }) {
          kind = operation?.operation ?? kind;
          if (kind === 'subscription') throw subscriptionOverHttp();
          requested = costOf(schema, document, request.variables ?? {}, operationName, queryHash);
          const error = costError(requested);
          if (error) throw error;
        },
        async willSendResponse({ response, errors }) {
          metrics.seconds.observe({ kind }, Number(process.hrtime.bigint() - startedAt) / 1e9);
          metrics.requests.inc({ kind, result: errors && errors.length > 0 ? 'errors' : 'ok' });
          if (response.body.kind === 'single' && requested > 0) {
            response.body.singleResult.extensions = { ...response.body.singleResult.extensions, cost: { requested, limit: LIMITS.cost } };
          }
        },
      };
    },
  };
}

/** What is logged of a failure: its kind and code. A message may quote a value, so it is not. */
export function reportTo(log: Logger): (error: unknown) => void {
  return (error) => {
    const { name, code, stack } = (error ?? {}) as { name?: string; code?: string; stack?: string };
    const frames = stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .slice(0, 6);
    log.error({ name, code, frames }, 'a request failed');
  };
}

export function makeApollo(schema: GraphQLSchema, log: Logger, metrics: Metrics): ApolloServer<Context> {
  const report = reportTo(log);
  return new ApolloServer<Context>({
    gateway: compiledExecutor(schema),
    introspection: true,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [...LIMIT_RULES],
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: false,
    persistedQueries: false,
    formatError: (formatted, error) => formatError(formatted, error, report),
    plugins: [costAndMetrics(schema, metrics), ApolloServerPluginCacheControlDisabled()],
    stringifyResult: (result) => JSON.stringify(result),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => log.warn(String(message)),
      error: (message) => log.error(String(message)),
    },
  });
}

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
