import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { AvicennaError } from '../../errors.ts';
import type { AppendRequest, AppendResult, EventLog, LogEvent, ReadRequest } from '../eventLog.ts';
import { compareSeq } from '../eventLog.ts';
import { newEpoch, removeLog } from '../sqlite/copies.ts';
import type { Copied } from '../sqlite/protocol.ts';
import { SqliteLog } from '../sqlite/sqliteLog.ts';
import { addFirst, decodeEntry, type Entry, encodeEntry, type Identity, sizeOfEvent } from './entry.ts';
import { EntryStream, type EntryStreamOptions } from './entryStream.ts';

export interface JetStreamLogOptions extends EntryStreamOptions {
  /** Where this process keeps its copy of the log. */
  readonly file: string;
}

interface Call {
  readonly requests: readonly AppendRequest[];
  readonly resolve: (results: AppendResult[]) => void;
  readonly reject: (error: unknown) => void;
}

const RETRY_MS = 500;
/** A copy that gets nothing for so long, while there is more in the stream, has lost its server. */
const LAG_MS = 10_000;
/** What an entry has beside its events. */
const ENTRY_BYTES = 256;

const sizeOfCall = (requests: readonly AppendRequest[]) => requests.reduce((bytes, request) => bytes + sizeOfEvent(request), 0);

/**
 * The log in a stream of NATS JetStream, which several processes write and read (docs/adr/0018-a-log-for-replicas.md). Each
 * keeps a copy of it in an SQLite file: there appends are decided and events are looked up. An entry is added only
 * where the writer's copy had all before it (expected last sequence), so that what was decided holds for the stream.
 */
