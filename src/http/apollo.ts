import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { type FormattedExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { ToldCost } from '../graphql/actualCost.ts';
import type { Context } from '../graphql/context.ts';
import { formatError, type Report } from '../graphql/formatError.ts';
import { LIMITS } from '../graphql/limits.ts';
import { compiledExecutor } from './executor.ts';
import { mayIntrospect, withoutSuggestion } from './introspection.ts';
import type { Metrics } from './metrics.ts';
import type { OperationCheck } from './operationCheck.ts';

function subscriptionOverHttp(): GraphQLError {
  const message = 'A subscription is served over the WebSocket at /graphql (graphql-transport-ws), not over HTTP.';
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

/** Who accepts `application/json` only is answered with 200 where the document is wrong (GraphQL over HTTP, "application/json"). */
const isOlderClient = (accept = '') => accept.includes('application/json') && !accept.includes('application/graphql-response+json');

const REQUEST_ERRORS: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);
const isOfRequest = ({ extensions }: GraphQLError) => REQUEST_ERRORS.has(extensions['code']);

/** An answer as it leaves: with its cost, and with no word on the schema to those who may not ask for it. */
function complete(result: FormattedExecutionResult, cost: ToldCost | null, tellsSchema: boolean): void {
  if (!tellsSchema) for (const error of result.errors ?? []) Object.assign(error, { message: withoutSuggestion(error.message) });
  if (cost) Object.assign(result, { extensions: { ...result.extensions, cost } });
}

/** Cost before execution, `extensions.cost` after it, and the request's figures. */
function costAndMetrics(check: OperationCheck, metrics: Metrics): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const startedAt = process.hrtime.bigint();
      let requested = 0;
      let kind = 'unknown';
      return {
        async didResolveOperation({ document, request, operationName, queryHash, operation, contextValue }) {
          kind = operation?.operation ?? kind;
          if (kind === 'subscription') throw subscriptionOverHttp();
          const { actor } = contextValue;
          requested = check.admit({ document, operationName, variables: request.variables ?? {}, hash: queryHash, actor });
        },
        async willSendResponse({ request, response, errors, contextValue, operationName, document }) {
          metrics.seconds.observe({ kind }, Number(process.hrtime.bigint() - startedAt) / 1e9);
          metrics.requests.inc({ kind, result: errors && errors.length > 0 ? 'errors' : 'ok' });
          if (isOlderClient(request.http?.headers.get('accept')) && errors?.every(isOfRequest)) response.http.status = 200;
          if (response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          const { actor } = contextValue;
          const isCounted = document && requested > 0;
          const cost = isCounted ? check.settle(actor, requested, { data: singleResult.data, document, operationName }) : null;
          complete(singleResult, cost, mayIntrospect(actor));
        },
      };
    },
  };
}

/** What is logged of a failure: its kind and code. A message may quote a value, so it is not. */
export function reportTo(log: Logger): Report {
  return (error, id) => {
    const { name, code, stack } = (error ?? {}) as { name?: string; code?: string; stack?: string };
    const frames = stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .slice(0, 6);
    log.error({ id, name, code, frames }, 'a request failed');
  };
}

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly check: OperationCheck;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly timeLimitMs: number | undefined;
}

export function makeApollo({ schema, check, log, metrics, timeLimitMs }: ApolloParts): ApolloServer<Context> {
  const report = reportTo(log);
  return new ApolloServer<Context>({
    gateway: compiledExecutor(schema, timeLimitMs),
    introspection: true,
    parseOptions: { maxTokens: LIMITS.tokens },
    // A token in the header is what no page can have a browser send by itself.
    csrfPrevention: { requestHeaders: ['x-apollo-operation-name', 'apollo-require-preflight', 'authorization'] },
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: false,
    persistedQueries: false,
    formatError: (formatted, error) => formatError(formatted, error, report),
    plugins: [costAndMetrics(check, metrics), ApolloServerPluginCacheControlDisabled()],
    stringifyResult: (result) => JSON.stringify(result),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => log.warn(String(message)),
      error: (message) => log.error(String(message)),
    },
  });
}
