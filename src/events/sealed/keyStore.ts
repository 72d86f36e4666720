/** The port of the patients' keys: they lie beside the log, each wrapped by a master key that does not. */

/** A patient's key as it is kept. */
export interface StoredKey {
  /** `patient.<surrogate>`, as of the events that it seals. */
  readonly subject: string;
  /** Wrapped by a master key; null once it was destroyed. */
  readonly wrapped: Uint8Array | null;
  /** ISO 8601; null of a key that is in use. */
  readonly destroyedAt: string | null;
}

/** A key in the wrapping of a master key. */
export type WrappedKey = Pick<StoredKey, 'subject'> & { readonly wrapped: Uint8Array };

export interface KeyStore {
  /** The keys of these subjects, of those that have one. */
  keys(subjects: readonly string[]): Promise<StoredKey[]>;
  /** Keeps a new key of each subject that has none; of one that has, the other stays. On disk when it returns. */
  keepKeys(keys: readonly WrappedKey[]): Promise<void>;
  /** Overwrites the key, and every payload of the subject that is not sealed. Once more changes nothing. */
  destroyKey(subject: string, at: string): Promise<void>;
  /** Keys by subject, after the one named. */
  keysAfter(subject: string, limit: number): Promise<StoredKey[]>;
  /** Puts the same keys in another wrapping; one that was destroyed meanwhile stays so. */
  rewrapKeys(keys: readonly WrappedKey[]): Promise<void>;
}
