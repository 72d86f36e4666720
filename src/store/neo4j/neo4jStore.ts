import neo4j, { type Driver, type ManagedTransaction, type Session } from 'neo4j-driver';
import { AvicennaError } from '../../errors.ts';
import type { GraphStore, Row, Statement } from '../graphStore.ts';

export interface Neo4jSettings {
  /** `bolt://` for one server, `neo4j://` for a cluster (or one server) with routing. */
  readonly uri: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
}

/** Whole numbers go over Bolt as integers, so that LIMIT and comparisons mean the same as on the embedded engine. */
function toBolt(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value)) return neo4j.int(value);
  if (Array.isArray(value)) return value.map(toBolt);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toBolt(inner)]));
  }
  return value;
}

/** How long the driver tries again by itself; the projector goes on trying after it, a request does not wait longer. */
const RETRY_MS = 5000;

/** A server that takes a question and says nothing: so long it is waited for. What was written then is found out by whoever asks again. */
const WITHIN_MS = { health: 2000, read: 10_000, write: 60_000 } as const;

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AvicennaError('GRAPH_UNAVAILABLE', `Neo4j has not answered for ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Thrown inside a transaction so that the driver rolls it back: a function that returns commits. */
class GuardRefused extends Error {}

/**
 * The graph on Neo4j 5.26 or later. Reads and writes are routed (managed transactions) and one bookmark
 * manager serves the process: what was written is visible to every later read, on any member of a cluster.
 */
export class Neo4jStore implements GraphStore {
  readonly engine = 'neo4j';
  readonly #driver: Driver;
  readonly #database: string | undefined;
  readonly #bookmarks = neo4j.bookmarkManager();
  #trips = 0;

  constructor(settings: Neo4jSettings) {
    const auth = settings.user ? neo4j.auth.basic(settings.user, settings.password ?? '') : undefined;
    this.#driver = neo4j.driver(settings.uri, auth, {
      disableLosslessIntegers: true,
      maxConnectionPoolSize: 50,
      maxTransactionRetryTime: RETRY_MS,
    });
    this.#database = settings.database;
  }

  #session(mode: 'READ' | 'WRITE'): Session {
    const database = this.#database === undefined ? {} : { database: this.#database };
    return this.#driver.session({ ...database, defaultAccessMode: mode, bookmarkManager: this.#bookmarks });
  }

  async #run(transaction: ManagedTransaction, { text, params }: Statement): Promise<Row[]> {
    const result = await transaction.run(text, toBolt(params) as Row);
    return result.records.map((record) => record.toObject() as Row);
  }

  /**
   * One statement in READ mode: routed to a reader, with the bookmarks of what was written. First as an auto-commit
   * transaction, which is one message and one wait (a managed one is three writes and two waits: 1.3 against 1.9 ms);
   * where the driver says that trying again may help, as a managed read transaction, which does.
   */
  read<R extends Row>(statement: Statement, signal?: AbortSignal): Promise<R[]> {
    this.#trips += 1;
    return within(WITHIN_MS.read, this.#read<R>(statement, signal));
  }

  async #read<R extends Row>({ text, params }: Statement, signal?: AbortSignal): Promise<R[]> {
    const session = this.#session('READ');
    // Closing resets the connection, which ends the statement on the server.
    const giveUp = () => void session.close().catch(() => undefined);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      // The server ends what nobody waits for any more.
      const limit = { timeout: WITHIN_MS.read };
      const { records } = await session.run(text, toBolt(params) as Row, limit).catch((error: unknown) => {
        if (!neo4j.isRetryableError(error)) throw error;
        return session.executeRead((transaction) => transaction.run(text, toBolt(params) as Row), limit);
      });
      return records.map((record) => record.toObject() as R);
    } catch (error) {
      signal?.throwIfAborted();
      throw unavailable(error);
    } finally {
      signal?.removeEventListener('abort', giveUp);
      await session.close();
    }
  }

  write(statements: readonly Statement[], guard?: Statement): Promise<Row[][] | null> {
    this.#trips += 1;
    return within(WITHIN_MS.write, this.#write(statements, guard));
  }

  async #write(statements: readonly Statement[], guard?: Statement): Promise<Row[][] | null> {
    const session = this.#session('WRITE');
    try {
      return await session.executeWrite(async (transaction) => {
        if (guard && (await this.#run(transaction, guard)).length === 0) throw new GuardRefused();
        const results: Row[][] = [];
        for (const statement of statements) results.push(await this.#run(transaction, statement));
        return results;
      });
    } catch (error) {
      if (error instanceof GuardRefused) return null;
      throw unavailable(error);
    } finally {
      await session.close();
    }
  }

  async define(statement: Statement): Promise<void> {
    const session = this.#session('WRITE');
    try {
      await session.run(statement.text, toBolt(statement.params) as Row);
    } catch (error) {
      throw unavailable(error);
    } finally {
      await session.close();
    }
  }

  /** Its transaction log is pruned, and its disk encrypted, by whoever runs it. */
  async scrub(): Promise<void> {}

  roundTrips(): number {
    return this.#trips;
  }

  async health(): Promise<void> {
    try {
      const asked = this.#driver.verifyConnectivity(this.#database === undefined ? {} : { database: this.#database });
      await within(WITHIN_MS.health, asked);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }
}

/** A server that does not answer is GRAPH_UNAVAILABLE; anything else stays what it is. */
function unavailable(error: unknown): unknown {
  const code = (error as { code?: string }).code;
  if (code === 'ServiceUnavailable' || code === 'SessionExpired') {
    return new AvicennaError('GRAPH_UNAVAILABLE', 'Neo4j does not answer at the address that NEO4J_URI names.');
  }
  return error;
}
