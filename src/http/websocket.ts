import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Context as ServerContext, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import { AuditedDocuments } from '../graphql/auditedDocuments.ts';
import { type Cancellation, GONE } from '../graphql/cancellation.ts';
import { makeContext, type Platform } from '../graphql/context.ts';
import { formatExecutionError } from '../graphql/formatError.ts';
import { sha256Of } from '../sha256.ts';
import { type AdmissionOptions, isAdmitted } from './admission.ts';
import { reportTo } from './apollo.ts';
import type { DeliveryArgs } from './delivery.ts';
import type { Identity } from './identity.ts';
import { mayIntrospect, withoutSuggestion } from './introspection.ts';
import { withoutPrototypes } from './prototypeKeys.ts';
import { answered, checkDocument, documentReader, type Executing, executeAudited, subscriptions } from './socketOperations.ts';
import { dropStalled } from './stalled.ts';

const MAX_MESSAGE_BYTES = 1_000_000;
const KEEP_ALIVE_MS = 12_000;
/** Subscriptions, and operations under way, on one connection. */
const MOST_AT_ONCE = 100;

const tooMany = () =>
  answered(new AvicennaError('TOO_MANY_OPERATIONS', `At most ${MOST_AT_ONCE} operations at once on one connection: open another.`));

/** Errors of a document as they are told to whoever sent it. */
function forActor(errors: readonly GraphQLError[], actor: Actor): readonly GraphQLError[] {
  if (mayIntrospect(actor)) return errors;
  return errors.map(
    ({ message, nodes = null, extensions, originalError = null }) =>
      new GraphQLError(withoutSuggestion(message), { nodes, extensions, originalError }),
  );
}

export interface WebSocketParts extends Executing {
  readonly schema: GraphQLSchema;
  readonly platform: Platform;
  readonly log: Logger;
  readonly identity: Identity;
  readonly admission: AdmissionOptions;
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

/** What an operation is executed with, or why it is not: graphql-ws validates by itself, so that documents are read here. */
function admitting({ schema, platform, check }: Pick<WebSocketParts, 'schema' | 'platform' | 'check'>) {
  const readDocument = documentReader(schema);
  return (context: ServerContext<Record<string, unknown> | undefined, Extra>, id: string, payload: SubscribePayload) => {
    const { query, variables, operationName } = payload;
    if (Math.max(Object.keys(context.subscriptions).length, runningOn(context.extra).size) > MOST_AT_ONCE) return [tooMany()];
    const actor = context.extra.actor as Actor;
    const message = { query, hash: sha256Of(query), variables: variables ?? {}, operationName: operationName ?? null };
    const checked = checkDocument(message, readDocument, check, actor);
    if (!('document' in checked)) return forActor(checked, actor);
    // The protocol's own code keeps the message as long as the operation runs, and looks at it no more.
    Object.assign(payload, { query: '', variables: null });
    const newContext = () => makeContext(platform, actor);
    return {
      schema,
      ...checked,
      hash: message.hash,
      destination: { socket: context.extra.socket, id, running: runningOn(context.extra) },
      operationName: message.operationName,
      contextValue: newContext(),
      newContext,
    };
  };
}

/** Subscriptions (and any other operation) over graphql-transport-ws on `/graphql`. */
export function serveWebSocket(
  server: Server,
  { schema, platform, log, identity, admission, check, timeLimitMs }: WebSocketParts,
): { readonly open: () => number; close(): Promise<void> } {
  const verifyClient = ({ req }: { req: IncomingMessage }) => isAdmitted(req.headers, admission);
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: MAX_MESSAGE_BYTES, verifyClient });
  const onSubscribe = admitting({ schema, platform, check });
  const documents = new AuditedDocuments(schema);
  const formatErrors = formattedFor(log);
  const subscribe = subscriptions(documents, formatErrors);
  const stopLooking = dropStalled(sockets);
  const disposable = useServer(
    {
      schema,
      jsonMessageReviver: withoutPrototypes,
      execute: (args) => executeAudited(args as DeliveryArgs, documents, { check, timeLimitMs }),
      onConnect: ({ connectionParams, extra }) => enter(extra as Extra, connectionParams, identity),
      subscribe: (args) => subscribe(args as DeliveryArgs),
      onSubscribe,
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
