/** The port of anything that scores: an ONNX file or a published equation. */
export interface Scores {
  /** Before the link, in `marginUnit`; float64 array of length `rows`. */
  readonly margin: Float64Array;
  /** In the unit of the answer. */
  readonly value: Float64Array;
}

export interface Scorer {
  /** Scores a batch: `rows` x `columns` float32 values, row by row. Does not block the calling thread. */
  score(columns: Float32Array, rows: number): Promise<Scores>;
  close(): Promise<void>;
}
