import type { Server } from 'node:http';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { DEMO_ACTOR } from '../access/actor.ts';
import { makeContext, type Platform } from '../graphql/context.ts';
import { formatExecutionError } from '../graphql/formatError.ts';
import { costError, costOf, LIMIT_RULES, LIMITS } from '../graphql/limits.ts';
import { hashOf, reportTo } from './apollo.ts';

const MAX_MESSAGE_BYTES = 1_000_000;
const KEEP_ALIVE_MS = 12_000;

/** The document, or what is wrong with it: graphql-ws validates by itself, so the limits are given to it here. */
function checkDocument(
  schema: GraphQLSchema,
  query: string,
  variables: Record<string, unknown>,
  operationName: string | null,
): DocumentNode | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: LIMITS.tokens });
  } catch (error) {
    return [error as GraphQLError];
  }
  const errors = validate(schema, document, [...specifiedRules, ...LIMIT_RULES]);
  if (errors.length > 0) return errors;
  try {
    const tooCostly = costError(costOf(schema, document, variables, operationName, hashOf(query)));
    return tooCostly ? [tooCostly] : document;
  } catch (error) {
    return [error as GraphQLError];
  }
}

/**
 * The answers to a subscription, each event in a context of its own: what is read for one is not kept for the next, which
 * may come hours later.
 */
async function subscribeAfresh(
  args: ExecutionArgs,
  newContext: () => unknown,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const answered = async ({ done, value }: IteratorResult<unknown>): Promise<IteratorResult<ExecutionResult>> =>
    done ? { done, value: undefined } : { done: false, value: await execute({ ...args, rootValue: value, contextValue: newContext() }) };
  const answers: AsyncIterableIterator<ExecutionResult> = {
    next: async () => answered(await events.next()),
    return: async () => {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => answers,
  };
  return answers;
}

/** Subscriptions (and any other operation) over graphql-transport-ws on `/graphql`. */
export function serveWebSocket(
  server: Server,
  schema: GraphQLSchema,
  platform: Platform,
  log: Logger,
): { readonly open: () => number; close(): Promise<void> } {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: MAX_MESSAGE_BYTES });
  const report = reportTo(log);
  const newContext = () => makeContext(platform, DEMO_ACTOR);
  const disposable = useServer(
    {
      schema,
      execute,
      subscribe: (args) => subscribeAfresh(args, newContext),
      onSubscribe: (_context, _id, { query, variables, operationName }) => {
        const checked = checkDocument(schema, query, variables ?? {}, operationName ?? null);
        if (Array.isArray(checked)) return checked as readonly GraphQLError[];
        const document = checked as DocumentNode;
        return {
          schema,
          document,
          variableValues: variables ?? {},
          operationName: operationName ?? null,
          contextValue: newContext(),
        };
      },
      onError: (_context, _id, _payload, errors) => errors.map((error) => formatExecutionError(error as GraphQLError, report)),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors
          ? { data: result.data ?? null, errors: result.errors.map((error) => formatExecutionError(error as GraphQLError, report)) }
          : undefined,
    },
    sockets,
    KEEP_ALIVE_MS,
  );
  return { open: () => sockets.clients.size, close: async () => disposable.dispose() };
}
