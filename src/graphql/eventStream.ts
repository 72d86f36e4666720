/**
 * A stream of events as one subscriber sees it: past and present from the log by one reader, filtered, each item with a
 * cursor to go on from. An event is delivered once the graph shows it, so that what is read next agrees.
 */

import { LRUCache } from 'lru-cache';
import { ceilingOf } from '../access/decide.ts';
import { AvicennaError } from '../errors.ts';
import { type CursorPlace, type CursorScope, cursorMaker, readCursor } from '../events/cursor.ts';
import { type Envelope, envelopeOf } from '../events/envelope.ts';
import { compareSeq, type LogEvent } from '../events/eventLog.ts';
import { CHECKPOINT_EVERY } from '../events/liveTail.ts';
import type { DataCategory } from '../patients/dataCategories.ts';
import type { Context } from './context.ts';
import { keyOf } from './ids.ts';
import type { SharedWork } from './sharedWork.ts';

export interface StreamItem<T> {
  readonly cursor: string;
  /** What the subscriber may see of the event's patient: those who may see the same are told the same. Empty for a checkpoint. */
  readonly access: string;
  /** Whose event it is, and what the subscriber may see of the patient; null for a checkpoint. */
  readonly about: { readonly patient: string; readonly sees: ReadonlySet<DataCategory> } | null;
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
  /** Which data the event tells of; null where it is none of this stream. */
  readonly categoriesOf: (envelope: Envelope) => readonly DataCategory[] | null;
  /** Whether the subscriber wants the event. Asked once for each that may be seen, in their order. */
  readonly wants: (envelope: Envelope) => boolean;
  /** The event as the schema resolves it, once the graph shows it; null where there is nothing left to be shown. */
  readonly show: (envelope: Envelope) => T | null | Promise<T | null>;
  /** Shared by all streams of one kind. */
  readonly shown: SharedWork<Envelope, Promise<T | null>>;
}

const NOTHING = { access: '', about: null, event: null } as const;
const VISIBLE_WITHIN_MS = 2000;

/** The last cursor of each scope: streams of one scope that are told the same event have the same one. */
const lastCursors = new LRUCache<string, { readonly place: string; readonly cursor: string }>({ max: 10_000 });

function sharedCursors(key: Uint8Array, scope: CursorScope): (place: CursorPlace) => string {
  const make = cursorMaker(key, scope);
  const name = JSON.stringify(scope);
  return (at) => {
    const place = `${at.seq} ${at.origin}`;
    const last = lastCursors.get(name);
    if (last?.place === place) return last.cursor;
    const cursor = make(at);
    lastCursors.set(name, { place, cursor });
    return cursor;
  };
}

/** Where a stream starts to read, and up to which event all has been delivered. */
interface Start {
  readonly seq: string;
  readonly delivered: string;
}

interface Concerned {
  readonly envelope: Envelope;
  readonly categories: readonly DataCategory[];
}

/** The event where the stream is about such. What cannot be read is nobody's: the projection sets it aside and says so. */
function concernedBy(item: LogEvent, { categoriesOf }: Pick<StreamRequest<unknown>, 'categoriesOf'>): Concerned | null {
  try {
    const envelope = envelopeOf(item);
    const categories = categoriesOf(envelope);
    return categories && { envelope, categories };
  } catch {
    return null;
  }
}

/**
 * What the subscriber may see of the event's patient now; null where not this event.
 * @throws AvicennaError FORBIDDEN where the patient was named and may be seen no more: silence would be taken for good news
 */
async function accessTo(
  { envelope, categories }: Concerned,
  isNamed: boolean,
  { actor, accessBook }: Context,
): Promise<ReadonlySet<DataCategory> | null> {
  if (actor.role === 'SYSTEM') return ceilingOf(actor);
  const sees = (await accessBook.at(envelope.seq, actor, envelope.subject))?.sees;
  if (!sees || sees.size === 0) {
    if (!isNamed) return null;
    throw new AvicennaError('FORBIDDEN', 'A patient of this stream may be seen no more: it ends here.', 'patientIds');
  }
  return categories.every((category) => sees.has(category)) ? sees : null;
}

/** @throws AvicennaError NOT_FOUND, naming the first that is not registered, or not to be seen */
async function checkKnown({ reader }: Context, patients: readonly string[] | null): Promise<void> {
  if (!patients) return;
  const known = new Set(await reader.known(patients));
  const place = patients.findIndex((patient) => !known.has(patient));
  if (place >= 0) throw new AvicennaError('NOT_FOUND', 'No patient has this id.', `patientIds[${place}]`);
}

interface Told {
  readonly envelope: Envelope;
  readonly sees: ReadonlySet<DataCategory>;
}

/** The event where the stream is about such, it may be seen and it is wanted. */
async function toldOf(item: LogEvent, request: StreamRequest<unknown>, context: Context): Promise<Told | null> {
  const concerned = concernedBy(item, request);
  const sees = concerned && (await accessTo(concerned, request.patients !== null, context));
  return concerned && sees && request.wants(concerned.envelope) ? { envelope: concerned.envelope, sees } : null;
}

async function* itemsOf<T>(context: Context, request: StreamRequest<T>, signal: AbortSignal): AsyncGenerator<StreamItem<T>> {
  const { patients, filter, after, show, shown, remembers = false } = request;
  const key = await context.log.cursorKey();
  const { epoch, lastSeq } = await context.log.bounds();
  const scope: CursorScope = {
    epoch,
    filter: JSON.stringify([patients && [...new Set(patients)].sort(), ...filter]),
    principal: context.actor.id,
  };
  // A cursor of before a restore is expired whether or not its patients are still known.
  const place = after === null ? { seq: lastSeq } : readCursor(key, scope, after);
  await checkKnown(context, patients);
  const start: Start = { seq: place.origin ?? place.seq, delivered: place.seq };
  const makeCursor = sharedCursors(key, scope);
  const cursorAt = (seq: string) => makeCursor({ seq, origin: remembers ? start.seq : undefined });
  const showOnce = async (envelope: Envelope) => {
    await context.projector.waitFor(envelope.seq, VISIBLE_WITHIN_MS);
    return show(envelope);
  };
  const subjects = patients ? { subjects: new Set(patients.map((patient) => `patient.${patient}`)) } : {};
  yield { ...NOTHING, cursor: cursorAt(start.delivered) };
  let skipped = 0;
  for await (const item of context.tail.read({ after: start.seq, signal, ...subjects })) {
    const told = item.kind === 'event' ? await toldOf(item, request, context) : null;
    if (compareSeq(item.seq, start.delivered) <= 0) continue;
    if (told) {
      skipped = 0;
      const { envelope, sees } = told;
      const event = await shown.of(envelope, () => showOnce(envelope));
      yield { cursor: cursorAt(item.seq), access: [...sees].join(), about: { patient: envelope.subject, sees }, event };
    } else if (item.kind === 'checkpoint' || ++skipped >= CHECKPOINT_EVERY) {
      skipped = 0;
      yield { ...NOTHING, cursor: cursorAt(item.seq) };
    }
  }
}

const MAX_PATIENTS = 1000;

/** The surrogates of the patients that a stream is asked for; null for all. */
export function patientsAsked(ids: readonly string[] | null | undefined): string[] | null {
  if (ids?.length === 0)
    throw new AvicennaError(
      'BAD_USER_INPUT',
      "'patientIds' is empty: nothing would ever come. Leave it out for all patients.",
      'patientIds',
    );
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
