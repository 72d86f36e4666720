/** How a count is published, and what whoever reads it knows of the true one. */

/**
 * A count below this and above 0 is not shown: the smallest cell of the CMS cell size suppression policy, under which a 0 may be shown
 * (ResDAC, "CMS Cell Size Suppression Policy", 2020).
 */
export const SMALLEST = 11;
const STEP = 5;

export const isFew = (count: number): boolean => count > 0 && count < SMALLEST;

/** To the nearest 5; 0 is 0. */
export const rounded = (count: number): number => Math.round(count / STEP) * STEP;

/** From the least to the most that a count can be. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** What a shown count can have been: 11 or 12 is shown as 10, 13 to 17 as 15, and so on. */
export function spanOf(shown: number): Span {
  if (shown === 0) return { low: 0, high: 0 };
  return { low: Math.max(SMALLEST, shown - 2), high: shown + 2 };
}
