/**
 * Work that many subscribers ask for at the same moment, done once. What was made is given to those who ask within a second:
 * later the graph may say something else. Whoever asks has been found to be allowed what is made.
 */
const FRESH_MS = 1000;

export class SharedWork<K extends object, V> {
  readonly #made = new WeakMap<K, { readonly at: number; readonly value: V }>();

  of(key: K, make: () => V): V {
    const known = this.#made.get(key);
    const now = Date.now();
    if (known && now - known.at < FRESH_MS) return known.value;
    const value = make();
    this.#made.set(key, { at: now, value });
    return value;
  }
}
