/**
 * The port of the durable log. One append-only sequence; an append is acknowledged only after it is on disk.
 * SQLite implements it here; another engine must pass the same contract suite (test/events/contract.ts).
 */
export interface AppendRequest {
  /** `patient.<surrogate>`; readers filter by it. */
  readonly subject: string;
  /** De-duplication: a second append with the same id writes nothing and returns the first's sequence. */
  readonly msgId: string;
  readonly body: Uint8Array;
  /** Compare and set: the append fails unless this is the subject's last sequence (`'0'` for none). */
  readonly expectSubjectSeq?: string;
}

export type AppendResult =
  | { readonly seq: string; readonly duplicate: boolean }
  | { readonly conflict: true; readonly lastSubjectSeq: string };

export interface LogEvent {
  readonly kind: 'event';
  readonly seq: string;
  readonly subject: string;
  readonly msgId: string;
  readonly body: Uint8Array;
}

/** Nothing for this reader up to `seq`: a cursor may move on to it. */
export interface Checkpoint {
  readonly kind: 'checkpoint';
  readonly seq: string;
}

export interface ReadRequest {
  /** Exact subjects; left out, all. */
  readonly subjects?: ReadonlySet<string>;
  /** Sequence to start after; `'0'` reads from the beginning. */
  readonly after: string;
  /** Ends the iteration. Without `live` the iteration ends by itself at the end of the log. */
  readonly signal?: AbortSignal;
  readonly live?: boolean;
  /** Events held in memory for a slow reader, at most; further ones stay in the log. Default 256. */
  readonly maxBuffered?: number;
}

export interface LogBounds {
  /** Changes when the log is restored or replaced; cursors of another epoch have expired. */
  readonly epoch: string;
  readonly firstSeq: string;
  readonly lastSeq: string;
}

export interface LogHealth {
  /** What an acknowledgement is worth. */
  readonly durability: 'fsync' | 'weak';
  readonly engine: string;
  /** Messages that somebody else put among the entries since the log was opened; they are left out. */
  readonly foreign: number;
}

export interface EventLog {
  /** All or nothing for one call; in call order. */
  append(requests: readonly AppendRequest[]): Promise<AppendResult[]>;
  read(request: ReadRequest): AsyncIterable<LogEvent | Checkpoint>;
  find(msgId: string): Promise<LogEvent | null>;
  lastBySubject(subject: string): Promise<LogEvent | null>;
  /** Events of one subject, the newest first; those before a sequence where one is given. */
  history(subject: string, before: string | null, limit: number): Promise<LogEvent[]>;
  bounds(): Promise<LogBounds>;
  /** The key that cursors are signed with and identifiers are hashed with; made once with the log, it stays with its events. */
  cursorKey(): Promise<Uint8Array>;
  /** @throws AvicennaError LOG_UNAVAILABLE */
  health(): Promise<LogHealth>;
  close(): Promise<void>;
}

/** Sequences are decimal strings of any length; they compare as numbers. */
export function compareSeq(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
