import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AvicennaError } from '../../errors.ts';
import { workerUrl } from '../../workerUrl.ts';
import {
  type AppendRequest,
  type AppendResult,
  type Checkpoint,
  type EventLog,
  type LogEvent,
  type ReadRequest,
} from '../eventLog.ts';
import type { SqliteAnswers, SqliteCall, SqliteReply } from './protocol.ts';

const BATCH = 256;

/** The log in one SQLite file, owned by a worker thread. A single process writes; readers of it share the tail. */
export class SqliteLog implements EventLog {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  readonly #tail = new Set<() => void>();
  #tickets = 0;
  #closed = false;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#worker = new Worker(workerUrl(import.meta.url, 'sqliteWorker'), { workerData: { file } });
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

  /**
   * Reads forward from `after`. The live tail reads from the file too, woken by appends, so there is no hand-over
   * between past and present at which an event could be missed, and a slow reader holds at most one batch.
   */
  async *read({ subjects, after, signal, live = false, maxBuffered = BATCH }: ReadRequest): AsyncGenerator<LogEvent | Checkpoint> {
    let seq = after;
    let appended = false;
    let resume: (() => void) | undefined;
    const wake = () => {
      appended = true;
      resume?.();
    };
    this.#tail.add(wake);
    signal?.addEventListener('abort', wake);
    try {
      while (!signal?.aborted && !this.#closed) {
        appended = false;
        const batch = await this.#ask<'range'>({ op: 'range', after: seq, limit: maxBuffered });
        for (const event of batch) {
          if (signal?.aborted) return;
          if (!subjects || subjects.has(event.subject)) yield event;
          seq = event.seq;
        }
        const lastEvent = batch.at(-1);
        if (lastEvent && subjects && !subjects.has(lastEvent.subject)) yield { kind: 'checkpoint', seq };
        if (batch.length === maxBuffered || appended) continue;
        if (!live) return;
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
        resume = undefined;
      }
    } finally {
      this.#tail.delete(wake);
      signal?.removeEventListener('abort', wake);
    }
  }

  find(msgId: string): Promise<LogEvent | null> {
    return this.#ask<'find'>({ op: 'find', msgId });
  }

  lastBySubject(subject: string): Promise<LogEvent | null> {
    return this.#ask<'lastBySubject'>({ op: 'lastBySubject', subject });
  }

  bounds() {
    return this.#ask<'bounds'>({ op: 'bounds' });
  }

  cursorKey(): Promise<Uint8Array> {
    return this.#ask<'cursorKey'>({ op: 'cursorKey' });
  }

  async health() {
    await this.bounds();
    return { durability: 'fsync', engine: 'sqlite' } as const;
  }

  /** Commits what is waiting, ends the readers and releases the file. */
  async close(): Promise<void> {
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