export class JetStreamLog implements EventLog {
  readonly #stream: EntryStream;
  readonly #copy: SqliteLog;
  readonly #stop = new AbortController();
  readonly #reached = new Set<() => void>();
  #place: number;
  /** Ids of entries of this process of which it is not known whether they were added. */
  readonly #sent = new Set<string>();
  /** Places of messages that are no entries. */
  readonly #foreign = new Set<number>();
  /** Why the copy does not get on; undefined while it does. */
  #fault: AvicennaError | undefined;
  readonly #waiting: Call[] = [];
  #writing: Promise<void> | undefined;
  #following: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(stream: EntryStream, copy: SqliteLog, place: number) {
    this.#stream = stream;
    this.#copy = copy;
    this.#place = place;
  }

  /**
   * Opens the log, or makes it, and brings the copy up to date.
   * @throws AvicennaError LOG_UNAVAILABLE, LOG_TOO_WEAK
   */
  static async open(options: JetStreamLogOptions): Promise<JetStreamLog> {
    const stream = await EntryStream.open(options);
    let log: JetStreamLog | undefined;
    try {
      const { holds } = await identityOf(stream);
      const { copy, place } = await openCopy(options.file, stream);
      log = new JetStreamLog(stream, copy, place);
      log.#following = log.#follow();
      await log.#catchUp();
      if (compareSeq((await copy.bounds()).lastSeq, holds) < 0)
        throw new AvicennaError('LOG_UNAVAILABLE', 'A restore into this stream did not end: restore into another one (NATS_STREAM).');
      return log;
    } catch (error) {
      await (log ?? stream).close();
      throw error;
    }
  }

  /** Takes what others add, for as long as the log is open. A server that is away is asked again. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for await (const { place, bytes } of this.#stream.follow(this.#place, signal)) {
          if (place > this.#place) await this.#read(place, bytes);
        }
      } catch (error) {
        if (!(error instanceof AvicennaError) || error.code !== 'LOG_UNAVAILABLE') throw error;
        this.#fault = error;
      }
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A message that is no entry is left out. Were it a damaged one, the entry after it would not follow the one before. */
  async #read(place: number, bytes: Uint8Array): Promise<void> {
    const entry = decodeEntry(bytes);
    if (entry) return this.#take(place, entry);
    this.#foreign.add(place);
    this.#moved(await this.#copy.pass(place));
  }

  async #take(place: number, entry: Entry): Promise<void> {
    const copied = await this.#copy.take({ ...entry, place });
    this.#sent.delete(entry.id);
    this.#moved(copied);
  }

  #moved({ place }: Copied): void {
    this.#place = Math.max(this.#place, place);
    this.#fault = undefined;
    for (const look of [...this.#reached]) look();
  }

  /** Place of the last message. @throws AvicennaError LOG_UNAVAILABLE, also where the stream has lost what was read */
  async #lastPlace(): Promise<number> {
    const last = await this.#stream.lastPlace();
    if (this.#place > last) throw lost(`it ends at entry ${last}, and this process has read ${this.#place}`);
    return last;
  }

  /** Waits until the copy has all that the stream has now. */
  async #catchUp(): Promise<void> {
    const last = await this.#lastPlace();
    if (this.#place === last) return;
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => {
        clearTimeout(timer);
        this.#reached.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(
        () => end(this.#fault ?? new AvicennaError('LOG_UNAVAILABLE', 'The copy of the event log lags behind.')),
        LAG_MS,
      );
      const look = () => (this.#place >= last ? end() : timer.refresh());
      this.#reached.add(look);
      look();
    });
  }

  /** Appends wait for the one entry that is on its way, and then go together as the next one (group commit). */
  append(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    if (this.#closing) return Promise.reject(new AvicennaError('LOG_UNAVAILABLE', 'The event log is closed.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ requests, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    await turn();
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        const results = await this.#commit(group.map(({ requests }) => requests));
        for (const [index, { resolve }] of group.entries()) resolve(results[index] as AppendResult[]);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    // In the same turn as the last look: a call that comes after it starts anew.
    this.#writing = undefined;
  }

  /** The calls that fit into one entry, in their order: one at least. */
  #nextGroup(): Call[] {
    let room = this.#stream.maxBytes - ENTRY_BYTES;
    const tooMany = this.#waiting.findIndex(({ requests }) => {
      room -= sizeOfCall(requests);
      return room < 0;
    });
    return this.#waiting.splice(0, tooMany < 0 ? this.#waiting.length : Math.max(1, tooMany));
  }

  /** Decides on the copy and adds what is to be written; again, where another process was first. */
  async #commit(calls: readonly (readonly AppendRequest[])[]): Promise<AppendResult[][]> {
    for (;;) {
      const { place, id: after, results, firstSeq, events } = await this.#copy.decide(calls);
      if (events.length === 0 || (await this.#add({ id: randomUUID(), after, firstSeq, events }, place))) return results;
    }
  }

  /** Whether the entry was added after the one at `place`. @throws AvicennaError LOG_UNAVAILABLE where that cannot be found out */
  async #add(entry: Entry, place: number): Promise<boolean> {
    const bytes = encodeEntry(entry);
    if (bytes.length > this.#stream.maxBytes)
      throw new AvicennaError(
        'LOG_UNAVAILABLE',
        `Events of ${bytes.length} bytes are more than NATS takes in one message (max_payload): nothing was written.`,
      );
    let added = false;
    this.#sent.add(entry.id);
    try {
      const at = await this.#stream.append(bytes, { id: entry.id, after: this.#foreign.has(place) ? '' : entry.after, place });
      if (at !== null) await this.#take(at, entry);
      else await this.#catchUp();
    } catch (error) {
      // Not answered, or refused: what is in the stream says whether it was added.
      await this.#catchUp();
      if (this.#sent.has(entry.id)) throw error;
    } finally {
      added = !this.#sent.delete(entry.id);
    }
    return added;
  }

  read(request: ReadRequest) {
    return this.#copy.read(request);
  }

  /** What is not in the copy may have been appended by another process a moment ago. */
  async find(msgId: string): Promise<LogEvent | null> {
    const found = await this.#copy.find(msgId);
    if (found) return found;
    await this.#catchUp();
    return this.#copy.find(msgId);
  }

  async lastBySubject(subject: string): Promise<LogEvent | null> {
    await this.#catchUp();
    return this.#copy.lastBySubject(subject);
  }

  async history(subject: string, before: string | null, limit: number): Promise<LogEvent[]> {
    await this.#catchUp();
    return this.#copy.history(subject, before, limit);
  }

  bounds() {
    return this.#copy.bounds();
  }

  cursorKey(): Promise<Uint8Array> {
    return this.#copy.cursorKey();
  }

  async health() {
    const [last] = await Promise.all([this.#lastPlace(), this.#copy.bounds()]);
    if (this.#place < last && this.#fault) throw this.#fault;
    return { durability: this.#stream.durability, engine: 'jetstream', foreign: this.#foreign.size } as const;
  }

  /** Writes what is waiting, ends the readers and lets go of the server. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writing;
    this.#stop.abort();
    await this.#stream.close();
    await this.#following;
    await this.#copy.close();
  }
}

const lost = (how: string) =>
  new AvicennaError('LOG_UNAVAILABLE', `The stream has lost entries: ${how}. Start anew, and 'avicenna rebuild' the graph.`);

/** Whose log it is, by its first entry, which is made where there is none. */
async function identityOf(stream: EntryStream): Promise<Identity> {
  const fresh = { epoch: newEpoch(), cursorKey: new Uint8Array(randomBytes(32)), holds: '0' };
  if ((await stream.lastPlace()) === 0) await addFirst(stream, fresh);
  const first = await stream.entry(1);
  const identity = first && decodeEntry(first)?.identity;
  if (!identity)
    throw new AvicennaError('LOG_UNAVAILABLE', 'The stream is no event log: its first message does not say whose it is.', 'NATS_STREAM');
  return identity;
}

/** The copy in the file, where it is one of this stream; otherwise a new one. */
async function openCopy(file: string, stream: EntryStream): Promise<{ copy: SqliteLog; place: number }> {
  const copy = new SqliteLog(file, { isCopy: true });
  const { place, id } = await copy.copied();
  const entry = place === 0 ? null : await stream.entry(place);
  if (place === 0 || (entry && decodeEntry(entry)?.id === id)) return { copy, place };
  await copy.close();
  removeLog(file);
  return { copy: new SqliteLog(file, { isCopy: true }), place: 0 };
}
