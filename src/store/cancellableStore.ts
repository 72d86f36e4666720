/** A store for one question: once it is given up nothing more is read for it, and what is being read ends. */
import type { GraphStore, Row, Statement } from './graphStore.ts';

export class CancellableStore implements GraphStore {
  readonly engine: GraphStore['engine'];
  readonly #store: GraphStore;
  readonly #signal: AbortSignal;

  constructor(store: GraphStore, signal: AbortSignal) {
    this.engine = store.engine;
    this.#store = store;
    this.#signal = signal;
  }

  /** @throws the signal's reason */
  async read<R extends Row>(statement: Statement): Promise<R[]> {
    this.#signal.throwIfAborted();
    return this.#store.read<R>(statement, this.#signal);
  }

  write(statements: readonly Statement[], guard?: Statement): Promise<Row[][] | null> {
    return this.#store.write(statements, guard);
  }

  define(statement: Statement): Promise<void> {
    return this.#store.define(statement);
  }

  scrub(): Promise<void> {
    return this.#store.scrub();
  }

  roundTrips(): number {
    return this.#store.roundTrips();
  }

  health(): Promise<void> {
    return this.#store.health();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
