/**
 * A stream of events as one subscriber sees it: past and present from the log by one reader, filtered, each item with a
 * cursor to go on from. An event is delivered once the graph shows it, so that what is read next agrees.
 */

import { AvicennaError } from '../errors.ts';
import { type CursorScope, makeCursor, readCursor } from '../events/cursor.ts';
import { decodeEnvelope, type Envelope } from '../events/envelope.ts';
import { compareSeq } from '../events/eventLog.ts';
import type { Context } from './context.ts';
import { keyOf } from './ids.ts';

export interface StreamItem<T> {
  readonly cursor: string;
  /** Null for a checkpoint: nothing for this subscriber up to the cursor. */
  readonly event: T | null;
}

export interface StreamRequest<T> {
  /** Surrogates; null for all. */
  readonly patients: readonly string[] | null;
  /** What else the stream is filtered by: the cursor is bound to it. */
  readonly filter: readonly unknown[];
  readonly after: string | null;
  /** True where `wants` depends on what was delivered before: then a resumed stream is led past it again. */
  readonly remembers?: boolean;
  /** Whether the subscriber wants the event. Asked once for each, in their order. */
  readonly wants: (envelope: Envelope) => boolean;
  /** The event as the schema resolves it, once the graph shows it. */
  readonly show: (envelope: Envelope) => T | Promise<T>;
}

/** After so many events that are not for this subscriber, a checkpoint moves its cursor on. */
const CHECKPOINT_EVERY = 100;
const VISIBLE_WITHIN_MS = 2000;

/** Where a stream starts to read, and up to which event all has been delivered. */
interface Start {
  readonly seq: string;
  readonly delivered: string;
}

async function* itemsOf<T>(context: Context, request: StreamRequest<T>, signal: AbortSignal): AsyncGenerator<StreamItem<T>> {
  const { patients, filter, after, wants, show, remembers = false } = request;
  const key = await context.log.cursorKey();
  const { epoch, lastSeq } = await context.log.bounds();
  const scope: CursorScope = {
    epoch,
    filter: JSON.stringify([patients && [...patients].sort(), ...filter]),
    principal: context.actor.id,
  };
  const place = after === null ? { seq: lastSeq } : readCursor(key, scope, after);
  const start: Start = { seq: place.origin ?? place.seq, delivered: place.seq };
  const cursorAt = (seq: string) => makeCursor(key, scope, { seq, origin: remembers ? start.seq : undefined });
  const subjects = patients ? { subjects: new Set(patients.map((patient) => `patient.${patient}`)) } : {};
  yield { cursor: cursorAt(start.delivered), event: null };
  let skipped = 0;
  for await (const item of context.log.read({ after: start.seq, live: true, signal, ...subjects })) {
    const envelope = item.kind === 'event' ? decodeEnvelope(item.seq, item.body) : null;
    const wanted = envelope !== null && wants(envelope);
    if (compareSeq(item.seq, start.delivered) <= 0) continue;
    if (wanted) {
      skipped = 0;
      await context.projector.waitFor(item.seq, VISIBLE_WITHIN_MS);
      yield { cursor: cursorAt(item.seq), event: await show(envelope) };
    } else if (++skipped >= CHECKPOINT_EVERY) {
      skipped = 0;
      yield { cursor: cursorAt(item.seq), event: null };
    }
  }
}

const MAX_PATIENTS = 1000;

/** The surrogates of the patients that a stream is asked for; null for all. */
export function patientsAsked(ids: readonly string[] | null | undefined): string[] | null {
  if ((ids?.length ?? 0) > MAX_PATIENTS)
    throw new AvicennaError('BAD_USER_INPUT', `At most ${MAX_PATIENTS} patients in one subscription.`, 'patientIds');
  return ids?.map((id) => keyOf('Patient', id, 'patientIds')) ?? null;
}

/** The stream, ended by its reader or by the client. */
export function eventStream<T>(context: Context, request: StreamRequest<T>): AsyncIterable<StreamItem<T>> {
  const stop = new AbortController();
  const stream = itemsOf(context, request, stop.signal);
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => stream.next(),
      // A generator that waits for the next event cannot be returned from: the signal wakes it first.
      return: async () => {
        stop.abort();
        return stream.return(undefined);
      },
      throw: (error: unknown) => stream.throw(error),
    }),
  };
}
