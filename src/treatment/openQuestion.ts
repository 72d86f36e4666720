/** What the record does not say, though the answer turns on it. */
export interface OpenQuestion {
  readonly question: string;
  /** The test, or what to record. */
  readonly settledBy: string;
}
