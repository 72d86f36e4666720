import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AvicennaError } from '../../errors.ts';
import { workerUrl } from '../../workerUrl.ts';
import type { AppendRequest, AppendResult, Checkpoint, EventLog, LogEvent, ReadRequest } from '../eventLog.ts';
import type { KeyStore, StoredKey, WrappedKey } from '../sealed/keyStore.ts';
import { Waiter } from '../waiter.ts';
import type { Copied, CopiedEntry, Decided, SqliteAnswers, SqliteCall, SqliteReply } from './protocol.ts';

const BATCH = 256;

/** The events of the subjects asked for, and a checkpoint where the batch ends with another's. */
function* only(batch: readonly LogEvent[], subjects: ReadonlySet<string> | undefined): Generator<LogEvent | Checkpoint> {
  for (const event of batch) if (!subjects || subjects.has(event.subject)) yield event;
  const last = batch.at(-1);
  if (last && subjects && !subjects.has(last.subject)) yield { kind: 'checkpoint', seq: last.seq };
}

/** The log in one SQLite file, owned by a worker thread. A single process writes; readers of it share the tail. */
export class SqliteLog implements EventLog, KeyStore {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  readonly #tail = new Set<() => void>();
  #tickets = 0;
  #closed = false;
  #closing: Promise<void> | undefined;

  /** @param isCopy the file is a copy of another log, from which what it loses can be taken again */
  constructor(file: string, { isCopy = false } = {}) {
    // As secret as the patients in it: a folder that is made here is its owner's only.
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#worker = new Worker(workerUrl(import.meta.url, 'sqliteWorker'), { workerData: { file, isCopy } });
    this.#worker.on('message', (reply: SqliteReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', () => this.#fail('the log is closed'));
  }

  #settle(reply: SqliteReply): void {
    const call = this.#pending.get(reply.ticket);
    this.#pending.delete(reply.ticket);
    if ('error' in reply) call?.reject(new AvicennaError('LOG_UNAVAILABLE', `The event log failed: ${reply.error}`));
    else call?.resolve(reply.ok as never);
  }

  #fail(reason: string): void {
    this.#closed = true;
    for (const call of this.#pending.values()) call.reject(new AvicennaError('LOG_UNAVAILABLE', `The event log failed: ${reason}`));
    this.#pending.clear();
    this.#wake();
  }

  #ask<Op extends SqliteCall['op']>(call: Extract<SqliteCall, { op: Op }>): Promise<SqliteAnswers[Op]> {
    if (this.#closed) return Promise.reject(new AvicennaError('LOG_UNAVAILABLE', 'The event log is closed.'));
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#pending.set(ticket, { resolve, reject });
      this.#worker.postMessage({ ...call, ticket });
    });
  }

  #wake(): void {
    for (const wake of [...this.#tail]) wake();
  }

  async append(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    const results = await this.#ask<'append'>({ op: 'append', requests });
    this.#wake();
    return results;
  }

  /** The next events. None for a follower while the log closes: that ends it and is no failure of it. */
  async #range(after: string, limit: number, live: boolean): Promise<LogEvent[]> {
    try {
      return await this.#ask<'range'>({ op: 'range', after, limit });
    } catch (error) {
      if (live && this.#closing) return [];
      throw error;
    }
  }

  /**
   * Reads forward from `after`. The live tail reads from the file too, woken by appends, so there is no hand-over
   * between past and present at which an event could be missed, and a slow reader holds at most one batch.
   */
  async *read({ subjects, after, signal, live = false, maxBuffered = BATCH }: ReadRequest): AsyncGenerator<LogEvent | Checkpoint> {
    const tail = new Waiter();
    this.#tail.add(tail.wake);
    signal?.addEventListener('abort', tail.wake);
    let seq = after;
    try {
      while (!signal?.aborted && !this.#closed) {
        tail.look();
        const batch = await this.#range(seq, maxBuffered, live);
        for (const item of only(batch, subjects)) {
          if (signal?.aborted) return;
          yield item;
        }
        seq = batch.at(-1)?.seq ?? seq;
        if (batch.length === maxBuffered) continue;
        if (!live && !tail.woken) return;
        await tail.next();
      }
    } finally {
      this.#tail.delete(tail.wake);
      signal?.removeEventListener('abort', tail.wake);
    }
  }

  /** What appends come to on the file as it is; nothing is written. */
  decide(calls: readonly (readonly AppendRequest[])[]): Promise<Decided> {
    return this.#ask<'decide'>({ op: 'decide', calls });
  }

  /** Writes the next entry of the log that the file is a copy of; any other entry changes nothing. */
  async take(entry: CopiedEntry): Promise<Copied> {
    const copied = await this.#ask<'take'>({ op: 'take', entry });
    this.#wake();
    return copied;
  }

  /** Leaves out what is at the next place of that log: it is no entry. */
  pass(place: number): Promise<Copied> {
    return this.#ask<'pass'>({ op: 'pass', place });
  }

  copied(): Promise<Copied> {
    return this.#ask<'copied'>({ op: 'copied' });
  }

  find(msgId: string): Promise<LogEvent | null> {
    return this.#ask<'find'>({ op: 'find', msgId });
  }

  lastBySubject(subject: string): Promise<LogEvent | null> {
    return this.#ask<'lastBySubject'>({ op: 'lastBySubject', subject });
  }

  history(subject: string, before: string | null, limit: number): Promise<LogEvent[]> {
    return this.#ask<'history'>({ op: 'history', subject, before, limit });
  }

  bounds() {
    return this.#ask<'bounds'>({ op: 'bounds' });
  }

  cursorKey(): Promise<Uint8Array> {
    return this.#ask<'cursorKey'>({ op: 'cursorKey' });
  }

  keys(subjects: readonly string[]): Promise<StoredKey[]> {
    return this.#ask<'keys'>({ op: 'keys', subjects });
  }

  keysAfter(subject: string, limit: number): Promise<StoredKey[]> {
    return this.#ask<'keysAfter'>({ op: 'keysAfter', subject, limit });
  }

  async keepKeys(keys: readonly WrappedKey[]): Promise<void> {
    await this.#ask<'keepKeys'>({ op: 'keepKeys', keys });
  }

  async rewrapKeys(keys: readonly WrappedKey[]): Promise<void> {
    await this.#ask<'rewrapKeys'>({ op: 'rewrapKeys', keys });
  }

  async destroyKey(subject: string, at: string): Promise<void> {
    await this.#ask<'destroyKey'>({ op: 'destroyKey', subject, at });
  }

  async health() {
    await this.bounds();
    return { durability: 'fsync', engine: 'sqlite', foreign: 0 } as const;
  }

  /** Commits what is waiting, ends the readers and releases the file. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    const exited = once(this.#worker, 'exit');
    await this.#ask<'close'>({ op: 'close' });
    await exited;
  }
}

/** True when an append of one event was accepted or already there. */
export function accepted(result: AppendResult | undefined): result is { seq: string; duplicate: boolean } {
  return result !== undefined && 'seq' in result;
}
