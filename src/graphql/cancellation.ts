import { AvicennaError } from '../errors.ts';

/** Why what a client asked that has gone is given up. */
export const GONE = new AvicennaError('TIME_SPENT', 'Nobody waits for the answer any more.');

/** Whether anybody waits for an answer any more: what a query has begun is given up where nobody does. */
export class Cancellation {
  readonly #controller = new AbortController();
  #reason: Error | undefined;
  #isQuery = false;

  /** Aborted once nobody waits for a query; never of a command, whose work may be durable already. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What runs is a query: it changes nothing, and may end anywhere. */
  allow(): void {
    this.#isQuery = true;
    if (this.#reason) this.#controller.abort(this.#reason);
  }

  /** Nobody waits any more. */
  giveUp(reason: Error): void {
    this.#reason = reason;
    if (this.#isQuery) this.#controller.abort(reason);
  }
}
