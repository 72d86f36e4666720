/**
 * The end of the log, read once for all who follow it: the last events are held in memory, and who is behind them reads the log.
 * There is no hand-over at which an event could be missed: a reader goes by its sequence, wherever it reads from.
 */
import { type Checkpoint, compareSeq, type EventLog, type LogEvent } from './eventLog.ts';
import { Waiter } from './waiter.ts';

export interface FollowRequest {
  /** Exact subjects; left out, all. */
  readonly subjects?: ReadonlySet<string>;
  readonly after: string;
  readonly signal: AbortSignal;
}

/** Events held for those who follow, at least; twice as many at most. */
const KEPT = 1024;
/** After so many events that are not for a reader it is told how far it has come. */
export const CHECKPOINT_EVERY = 100;

/** What a reader of some subjects is told of an event: itself, now and then how far it has come, or nothing. */
function tellingOf(subjects: ReadonlySet<string> | undefined): (item: LogEvent | Checkpoint) => LogEvent | Checkpoint | null {
  let passed = 0;
  return (item) => {
    const wanted = item.kind === 'checkpoint' || !subjects || subjects.has(item.subject);
    passed = wanted ? 0 : passed + 1;
    if (passed < CHECKPOINT_EVERY) return wanted ? item : null;
    passed = 0;
    return { kind: 'checkpoint', seq: item.seq };
  };
}

export class LiveTail {
  readonly #log: EventLog;
  readonly #stop = new AbortController();
  readonly #everybody = new Set<Waiter>();
  /** Those who wait for some subjects only are not woken for the others. */
  readonly #bySubject = new Map<string, Set<Waiter>>();
  readonly #ofAll = new Set<Waiter>();
  #kept: LogEvent[] = [];
  /** All events after this one are in `#kept`. */
  #from = '0';
  #taken = 0;
  #started: Promise<void> | undefined;
  #following: Promise<void> | undefined;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Begins to follow with the first reader: a command that has none holds nothing. */
  #start(): Promise<void> {
    this.#started ??= this.#log.bounds().then(({ lastSeq }) => {
      this.#from = lastSeq;
      this.#following = this.#follow();
      // A log that fails ends the readers; who asks it next is told why.
      this.#following.catch(() => this.#end());
    });
    return this.#started;
  }

  async #follow(): Promise<void> {
    for await (const item of this.#log.read({ after: this.#from, live: true, signal: this.#stop.signal })) {
      if (item.kind === 'event') this.#take(item);
    }
    this.#end();
  }

  #end(): void {
    this.#stop.abort();
    for (const waiter of this.#everybody) waiter.wake();
  }

  #take(event: LogEvent): void {
    this.#kept.push(event);
    if (this.#kept.length > 2 * KEPT) {
      this.#from = this.#kept[KEPT - 1]?.seq ?? this.#from;
      this.#kept = this.#kept.slice(KEPT);
    }
    this.#taken += 1;
    const concerned = this.#taken % CHECKPOINT_EVERY === 0 ? [this.#everybody] : [this.#ofAll, this.#bySubject.get(event.subject)];
    for (const waiters of concerned) for (const waiter of waiters ?? []) waiter.wake();
  }

  #enter(waiter: Waiter, subjects: ReadonlySet<string> | undefined): () => void {
    this.#everybody.add(waiter);
    if (!subjects) this.#ofAll.add(waiter);
    for (const subject of subjects ?? []) {
      const waiters = this.#bySubject.get(subject) ?? new Set();
      this.#bySubject.set(subject, waiters.add(waiter));
    }
    return () => {
      this.#everybody.delete(waiter);
      this.#ofAll.delete(waiter);
      for (const subject of subjects ?? []) {
        const waiters = this.#bySubject.get(subject);
        waiters?.delete(waiter);
        if (waiters?.size === 0) this.#bySubject.delete(subject);
      }
    };
  }

  /** What is held after `seq`; null where some of it is held no more. */
  #held(seq: string): readonly LogEvent[] | null {
    if (compareSeq(seq, this.#from) < 0) return null;
    return this.#kept.slice(this.#kept.findLastIndex((event) => compareSeq(event.seq, seq) <= 0) + 1);
  }

  /** All that is in the log after `after`, and what comes, until `signal` aborts or the log closes. */
  async *read({ subjects, after, signal }: FollowRequest): AsyncGenerator<LogEvent | Checkpoint> {
    await this.#start();
    const waiter = new Waiter();
    const leave = this.#enter(waiter, subjects);
    signal.addEventListener('abort', waiter.wake);
    const tell = tellingOf(subjects);
    let seq = after;
    try {
      while (!signal.aborted && !this.#stop.signal.aborted) {
        waiter.look();
        const held = this.#held(seq);
        for await (const item of held ?? this.#log.read({ after: seq, ...(subjects && { subjects }), signal })) {
          if (signal.aborted) return;
          seq = item.seq;
          const told = tell(item);
          if (told) yield told;
        }
        if (held) await waiter.next();
      }
    } finally {
      leave();
      signal.removeEventListener('abort', waiter.wake);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following?.catch(() => undefined);
  }
}
