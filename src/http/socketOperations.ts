/** What is asked over a socket and how it is answered: documents read and checked, operations executed, subscriptions held. */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import type { AuditedDocuments } from '../graphql/auditedDocuments.ts';
import type { Context } from '../graphql/context.ts';
import type { StreamItem } from '../graphql/eventStream.ts';
import { LIMIT_RULES, LIMITS, lengthError } from '../graphql/limits.ts';
import { AuditedStream } from './auditedStream.ts';
import { type Delivering, type DeliveryArgs, deliver } from './delivery.ts';
import { Held } from './held.ts';
import type { OperationCheck } from './operationCheck.ts';
import { TIME_LIMIT_MS, withinTime } from './timeLimit.ts';

const MOST_DOCUMENTS = 200;
/** Of a subscription and its variables: a thousand patients fit. */
const MOST_CHARACTERS = 150_000;

/** A failure as an answer has it, with what says its code. */
export function answered(error: Error): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
}

export interface Message {
  readonly query: string;
  readonly hash: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

type Read = Pick<Message, 'query' | 'hash'>;

/** Reads documents; those that were valid are remembered by their hash: many subscribers send the same one. Throws GraphQLError. */
export function documentReader(schema: GraphQLSchema): (read: Read) => DocumentNode | readonly GraphQLError[] {
  const valid = new LRUCache<string, DocumentNode>({ max: MOST_DOCUMENTS });
  return ({ query, hash }) => {
    const known = valid.get(hash);
    if (known) return known;
    const tooLong = lengthError(query);
    if (tooLong) throw tooLong;
    const document = parse(query, { maxTokens: LIMITS.tokens });
    // What is too much is not held against the rules of GraphQL (firstLook.ts).
    const tooMuch = validate(schema, document, LIMIT_RULES);
    const errors = tooMuch.length > 0 ? tooMuch : validate(schema, document, specifiedRules);
    if (errors.length > 0) return errors;
    // Kept without its places and comments: a subscription may hold it for hours.
    const kept = parse(query, { maxTokens: LIMITS.tokens, noLocation: true });
    valid.set(hash, kept);
    return kept;
  };
}

type Checked = Pick<DeliveryArgs, 'document' | 'cost' | 'size'> & { readonly variableValues: Record<string, unknown> };

/** The variables that the operation declares: others are never looked at, and are not to be kept. */
function declared(document: DocumentNode, { operationName, variables }: Message): Record<string, unknown> {
  const names = getOperationAST(document, operationName)?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  return Object.fromEntries(names.flatMap((name) => (name in variables ? [[name, variables[name]]] : [])));
}

/** The document, or what is wrong with it: graphql-ws validates by itself, so the limits are given to it here. */
export function checkDocument(
  message: Message,
  readDocument: ReturnType<typeof documentReader>,
  check: OperationCheck,
  actor: Actor,
): Checked | readonly GraphQLError[] {
  try {
    const document = readDocument(message);
    if (!('kind' in document)) return document;
    const variableValues = declared(document, message);
    const size = message.query.length + JSON.stringify(variableValues).length;
    return { document, cost: check.admit({ ...message, document, actor }), size, variableValues };
  } catch (error) {
    return [answered(error as Error)];
  }
}

const tooMuchHeld = (size: number) =>
  answered(
    size > MOST_CHARACTERS
      ? new AvicennaError('QUERY_TOO_COMPLEX', `A subscription has at most ${MOST_CHARACTERS} characters with its variables.`)
      : new AvicennaError('TOO_MANY_OPERATIONS', 'The server holds as many subscriptions as it can: try again, with a smaller document.'),
  );

type Answers = AsyncIterableIterator<ExecutionResult> | ExecutionResult;

/**
 * The answers to a subscription, each event in a context of its own: what is read for one is not kept for the next, which
 * may come hours later.
 */
async function subscribeAfresh(args: DeliveryArgs, documents: AuditedDocuments, delivering: Omit<Delivering, 'audited'>): Promise<Answers> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const items = source[Symbol.asyncIterator]() as AsyncIterator<StreamItem<unknown>>;
  const { document, hash, operationName = null } = args;
  const audited = new AuditedStream(args.contextValue as Context, documents.of({ document, hash }), operationName);
  try {
    await audited.started();
  } catch (error) {
    await items.return?.();
    return { errors: [answered(error as Error)] };
  }
  return deliver(args, items, { ...delivering, audited });
}

/** As long as it is open a subscription holds what was sent for it: so much, and no more, of all together. */
export function subscriptions(documents: AuditedDocuments, formatErrors: Delivering['formatErrors']) {
  const held = new Held();
  return async (args: DeliveryArgs): Promise<Answers> => {
    const release = args.size > MOST_CHARACTERS ? null : held.take(args.size);
    if (!release) return { errors: [tooMuchHeld(args.size)] };
    const answers = await subscribeAfresh(args, documents, { formatErrors, release }).catch((error: unknown) => {
      release();
      throw error;
    });
    if (!(Symbol.asyncIterator in answers)) release();
    return answers;
  };
}

export interface Executing {
  readonly check: OperationCheck;
  readonly timeLimitMs?: number | undefined;
}

/** An operation that is no subscription: what it came to see is written down before it is answered. */
export async function executeAudited(
  args: DeliveryArgs,
  documents: AuditedDocuments,
  { check, timeLimitMs = TIME_LIMIT_MS }: Executing,
): Promise<ExecutionResult> {
  const { document, hash, cost: requested, operationName = null } = args;
  const context = args.contextValue as Context;
  const record = () => documents.record({ document, hash, operationName }, context);
  const { running } = args.destination;
  running.add(context.cancellation);
  try {
    const result = await withinTime(execute(args), args, timeLimitMs, context.cancellation).finally(record);
    const cost = check.settle(context.actor, requested, { data: result.data, document, operationName });
    return { ...result, extensions: { ...result.extensions, cost } };
  } catch (error) {
    return { errors: [answered(error as Error)] };
  } finally {
    running.delete(context.cancellation);
  }
}
