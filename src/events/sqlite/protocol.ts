import type { AppendRequest, AppendResult, LogBounds, LogEvent } from '../eventLog.ts';

/** What the main thread asks of the worker that owns the database file, and what it answers. */
export type SqliteCall =
  | { readonly op: 'append'; readonly requests: readonly AppendRequest[] }
  | { readonly op: 'range'; readonly after: string; readonly limit: number }
  | { readonly op: 'find'; readonly msgId: string }
  | { readonly op: 'lastBySubject'; readonly subject: string }
  | { readonly op: 'bounds' }
  | { readonly op: 'cursorKey' }
  | { readonly op: 'close' };

export interface SqliteAnswers {
  append: AppendResult[];
  range: LogEvent[];
  find: LogEvent | null;
  lastBySubject: LogEvent | null;
  bounds: LogBounds;
  cursorKey: Uint8Array;
  close: null;
}

export type SqliteRequest = SqliteCall & { readonly ticket: number };
export type SqliteReply = { readonly ticket: number } & ({ readonly ok: unknown } | { readonly error: string });
