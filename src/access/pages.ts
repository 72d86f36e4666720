/** Pages of lists in which some rows may not be seen. */
/** One page of a list, and whether more follows. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNext: boolean;
}

const MOST_AT_ONCE = 1000;

/** Reads on from `start` until `first` items may be seen, or there are no more; ever more at once, for what may not be seen may be much. */
export async function filled<T, P>(
  first: number,
  start: P | null,
  list: {
    readonly read: (after: P | null, limit: number) => Promise<readonly T[]>;
    readonly placeOf: (item: T) => P;
    readonly only: (items: readonly T[]) => Promise<readonly T[]>;
  },
): Promise<Page<T>> {
  const seen: T[] = [];
  let after = start;
  for (let limit = first + 1; ; limit = Math.min(2 * limit, MOST_AT_ONCE)) {
    const rows = await list.read(after, limit);
    seen.push(...(await list.only(rows)));
    const last = rows.at(-1);
    if (seen.length > first || !last || rows.length < limit) return { items: seen.slice(0, first), hasNext: seen.length > first };
    after = list.placeOf(last);
  }
}
