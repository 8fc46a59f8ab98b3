import type { Database, Statement } from 'better-sqlite3';
import type { Background } from './background.ts';
import type { Row, Rows } from './rows.ts';
import type { Running } from './running.ts';
import { logClosed } from './storage.ts';
import type { Transactions } from './transactions.ts';
import type { Tree } from './tree.ts';

/** Rows of one slice. */
const SLICE = 256;

/** A table, or some, computed from events. `seq` is how far it is filled; null: it grows in each commit. */
export interface Projection {
  name: string;
  version: number;
  tables: readonly string[];
  create(db: Database): void;
}

/** Makes the tables anew when they are missing or of another version. Returns how far they are filled. */
export function openProjection(db: Database, { name, version, tables, create }: Projection): number | null {
  const known = db
    .prepare<[string], { version: number; seq: number | null }>('SELECT version, seq FROM projections WHERE name = ?')
    .get(name);
  const exists = db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?');
  if (known?.version === version && tables.every((table) => exists.get(table) !== undefined)) return known.seq;
  const seq = db.prepare('SELECT 1 FROM events LIMIT 1').get() === undefined ? null : 0;
  db.transaction(() => {
    for (const table of tables) db.exec(`DROP TABLE IF EXISTS ${table}`);
    create(db);
    db.prepare('INSERT OR REPLACE INTO projections (name, version, seq) VALUES (?, ?, ?)').run(name, version, seq);
  })();
  return seq;
}

interface Parts {
  rows: Rows;
  tree: Tree;
  running: Running;
  transactions: Transactions;
  background: Background;
}

/** Fills the tables of the tree from the log and finds what ran, after opening and in slices. */
export class Rebuild {
  readonly #parts: Parts;
  readonly #page: Statement<[number, number], Row>;
  readonly #progress: Statement<[number | null]>;
  #seq: number | null;
  #running: Promise<void> | undefined;

  constructor(db: Database, seq: number | null, parts: Parts) {
    this.#seq = seq;
    this.#parts = parts;
    if (seq === null) parts.running.begin();
    this.#page = db.prepare(
      `SELECT seq, session, turn, type, version, at, CASE type WHEN 'turn.part' THEN '' ELSE data END AS data
       FROM events WHERE seq > ? ORDER BY seq LIMIT ?`,
    );
    this.#progress = db.prepare(`UPDATE projections SET seq = ? WHERE name = 'tree'`);
  }

  get done(): boolean {
    return this.#seq === null && this.#parts.running.complete;
  }

  /** Undefined when all is known. Rejects when the tables cannot be filled now; asking again tries again. */
  ready(): Promise<void> | undefined {
    if (this.done) return undefined;
    this.#running ??= this.#parts.background
      .run(() => this.#slice())
      .then(
        () => {
          if (!this.done) throw logClosed();
        },
        (error: unknown) => {
          this.#running = undefined;
          throw error;
        },
      );
    return this.#running;
  }

  #slice(): boolean {
    if (this.#seq === null) this.#parts.running.search();
    else this.#fill(this.#seq);
    return !this.done;
  }

  #fill(after: number): void {
    const { rows, tree, running, transactions } = this.#parts;
    const page = this.#page.all(after, SLICE);
    const seq = page.length < SLICE ? null : page.at(-1)!.seq;
    transactions.run(false, () => {
      for (const row of page) {
        const event = row.type === 'turn.part' ? undefined : rows.parse(row);
        if (event !== undefined) tree.write([event]);
      }
      this.#progress.run(seq);
    });
    this.#seq = seq;
    if (seq === null) running.begin();
  }
}
