/** Records that were opened in an emergency since this server started: whoever runs it is told of each. */
import { LRUCache } from 'lru-cache';

/** Events remembered, so that a command that is repeated is told once. */
const MOST_REMEMBERED = 1000;

export class Emergencies {
  readonly #tell: (event: string) => void;
  readonly #told = new LRUCache<string, true>({ max: MOST_REMEMBERED });
  #count = 0;

  /** @param tell given the event's id, which names nobody: who, whose and why is in the audit and on the record */
  constructor(tell: (event: string) => void) {
    this.#tell = tell;
  }

  get count(): number {
    return this.#count;
  }

  opened(event: string): void {
    if (this.#told.has(event)) return;
    this.#told.set(event, true);
    this.#count += 1;
    this.#tell(event);
  }
}
