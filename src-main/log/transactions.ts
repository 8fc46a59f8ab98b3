import type { Database, Statement } from 'better-sqlite3';

/** All writing of the log's one writer: whole or not at all, and as durable as asked. And reads, several at once. */
export class Transactions {
  readonly #db: Database;
  readonly #begin: Statement<[]>;
  readonly #look: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #undone: (() => void)[] = [];
  #full = false;

  constructor(db: Database) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#look = db.prepare('BEGIN');
    this.#commit = db.prepare('COMMIT');
  }

  /** Calls `forget` after each transaction that was rolled back. */
  onUndone(forget: () => void): void {
    this.#undone.push(forget);
  }

  /** Reads that belong together: each alone would lock the journal and let go of it, which takes longer than most reads. */
  reading<T>(work: () => T): T {
    this.#look.run();
    try {
      return work();
    } finally {
      if (this.#db.inTransaction) this.#commit.run();
    }
  }

  /** `durable`: survives a power cut; otherwise only a kill. */
  run<T>(durable: boolean, work: () => T): T {
    if (durable !== this.#full) {
      this.#db.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      this.#full = durable;
    }
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors of the disk.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      for (const forget of this.#undone) forget();
      throw error;
    }
  }
}
