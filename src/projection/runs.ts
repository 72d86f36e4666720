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

/** The events that are at hand, from the next one on: up to a second one of a patient, and `most` of them. */
async function nextRun(items: Ahead<LogEvent | Checkpoint>, most: number): Promise<LogEvent[]> {
  const run = new Map<string, LogEvent>();
  let next: IteratorResult<LogEvent | Checkpoint> | null = await items.next();
  while (next && !next.done && run.size < most) {
    const { value: item } = next;
    if (item.kind === 'event') {
      if (run.has(item.subject)) break;
      run.set(item.subject, item);
    }
    items.take();
    next = await (run.size > 0 ? items.atHand() : items.next());
  }
  return [...run.values()];
}

/** The events of a log, in its order. @throws what the log throws */
export async function* runsOf(items: AsyncIterable<LogEvent | Checkpoint>, most: number): AsyncGenerator<LogEvent[]> {
  const ahead = new Ahead(items);
  try {
    for (;;) {
      const run = await nextRun(ahead, most);
      if (run.length === 0) return;
      yield run;
    }
  } finally {
    ahead.close();
  }
}
