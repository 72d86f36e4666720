/** Chance that is the same in every run. */
export interface Dice {
  /** A whole number, both bounds included. */
  readonly number: (least: number, most: number) => number;
  readonly one: <T>(of: readonly T[]) => T;
  /** Letters that are no word of the schema. */
  readonly word: () => string;
  readonly many: (count: number, make: (at: number) => string, between?: string) => string;
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return {
    number,
    one: (of) => of[number(0, of.length - 1)] as (typeof of)[number],
    word: () => `x${Array.from({ length: number(4, 12) }, () => letters[number(0, 25)]).join('')}`,
    many: (count, make, between = ' ') => Array.from({ length: count }, (_, at) => make(at)).join(between),
  };
}
