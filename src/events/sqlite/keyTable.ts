/** The patients' keys in the log's file: with every copy of the log go the keys as they were then. */
import type Database from 'libsql';
import { decodeEnvelope, ERASED, encodeEnvelope } from '../envelope.ts';
import type { StoredKey, WrappedKey } from '../sealed/keyStore.ts';

interface Row {
  readonly subject: string;
  readonly wrapped: Uint8Array | null;
  readonly destroyedAt: string | null;
}

const toKey = ({ subject, wrapped, destroyedAt }: Row): StoredKey => ({
  subject,
  wrapped: wrapped && new Uint8Array(wrapped),
  destroyedAt,
});

/** What an event that was never sealed leaves behind; null where there is nothing to take away. */
function emptied(body: Uint8Array): Uint8Array | null {
  try {
    const { seq: _seq, ...envelope } = decodeEnvelope('', body);
    if (envelope.keyId !== null || envelope.type === ERASED) return null;
    return encodeEnvelope({ ...envelope, keyId: '0', payload: new Uint8Array() });
  } catch {
    return new Uint8Array();
  }
}

export class KeyTable {
  readonly #db: Database.Database;
  readonly #one: Database.Statement;
  readonly #after: Database.Statement;

  constructor(db: Database.Database) {
    db.exec('CREATE TABLE IF NOT EXISTS patientKey (subject TEXT PRIMARY KEY, wrapped BLOB, destroyedAt TEXT)');
    this.#db = db;
    this.#one = db.prepare('SELECT subject, wrapped, destroyedAt FROM patientKey WHERE subject = ?');
    this.#after = db.prepare('SELECT subject, wrapped, destroyedAt FROM patientKey WHERE subject > ? ORDER BY subject LIMIT ?');
  }

  of(subjects: readonly string[]): StoredKey[] {
    return subjects.flatMap((subject) => (this.#one.all(subject) as Row[]).map(toKey));
  }

  after(subject: string, limit: number): StoredKey[] {
    return (this.#after.all(subject, limit) as Row[]).map(toKey);
  }

  #together(work: () => void): null {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
    return null;
  }

  keep(keys: readonly WrappedKey[]): null {
    const keep = this.#db.prepare('INSERT OR IGNORE INTO patientKey (subject, wrapped) VALUES (?, ?)');
    return this.#together(() => {
      for (const { subject, wrapped } of keys) keep.run(subject, Buffer.from(wrapped));
    });
  }

  rewrap(keys: readonly WrappedKey[]): null {
    const rewrap = this.#db.prepare('UPDATE patientKey SET wrapped = ? WHERE subject = ? AND wrapped IS NOT NULL');
    return this.#together(() => {
      for (const { subject, wrapped } of keys) rewrap.run(Buffer.from(wrapped), subject);
    });
  }

  destroy(subject: string, at: string): null {
    const destroy = this.#db.prepare(
      `INSERT INTO patientKey (subject, wrapped, destroyedAt) VALUES (?, NULL, ?)
       ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyedAt = coalesce(destroyedAt, excluded.destroyedAt)`,
    );
    const events = this.#db.prepare('SELECT seq, body FROM event WHERE subject = ?');
    const empty = this.#db.prepare('UPDATE event SET body = ? WHERE seq = ?');
    this.#together(() => {
      destroy.run(subject, at);
      for (const { seq, body } of events.all(subject) as { seq: number; body: Uint8Array }[]) {
        const left = emptied(new Uint8Array(body));
        if (left) empty.run(Buffer.from(left), seq);
      }
    });
    // What stands beside the file has the key still.
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return null;
  }
}
