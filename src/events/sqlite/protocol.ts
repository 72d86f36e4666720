import type { AppendRequest, AppendResult, LogBounds, LogEvent } from '../eventLog.ts';
import type { StoredKey, WrappedKey } from '../sealed/keyStore.ts';

/** What the main thread asks of the worker that owns the database file, and what it answers. */
export type SqliteCall =
  | { readonly op: 'append'; readonly requests: readonly AppendRequest[] }
  | { readonly op: 'range'; readonly after: string; readonly limit: number }
  | { readonly op: 'find'; readonly msgId: string }
  | { readonly op: 'lastBySubject'; readonly subject: string }
  | { readonly op: 'history'; readonly subject: string; readonly before: string | null; readonly limit: number }
  | { readonly op: 'bounds' }
  | { readonly op: 'cursorKey' }
  | { readonly op: 'decide'; readonly calls: readonly (readonly AppendRequest[])[] }
  | { readonly op: 'take'; readonly entry: CopiedEntry }
  | { readonly op: 'pass'; readonly place: number }
  | { readonly op: 'copied' }
  | { readonly op: 'keys'; readonly subjects: readonly string[] }
  | { readonly op: 'keysAfter'; readonly subject: string; readonly limit: number }
  | { readonly op: 'keepKeys'; readonly keys: readonly WrappedKey[] }
  | { readonly op: 'rewrapKeys'; readonly keys: readonly WrappedKey[] }
  | { readonly op: 'destroyKey'; readonly subject: string; readonly at: string }
  | { readonly op: 'close' };

/** One entry of another log, of which the file is a copy: the events that were written together. */
export interface CopiedEntry {
  readonly id: string;
  /** Id of the entry before it; empty of the first. */
  readonly after: string;
  /** Its place in that log, from 1, without a gap. */
  readonly place: number;
  /** Sequence of the first of its events; the others follow it. */
  readonly firstSeq: string;
  readonly events: readonly Omit<AppendRequest, 'expectSubjectSeq'>[];
  /** The first entry of a log says whose it is. */
  readonly identity?: { readonly epoch: string; readonly cursorKey: Uint8Array };
}

/** How far a copy is: the place that it has read, 0 of a new one, and the id of its last entry. */
export interface Copied {
  readonly place: number;
  readonly id: string;
}

/** What appends come to on the file as it is, and what is to be written for it. */
export interface Decided extends Copied {
  readonly results: AppendResult[][];
  readonly firstSeq: string;
  readonly events: CopiedEntry['events'];
}

export interface SqliteAnswers {
  append: AppendResult[];
  range: LogEvent[];
  find: LogEvent | null;
  lastBySubject: LogEvent | null;
  history: LogEvent[];
  bounds: LogBounds;
  cursorKey: Uint8Array;
  decide: Decided;
  take: Copied;
  pass: Copied;
  copied: Copied;
  keys: StoredKey[];
  keysAfter: StoredKey[];
  keepKeys: null;
  rewrapKeys: null;
  destroyKey: null;
  close: null;
}

export type SqliteRequest = SqliteCall & { readonly ticket: number };
export type SqliteReply = { readonly ticket: number } & ({ readonly ok: unknown } | { readonly error: string });
