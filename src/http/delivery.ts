/**
 * From a stream to a socket. What an event says is executed and written as JSON once for all who ask the same of it in the
 * same words; each stream's cursor and id are put in. A message is sent when the one before it has left the process, so that
 * a reader who stalls holds one message and no more.
 */
import { randomBytes } from 'node:crypto';
import {
  type ASTNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  Kind,
  type VariableNode,
  visit,
} from 'graphql';
import type { WebSocket } from 'ws';
import { scopeKey } from '../access/actor.ts';
import type { Cancellation } from '../graphql/cancellation.ts';
import type { Context } from '../graphql/context.ts';
import type { StreamItem } from '../graphql/eventStream.ts';
import type { AuditedStream } from './auditedStream.ts';

/** Stands in an answer where each stream's own cursor is put: no text of a record can be it. */
const CURSOR_PLACE = `cursor-${randomBytes(16).toString('hex')}`;

/** Where the answers of one subscription go. */
export interface Destination {
  readonly socket: WebSocket;
  /** The subscription's id, as the client chose it. */
  readonly id: string;
  /** What is being answered on the connection. */
  readonly running: Set<Cancellation>;
}

export interface DeliveryArgs extends ExecutionArgs {
  readonly destination: Destination;
  /** Names the document's text. */
  readonly hash: string;
  /** As counted before it is executed. */
  readonly cost: number;
  /** Characters of the document and its variables. */
  readonly size: number;
  /** A context of the subscriber's, for one event. */
  readonly newContext: () => Context;
}

export interface Delivering {
  readonly audited: AuditedStream;
  /** Called when the stream has ended; more than once does no harm. */
  readonly release: () => void;
  readonly formatErrors: (errors: readonly GraphQLError[]) => unknown;
}

/** Variables that the selection of an item uses: those of the stream's own arguments do not change what an event says. */
function variablesWithin(document: DocumentNode, operationName: string | null | undefined): string[] {
  const names = new Set<string>();
  const collect = (node: ASTNode | undefined) => {
    if (node) visit(node, { [Kind.VARIABLE]: ({ name }: VariableNode) => void names.add(name.value) });
  };
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) collect(definition.selectionSet);
  const operation = getOperationAST(document, operationName);
  for (const root of operation?.selectionSet.selections ?? []) {
    for (const directive of root.directives ?? []) collect(directive);
    // A fragment at the root has the stream's arguments in it: all of its variables count.
    if (root.kind !== Kind.FRAGMENT_SPREAD) collect(root.selectionSet);
  }
  return [...names].sort();
}

/** What tells one selection from another, and those who see one thing from those who see another. */
function selectionOf({ hash, document, operationName, variableValues, contextValue }: DeliveryArgs): string {
  const used = variablesWithin(document, operationName).map((name) => [name, variableValues?.[name] ?? null]);
  return JSON.stringify([hash, operationName ?? null, used, scopeKey((contextValue as Context).actor)]);
}

/** Answers as JSON by event and selection, while the event is remembered: what stands before, between and after the cursors. */
const written = new WeakMap<object, Map<string, Promise<readonly string[] | null>>>();
/** In place of the event of a checkpoint, which says nothing. */
const CHECKPOINT = {};
/** Selections remembered of one event, at most. */
const MOST_SELECTIONS = 1000;

/** The answer around the cursor; null where something in it failed, which is told to each by itself. */
async function write(args: DeliveryArgs, item: StreamItem<unknown>, contextValue: unknown): Promise<readonly string[] | null> {
  const result = await execute({ ...args, rootValue: { ...item, cursor: CURSOR_PLACE }, contextValue });
  return result.errors ? null : JSON.stringify(result).split(CURSOR_PLACE);
}

function writtenOnce(
  args: DeliveryArgs,
  selection: string,
  item: StreamItem<unknown>,
  contextValue: () => unknown,
): Promise<readonly string[] | null> {
  const key = (item.event as object | null) ?? CHECKPOINT;
  const known = written.get(key) ?? new Map<string, Promise<readonly string[] | null>>();
  written.set(key, known);
  const made = known.get(selection) ?? write(args, item, contextValue());
  if (known.size < MOST_SELECTIONS) known.set(selection, made);
  return made;
}

async function failed(args: DeliveryArgs, item: StreamItem<unknown>, { formatErrors }: Delivering): Promise<string> {
  const { data = null, errors } = await execute({ ...args, rootValue: item, contextValue: args.newContext() });
  return JSON.stringify(errors ? { data, errors: formatErrors(errors) } : { data });
}

/** A stream that ends with an error tells it as its last item: the subscription is over, the connection is not. */
async function endedBy(
  error: unknown,
  { destination }: DeliveryArgs,
  { formatErrors }: Delivering,
): Promise<IteratorReturnResult<undefined>> {
  const errors = formatErrors([new GraphQLError((error as Error).message, { originalError: error as Error })]);
  if (isOpen(destination)) await send(destination, JSON.stringify({ data: null, errors }));
  return { done: true, value: undefined };
}

const isOpen = ({ socket }: Destination) => socket.readyState === socket.OPEN;

/** Resolves when the bytes have been given to the network, or the socket is gone. */
function send({ socket, id }: Destination, payload: string): Promise<void> {
  return new Promise((resolve) => {
    socket.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`, () => resolve());
  });
}

/**
 * Delivers until the stream or the socket ends. To graphql-ws this is a subscription without results: the messages are
 * sent here.
 */
export function deliver(
  args: DeliveryArgs,
  items: AsyncIterator<StreamItem<unknown>>,
  delivering: Delivering,
): AsyncIterableIterator<ExecutionResult> {
  const { destination } = args;
  const { audited, release } = delivering;
  const selection = selectionOf(args);
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    release();
    await audited.ended();
    return { done: true, value: undefined };
  };
  const next = async () => {
    const one = await items.next();
    if (!one.done) await audited.before(one.value);
    return one;
  };
  const run = async (): Promise<IteratorResult<ExecutionResult>> => {
    for (;;) {
      const { done, value: item } = await next().catch((error: unknown) => endedBy(error, args, delivering));
      if (done || !isOpen(destination)) return end();
      const shared = await writtenOnce(args, `${selection} ${item.access}`, item, args.newContext);
      const payload = shared === null ? await failed(args, item, delivering) : shared.join(item.cursor);
      await send(destination, payload);
      audited.sent(item.cursor);
    }
  };
  const answers: AsyncIterableIterator<ExecutionResult> = {
    next: run,
    return: async () => {
      await items.return?.();
      return end();
    },
    [Symbol.asyncIterator]: () => answers,
  };
  return answers;
}
