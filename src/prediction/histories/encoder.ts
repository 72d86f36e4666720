/** What turns a subject's rows into columns. */
import type { CheckedRow } from '../inputs.ts';

/** Makes the columns of all rows of one subject, which are given in time order. */
export interface HistoryEncoder {
  /** Whether an answer rests on rows after its own: a row of which nobody knows whose it is spoils the subjects beside it then. */
  readonly needsAllRows: boolean;
  /** As many rows as are given, in their order; a row with problems stays as it is and is no part of the history. */
  encode(rows: readonly CheckedRow[]): CheckedRow[];
}
