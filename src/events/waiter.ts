/** Somebody who waits for the next event. One that comes between a look and the wait is not slept through. */
export class Waiter {
  #woken = false;
  #resume: (() => void) | undefined;

  readonly wake = (): void => {
    this.#woken = true;
    this.#resume?.();
  };

  /** Whether something came since the last look. */
  get woken(): boolean {
    return this.#woken;
  }

  /** To be called before looking at what is there. */
  look(): void {
    this.#woken = false;
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
      if (this.#woken) resolve();
    });
  }
}
