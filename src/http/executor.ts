/**
 * Executes operations with plans compiled by graphql-jit instead of Apollo's own executor (see
 * docs/adr/0002-executor.md for the figures). Plans are kept in a bounded cache, filled only after the limits passed.
 */
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { AuditedDocuments } from '../graphql/auditedDocuments.ts';
import type { Context } from '../graphql/context.ts';
import { refusedVariables } from '../graphql/refusedVariables.ts';
import { TIME_LIMIT_MS, withinTime } from './timeLimit.ts';

/** A plan takes about 0.1 MB; so many are kept. */
const MAX_PLANS = 200;

function compiled(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): CompiledQuery {
  const plan = compileQuery(schema, document, operationName ?? undefined);
  if (isCompiledQuery(plan)) return plan;
  throw plan.errors?.[0] ?? new GraphQLError('The operation cannot be compiled.');
}

/**
 * graphql-jit's errors are of a class of its own without `extensions`, and a bad variable comes as a plain error
 * without a path: both are put into the form that Apollo expects.
 */
function standardErrors(errors: readonly GraphQLError[]): GraphQLError[] {
  return errors.map((error) => {
    const { message, path } = error;
    // Without a path nothing was resolved yet: a variable was refused, by graphql-jit or by a scalar of ours.
    const cause = path === undefined ? null : (error.originalError ?? null);
    const extensions = path === undefined ? { code: 'BAD_USER_INPUT' } : (error.extensions ?? {});
    return new GraphQLError(message, {
      nodes: error.nodes ?? null,
      ...(path === undefined ? {} : { path }),
      originalError: cause,
      extensions,
    });
  });
}

/** Apollo's hook for another executor. */
export function compiledExecutor(schema: GraphQLSchema, timeLimitMs = TIME_LIMIT_MS): GatewayInterface {
  const plans = new LRUCache<string, CompiledQuery>({ max: MAX_PLANS });
  const audited = new AuditedDocuments(schema);
  return {
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      executor: async ({ document, queryHash, operationName, context, request }) => {
        const key = `${queryHash}|${operationName ?? ''}`;
        let plan = plans.get(key);
        if (!plan) {
          plan = compiled(schema, document, operationName);
          plans.set(key, plan);
        }
        const { cancellation } = context as Context;
        const variables = request.variables ?? {};
        const record = () => audited.record({ document, hash: queryHash, operationName: operationName ?? null }, context as Context);
        const result = await withinTime(plan.query({}, context, variables), { document, operationName }, timeLimitMs, cancellation).finally(
          record,
        );
        if (!result.errors) return result;
        const isRefused = result.errors.some(({ path }) => path === undefined);
        const refused = isRefused ? refusedVariables(schema, document, operationName, variables) : [];
        return { ...result, errors: refused.length > 0 ? refused : standardErrors(result.errors) };
      },
    }),
    stop: async () => undefined,
  };
}
