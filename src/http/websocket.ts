import type { IncomingMessage, Server } from 'node:http';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import { AuditedDocuments } from '../graphql/auditedDocuments.ts';
import type { Cancellation } from '../graphql/cancellation.ts';
import { type Context, makeContext, type Platform } from '../graphql/context.ts';
import type { StreamItem } from '../graphql/eventStream.ts';
import { formatExecutionError } from '../graphql/formatError.ts';
import { LIMIT_RULES, LIMITS, lengthError } from '../graphql/limits.ts';
import { sha256Of } from '../sha256.ts';
import { type AdmissionOptions, isAdmitted } from './admission.ts';
import { reportTo } from './apollo.ts';
import { AuditedStream } from './auditedStream.ts';
import { type Delivering, type DeliveryArgs, deliver } from './delivery.ts';
import type { Identity } from './identity.ts';
import { mayIntrospect, withoutSuggestion } from './introspection.ts';
import type { OperationCheck } from './operationCheck.ts';
import { withoutPrototypes } from './prototypeKeys.ts';
import { dropStalled } from './stalled.ts';
import { TIME_LIMIT_MS, withinTime } from './timeLimit.ts';

const MAX_MESSAGE_BYTES = 1_000_000;
const KEEP_ALIVE_MS = 12_000;
const MOST_DOCUMENTS = 200;
/** Subscriptions, and operations under way, on one connection. */
const MOST_AT_ONCE = 100;

type Read = Pick<Message, 'query' | 'hash'>;

/** Reads documents; those that were valid are remembered by their hash: many subscribers send the same one. Throws GraphQLError. */
function documentReader(schema: GraphQLSchema): (read: Read) => DocumentNode | readonly GraphQLError[] {
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
    valid.set(hash, document);
    return document;
  };
}

/** A failure as an answer has it, with what says its code. */
function answered(error: Error): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
}

const tooMany = () =>
  answered(new AvicennaError('TOO_MANY_OPERATIONS', `At most ${MOST_AT_ONCE} operations at once on one connection: open another.`));

