import type { Database, Statement } from 'better-sqlite3';

/** All writing of the log's one writer: whole or not at all, and as durable as asked. */
export class Transactions {
  readonly #db: Database;
  readonly #begin: Statement<[]>;
  readonly #commit: Statement<[]>;
  #full = false;

  constructor(db: Database) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
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
      throw error;
    }
  }
}
