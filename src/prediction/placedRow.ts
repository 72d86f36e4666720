/** A line of a table as a row of a model. */
import type { CheckedRow } from './inputs.ts';

/** Texts of a line by the header's names. */
export type NamedCells = Readonly<Record<string, string>>;

export interface PlacedRow {
  /** `file:line`. */
  readonly at: string;
  readonly row: CheckedRow;
  /** The line's own cells by the header's names, those that the model does not take included; only where they are asked for. */
  readonly cells?: NamedCells;
  /** What is wrong with the number of cells: the line is no row at all. */
  readonly wrongLength?: string;
}