interface Message {
  readonly query: string;
  readonly hash: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

/** The document, or what is wrong with it: graphql-ws validates by itself, so the limits are given to it here. */
function checkDocument(
  message: Message,
  readDocument: ReturnType<typeof documentReader>,
  check: OperationCheck,
  actor: Actor,
): { readonly document: DocumentNode; readonly cost: number } | readonly GraphQLError[] {
  try {
    const document = readDocument(message);
    if (!('kind' in document)) return document;
    return { document, cost: check.admit({ ...message, document, actor }) };
  } catch (error) {
    return [answered(error as Error)];
  }
}

/**
 * The answers to a subscription, each event in a context of its own: what is read for one is not kept for the next, which
 * may come hours later.
 */
async function subscribeAfresh(
  args: DeliveryArgs,
  documents: AuditedDocuments,
  delivering: Omit<Delivering, 'audited'>,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const { document, hash, operationName = null } = args;
  const audited = new AuditedStream(args.contextValue as Context, documents.of({ document, hash }), operationName);
  const refused = await audited.started().then(
    () => null,
    (error: Error) => ({ errors: [answered(error)] }),
  );
  if (refused) return refused;
  return deliver(args, source[Symbol.asyncIterator]() as AsyncIterator<StreamItem<unknown>>, { ...delivering, audited });
}

/** An operation that is no subscription: what it came to see is written down before it is answered. */
async function executeAudited(
  args: DeliveryArgs,
  documents: AuditedDocuments,
  { check, timeLimitMs = TIME_LIMIT_MS }: Pick<WebSocketParts, 'check' | 'timeLimitMs'>,
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

/** Errors of a document as they are told to whoever sent it. */
function forActor(errors: readonly GraphQLError[], actor: Actor): readonly GraphQLError[] {
  if (mayIntrospect(actor)) return errors;
  return errors.map(
    ({ message, nodes = null, extensions, originalError = null }) =>
      new GraphQLError(withoutSuggestion(message), { nodes, extensions, originalError }),
  );
}

export interface WebSocketParts {
  readonly schema: GraphQLSchema;
  readonly platform: Platform;
  readonly log: Logger;
  readonly identity: Identity;
  readonly admission: AdmissionOptions;
  readonly check: OperationCheck;
  readonly timeLimitMs?: number | undefined;
}

/** Errors as clients are told them; what is masked in them goes to the log. */
function formattedFor(log: Logger) {
  const report = reportTo(log);
  return (errors: readonly GraphQLError[]) => errors.map((error) => formatExecutionError(error, report));
}

/** Close codes (PROTOCOL.md): nobody is named by a token that is valid here, or no longer. */
const UNAUTHENTICATED = 4401;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Extra {
  readonly socket: WebSocket;
  actor?: Actor;
  /** What is being answered. */
  running?: Set<Cancellation>;
}

const GONE = new AvicennaError('TIME_SPENT', 'Nobody waits for the answer any more.');

function runningOn(extra: Extra): Set<Cancellation> {
  extra.running ??= new Set();
  return extra.running;
}

function giveUpAll(extra: Extra): void {
  for (const cancellation of runningOn(extra)) cancellation.giveUp(GONE);
}

const LOOK_AGAIN_MS = 30_000;

/** Names whoever opens a connection. False where nobody is named: then it is closed. */
async function enter(extra: Extra, params: Readonly<Record<string, unknown>> | undefined, identity: Identity): Promise<boolean> {
  const header = params?.['authorization'] ?? params?.['Authorization'];
  const name = async () => {
    try {
      return await identity.actorOf(typeof header === 'string' ? header : undefined);
    } catch (error) {
      if (!(error instanceof AvicennaError)) throw error;
      extra.socket.close(UNAUTHENTICATED, error.message.slice(0, 120));
      return null;
    }
  };
  const actor = await name();
  if (!actor) return false;
  extra.actor = actor;
  endWithToken(extra.socket, actor, name);
  return true;
}

/** Closes the connection when the token expires, and where a look now and then finds that it was taken back or its key with it. */
function endWithToken(socket: WebSocket, { expiresAt }: Actor, name: () => Promise<Actor | null>): void {
  if (expiresAt === null) return;
  const left = Math.max(0, Date.parse(expiresAt) - Date.now());
  const expiry = setTimeout(() => socket.close(UNAUTHENTICATED, 'The token has expired.'), Math.min(left, LONGEST_TIMER_MS));
  const looking = setInterval(() => void name().catch(() => undefined), LOOK_AGAIN_MS);
  socket.once('close', () => {
    clearTimeout(expiry);
    clearInterval(looking);
  });
}

/** Subscriptions (and any other operation) over graphql-transport-ws on `/graphql`. */
export function serveWebSocket(
  server: Server,
  { schema, platform, log, identity, admission, check, timeLimitMs }: WebSocketParts,
): { readonly open: () => number; close(): Promise<void> } {
  const verifyClient = ({ req }: { req: IncomingMessage }) => isAdmitted(req.headers, admission);
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: MAX_MESSAGE_BYTES, verifyClient });
  const readDocument = documentReader(schema);
  const documents = new AuditedDocuments(schema);
  const formatErrors = formattedFor(log);
  const stopLooking = dropStalled(sockets);
  const disposable = useServer(
    {
      schema,
      jsonMessageReviver: withoutPrototypes,
      execute: (args) => executeAudited(args as DeliveryArgs, documents, { check, timeLimitMs }),
      onConnect: ({ connectionParams, extra }) => enter(extra as Extra, connectionParams, identity),
      subscribe: (args) => subscribeAfresh(args as DeliveryArgs, documents, { formatErrors }),
      onSubscribe: (context, id, { query, variables, operationName }) => {
        if (Object.keys(context.subscriptions).length > MOST_AT_ONCE) return [tooMany()];
        const actor = (context.extra as Extra).actor as Actor;
        const message = { query, hash: sha256Of(query), variables: variables ?? {}, operationName: operationName ?? null };
        const checked = checkDocument(message, readDocument, check, actor);
        if (!('document' in checked)) return forActor(checked, actor);
        const newContext = () => makeContext(platform, actor);
        return {
          schema,
          document: checked.document,
          cost: checked.cost,
          hash: message.hash,
          destination: { socket: context.extra.socket, id, running: runningOn(context.extra as Extra) },
          variableValues: message.variables,
          operationName: message.operationName,
          contextValue: newContext(),
          newContext,
        };
      },
      onDisconnect: ({ extra }) => giveUpAll(extra as Extra),
      onError: (_context, _id, _payload, errors) => formatErrors(errors as readonly GraphQLError[]),
      onNext: (_context, _id, _payload, _args, { data = null, errors, extensions }) =>
        errors ? { data, errors: formatErrors(errors), ...(extensions && { extensions }) } : undefined,
    },
    sockets,
    KEEP_ALIVE_MS,
  );
  const close = async () => {
    stopLooking();
    await disposable.dispose();
  };
  return { open: () => sockets.clients.size, close };
}
