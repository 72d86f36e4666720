/** Shares of orders, the weights of every Shapley value; and sets of players as bits. */

/** Players in a set. */
export function sizeOf(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

const known: number[][] = [];

/**
 * (a-1)! c! / (a+c)!: the share of all orders of a + c players in which one of the a comes after the other a - 1 and before
 * all of the c.
 */
export function gainShare(a: number, c: number): number {
  const found = known[a]?.[c];
  if (found !== undefined) return found;
  let share = 1 / a;
  for (let step = 1; step <= c; step += 1) share = (share * step) / (a + step);
  const row = known[a] ?? [];
  row[c] = share;
  known[a] = row;
  return share;
}
