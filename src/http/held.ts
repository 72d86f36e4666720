/** What open subscriptions hold of what was sent for them, of all connections together: each is small, and there may be many. */
export class Held {
  readonly #most: number;
  #characters = 0;

  /** @param most characters of documents and variables */
  constructor(most = 50_000_000) {
    this.#most = most;
  }

  /** What gives them back, once; null where there would be too many. */
  take(characters: number): (() => void) | null {
    if (this.#characters + characters > this.#most) return null;
    this.#characters += characters;
    let given = false;
    return () => {
      if (!given) this.#characters -= characters;
      given = true;
    };
  }

  get characters(): number {
    return this.#characters;
  }
}
