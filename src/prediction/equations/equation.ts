/** What a published equation is here: a file a paper, pure, over columns by name. */
import { createHash } from 'node:crypto';
import type { RowDetail } from '../scorer.ts';

/** A row's columns by the names of the card's columns; NaN where a value is missing. */
export type EquationRow = Readonly<Record<string, number>>;

export interface Equation {
  readonly name: string;
  /** Raised whenever an answer could become another one. */
  readonly revision: string;
  /** Every number of the paper that the equation uses; part of its digest. */
  readonly constants: unknown;
  /** Columns that the equation reads. */
  readonly columns: readonly string[];
  /** The number before the link and in the unit of the answer; `spread` is half the width of its interval before the link. */
  answer(row: EquationRow): { readonly margin: number; readonly value: number; readonly spread?: number };
  /** What is said beside the number; left out where there is nothing. */
  detail?(row: EquationRow): Partial<RowDetail>;
}

/** SHA-256 over name, revision and constants: what answers, as a file's digest says it of an ONNX model. */
export function equationDigest({ name, revision, constants }: Equation): string {
  return createHash('sha256').update(JSON.stringify({ name, revision, constants })).digest('hex');
}
