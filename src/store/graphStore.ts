/**
 * The port of the property graph. Statements are values; both engines run the same text. Results are plain rows:
 * maps, lists, strings, numbers, booleans and null (statements return maps, never nodes).
 */
export interface Statement {
  /** Names the statement in metrics; never a value of a patient. */
  readonly name: string;
  readonly text: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type Row = Record<string, unknown>;

export interface GraphStore {
  readonly engine: 'embedded' | 'neo4j';
  /**
   * One statement, one round trip.
   * @param signal ends the statement on a server elsewhere; in this process it runs to its end
   */
  read<R extends Row>(statement: Statement, signal?: AbortSignal): Promise<R[]>;
  /**
   * All statements in one transaction, committed together. `guard`, where given, is the first statement and must
   * return a row; otherwise everything is rolled back and the answer is null (another writer was there first).
   * A reader sees nothing of a call that is not committed. A read that runs while a call commits sees all of it or
   * nothing on the embedded engine; Neo4j reads committed data node by node, so there it may see a part.
   */
  write(statements: readonly Statement[], guard?: Statement): Promise<Row[][] | null>;
  /** Statements that change the schema, each by itself (Neo4j refuses them beside data). */
  define(statement: Statement): Promise<void>;
  /** Overwrites what was deleted, in the files that the engine keeps here; a server elsewhere looks after its own (SECURITY.md). */
  scrub(): Promise<void>;
  /** Number of round trips since the start: what the tests count. */
  roundTrips(): number;
  health(): Promise<void>;
  close(): Promise<void>;
}

/** Builds a statement: one place, so that every text has a name. */
export function statement(name: string, text: string, params: Readonly<Record<string, unknown>> = {}): Statement {
  return { name, text, params };
}
