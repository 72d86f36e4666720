/** How often the projection tries, what it waits for, and what it gives up. */
import { setTimeout as pause } from 'node:timers/promises';
import { AvicennaError } from '../errors.ts';

const RETRY_MS = 1000;
/** How often an event is tried before it is set aside. */
const TRIES = 3;
const WAITED_FOR: ReadonlySet<string> = new Set(['GRAPH_UNAVAILABLE', 'LOG_UNAVAILABLE']);
/** Errors of ours that an event, or a model that is asked about it, is to blame for. */
const EVENTS_OWN: ReadonlySet<string> = new Set(['EVENT_INVALID', 'MODEL_INVALID']);

/** A graph or a log that is away is waited for, until `signal` aborts. */
export async function whileAway(step: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof AvicennaError) || !WAITED_FOR.has(error.code)) throw error;
      await pause(RETRY_MS);
    }
  }
}

/** Null where it was done, now or after a few tries; otherwise what is wrong with it. Throws what is wrong with the program. */
export async function attempt(step: () => Promise<void>, signal: AbortSignal): Promise<Error | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      await whileAway(step, signal);
      return null;
    } catch (error) {
      if (error instanceof AvicennaError && !EVENTS_OWN.has(error.code)) throw error;
      if (tries === TRIES) return error instanceof Error ? error : new Error(String(error));
      await pause(RETRY_MS / 5);
    }
  }
}
