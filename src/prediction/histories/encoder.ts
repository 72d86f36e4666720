/** What turns a subject's rows into columns. */
import type { CheckedRow } from '../inputs.ts';

/** Makes the columns of all rows of one subject, which are given in time order. */
export interface HistoryEncoder {
  /**
   * Whether an answer rests on rows after its own: all rows of a subject are gathered from the whole table then, and a row
   * that cannot be told to whom it belongs spoils the subjects beside it.
   */
  readonly needsAllRows: boolean;
  /** As many rows as are given, in their order; a row with problems stays as it is and is no part of the history. */
  encode(rows: readonly CheckedRow[]): CheckedRow[];
}
