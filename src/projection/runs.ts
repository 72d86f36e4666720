/** Events in runs: what is at hand goes together, each event of a run about another patient. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Checkpoint, LogEvent } from '../events/eventLog.ts';

/** An iteration that is looked at before it is taken from. */
class Ahead<T> {
  readonly #iterator: AsyncIterator<T>;
  #next: Promise<IteratorResult<T>> | undefined;

  constructor(items: AsyncIterable<T>) {
    this.#iterator = items[Symbol.asyncIterator]();
  }

  /** The next item, which stays; null where nothing is at hand. */
  atHand(): Promise<IteratorResult<T> | null> {
    return Promise.race([this.next(), turn(null)]);
  }

  /** The next item, which stays. */
  next(): Promise<IteratorResult<T>> {
    if (!this.#next) {
      this.#next = this.#iterator.next();
      // A failure is thrown where the answer is awaited, which may be a while after it came.
      this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  take(): void {
    this.#next = undefined;
  }

  /** Does not wait: an iteration ends with the item that it was asked for, which may never come. */
  close(): void {
    this.#iterator.return?.().catch(() => undefined);
  }
}

export interface Run {
  readonly events: readonly LogEvent[];
  /** How far the log was read beyond the last of them, over events of erased patients; null where it was not. */
  readonly passed: string | null;
}

/** The events that are at hand, from the next one on: up to a second one of a patient, and `most` of them. Null at the end. */
async function nextRun(items: Ahead<LogEvent | Checkpoint>, most: number): Promise<Run | null> {
  const run = new Map<string, LogEvent>();
  let passed: string | null = null;
  let next: IteratorResult<LogEvent | Checkpoint> | null = await items.next();
  while (next && !next.done && run.size < most) {
    const { value: item } = next;
    if (item.kind === 'event' && run.has(item.subject)) break;
    if (item.kind === 'event') run.set(item.subject, item);
    passed = item.kind === 'event' ? null : item.seq;
    items.take();
    next = await items.atHand();
  }
  return run.size === 0 && passed === null ? null : { events: [...run.values()], passed };
}

/** The events of a log, in its order. @throws what the log throws */
export async function* runsOf(items: AsyncIterable<LogEvent | Checkpoint>, most: number): AsyncGenerator<Run> {
  const ahead = new Ahead(items);
  try {
    for (;;) {
      const run = await nextRun(ahead, most);
      if (!run) return;
      yield run;
    }
  } finally {
    ahead.close();
  }
}
