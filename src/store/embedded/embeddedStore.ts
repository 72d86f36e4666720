import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import grafeo from '@grafeo-db/js';
import { AvicennaError } from '../../errors.ts';
import type { GraphStore, Row, Statement } from '../graphStore.ts';

const { GrafeoDB } = grafeo;
type Database = InstanceType<typeof GrafeoDB>;

const CHECKPOINT_EVERY_MS = 60_000;
const CHECKPOINT_AT_BYTES = 64 * 1024 * 1024;

/**
 * A result with what differs from Neo4j evened out: Date -> ISO text, bigint -> number. The rows are the engine's own
 * and nobody else's, so they are changed in place: copying them was a tenth of a patient page.
 */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  const members = value as Record<string, unknown>;
  for (const key in members) {
    const inner = members[key];
    if (typeof inner === 'bigint' || (typeof inner === 'object' && inner !== null)) members[key] = plain(inner);
  }
  return value;
}

/** Who holds the folder: the lock itself is the engine's; this only lets the error name the process. */
function holder(pidFile: string): string {
  if (!existsSync(pidFile)) return 'another process';
  return `process ${readFileSync(pidFile, 'utf8').trim()}`;
}

/** The graph in this process, on disk under `directory`. Nothing to install; one process at a time. */
export class EmbeddedStore implements GraphStore {
  readonly engine = 'embedded';
  readonly #db: Database;
  readonly #pidFile: string;
  #trips = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(db: Database, pidFile: string) {
    this.#db = db;
    this.#pidFile = pidFile;
  }

  /** Throws DATA_IN_USE, naming the pid, where another process owns the folder. */
  static open(directory: string): EmbeddedStore {
    const pidFile = join(directory, 'owner.pid');
    try {
      // As secret as the patients in it: a folder that is made here is its owner's only.
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const db = GrafeoDB.create(join(directory, 'graph'));
      writeFileSync(pidFile, `${process.pid}\n`);
      db.setCheckpointTriggers({ intervalMs: CHECKPOINT_EVERY_MS, walBytes: CHECKPOINT_AT_BYTES });
      return new EmbeddedStore(db, pidFile);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (/lock|in use|busy/i.test(message)) {
        throw new AvicennaError(
          'DATA_IN_USE',
          `The data directory is in use by ${holder(pidFile)}: stop it, or go through it where the command has --url.`,
          directory,
        );
      }
      throw new AvicennaError('GRAPH_UNAVAILABLE', `The embedded graph cannot be opened: ${message}`, directory);
    }
  }

  async read<R extends Row>(statement: Statement): Promise<R[]> {
    this.#trips += 1;
    const result = await this.#db.executeCypher(statement.text, statement.params);
    return result.toArray().map((row: unknown) => plain(row) as R);
  }

  write(statements: readonly Statement[], guard?: Statement): Promise<Row[][] | null> {
    const mine = this.#writing.then(() => this.#transaction(statements, guard));
    this.#writing = mine.catch(() => undefined);
    return mine;
  }

  async #transaction(statements: readonly Statement[], guard?: Statement): Promise<Row[][] | null> {
    this.#trips += 1;
    const transaction = this.#db.beginTransaction();
    try {
      if (guard && (await transaction.executeCypher(guard.text, guard.params)).toArray().length === 0) {
        transaction.rollback();
        return null;
      }
      const results: Row[][] = [];
      for (const { text, params } of statements) {
        const result = await transaction.executeCypher(text, params);
        results.push(result.toArray().map((row: unknown) => plain(row) as Row));
      }
      transaction.commit();
      return results;
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  }

  async define(statement: Statement): Promise<void> {
    await this.#db.executeCypher(statement.text, statement.params);
  }

  /** Files keep what was deleted until their pages are written anew. */
  scrub(): Promise<void> {
    const mine = this.#writing.then(() => {
      this.#db.compact();
    });
    this.#writing = mine.catch(() => undefined);
    return mine;
  }

  roundTrips(): number {
    return this.#trips;
  }

  async health(): Promise<void> {
    await this.#db.executeCypher('RETURN 1 AS ok');
  }

  async close(): Promise<void> {
    await this.#writing;
    this.#db.walCheckpoint();
    this.#db.close();
    rmSync(this.#pidFile, { force: true });
  }
}
