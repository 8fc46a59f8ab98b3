import type { Database, Statement } from 'better-sqlite3';
import { Problem } from '#shared/domain/problem.ts';
import { timeOf } from '#shared/kit/ids.ts';
import type { Upkeep } from './background.ts';

const KEPT_MS = 7 * 24 * 3600 * 1000;
const KEPT_ROWS = 100_000;
/** Rows deleted in one slice, and commands after which it is looked for old ones again. */
const BATCH = 1000;

/** Ids of commands that were carried out, with hash and result: the newest 100,000 of the last 7 days. */
export class Commands {
  readonly #upkeep: Upkeep;
  readonly #insert: Statement<[string, string, string, number]>;
  readonly #get: Statement<[string], { hash: string; result: string }>;
  readonly #count: Statement<[], number>;
  readonly #oldest: Statement<[number], { rowid: number; at: number }>;
  readonly #delete: Statement<[number]>;
  readonly #remember: Statement<[string]>;
  /** Wall clock of the newest command that was forgotten. */
  #forgotten: number;
  #written = 0;

  constructor(db: Database, upkeep: Upkeep) {
    this.#upkeep = upkeep;
    this.#insert = db.prepare('INSERT INTO commands (id, hash, result, at) VALUES (?, ?, ?, ?)');
    this.#get = db.prepare('SELECT hash, result FROM commands WHERE id = ?');
    this.#count = db
      .prepare<[], number>('SELECT (SELECT max(rowid) FROM commands) - (SELECT min(rowid) FROM commands) + 1')
      .pluck();
    this.#oldest = db.prepare('SELECT rowid, at FROM commands ORDER BY rowid LIMIT ?');
    this.#delete = db.prepare('DELETE FROM commands WHERE rowid <= ?');
    this.#remember = db.prepare(`INSERT OR REPLACE INTO meta (key, value) VALUES ('commands_forgotten', ?)`);
    const kept = db.prepare<[], string>(`SELECT value FROM meta WHERE key = 'commands_forgotten'`).pluck().get();
    this.#forgotten = Number(kept ?? 0);
  }

  write(command: { id: string; hash: string; result: unknown }, at: number): void {
    this.#insert.run(command.id, command.hash, JSON.stringify(command.result ?? null), at);
    this.#written++;
  }

  /** Throws EXPIRED for an id so old that it may have been carried out and forgotten. */
  get(id: string): { hash: string; result: unknown } | null {
    const row = this.#get.get(id);
    if (row !== undefined) return { hash: row.hash, result: JSON.parse(row.result) };
    if (timeOf(id) <= this.#forgotten)
      throw new Problem(
        'EXPIRED',
        'This command is older than what is remembered; it may have been carried out already.',
        'Look at the newest state, then ask anew.',
      );
    return null;
  }

  committed(): void {
    if (this.#written >= BATCH) void this.prune();
  }

  /** Forgets what is too old or too much, oldest first. */
  async prune(): Promise<void> {
    this.#written = 0;
    try {
      await this.#upkeep.background.run(() => this.#slice());
    } catch (error) {
      this.#upkeep.logger.warn({ error }, 'Old commands could not be forgotten; they are left for later.');
    }
  }

  #slice(): boolean {
    const excess = (this.#count.get() ?? 0) - KEPT_ROWS;
    const horizon = this.#upkeep.clock.now() - KEPT_MS;
    const old = this.#oldest.all(BATCH);
    const count = old.findIndex((row, index) => index >= excess && row.at >= horizon);
    const last = old.at(count === -1 ? -1 : count - 1);
    if (count === 0 || last === undefined) return false;
    this.#upkeep.transactions.run(false, () => {
      this.#delete.run(last.rowid);
      this.#remember.run(String(last.at));
    });
    this.#forgotten = last.at;
    return count === -1;
  }
}
