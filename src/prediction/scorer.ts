/** The port of anything that scores: an ONNX file or a published equation. */
export interface Scores {
  /** Before the link, in `marginUnit`; float64 array of length `rows`. */
  readonly margin: Float64Array;
  /** In the unit of the answer. */
  readonly value: Float64Array;
  /** Half the width of each row's interval on the margin; left out where the model does not say it. */
  readonly spread?: Float64Array;
}

/** What is said of one row beside its number. */
export interface RowDetail {
  /** Further answers by name; one that cannot be given for this row is not there. */
  readonly components: Readonly<Record<string, number>>;
  /** Null where the card's categories of the value say it, or nothing does. */
  readonly category: string | null;
  /** Why the row is not answered at all, naming the input; null where it is. */
  readonly refusal: string | null;
  /** What to be careful about in an answer that is given. */
  readonly warnings: readonly string[];
  /** What a person reads beside the number: a plan, in words; null where there is nothing. */
  readonly statement: string | null;
}

/** A row of which there is nothing to say beside its number. */
export const NOTHING_MORE: RowDetail = { components: {}, category: null, refusal: null, warnings: [], statement: null };

export interface Scorer {
  /**
   * Scores a batch: `rows` x `columns` float64 values, row by row; an ONNX file is given them as float32. A missing value
   * is NaN where the card fills in nothing. Does not block the calling thread.
   */
  score(columns: Float64Array, rows: number): Promise<Scores>;
  /** What else there is to say of one row. */
  detail(row: Float64Array): RowDetail;
  /**
   * Opens what answers, so that what does not fit its card is found before the first question, and where `keep` leaves it open.
   * @throws AvicennaError MODEL_INVALID or MODEL_DIGEST_MISMATCH
   */
  check(keep: boolean): Promise<void>;
}
