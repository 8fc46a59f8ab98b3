import type { Database, Statement } from 'better-sqlite3';
import type { Background } from './background.ts';
import { typeId } from './keys.ts';
import type { Rows } from './rows.ts';
import type { Running } from './running.ts';
import { logClosed } from './storage.ts';
import type { Transactions } from './transactions.ts';
import type { Tree } from './tree.ts';

/** Rows of one slice. */
const SLICE = 256;

/** Parts are in no table. */
const wanted: ReadonlySet<string> = new Set(Object.keys(typeId).filter((type) => type !== 'turn.part'));

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
  const something = db.prepare('SELECT 1 FROM events UNION ALL SELECT 1 FROM blocks LIMIT 1').get();
  const seq = something === undefined ? null : 0;
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
  readonly #progress: Statement<[number | null]>;
  #seq: number | null;
  #running: Promise<void> | undefined;

  constructor(db: Database, seq: number | null, parts: Parts) {
    this.#seq = seq;
    this.#parts = parts;
    if (seq === null) parts.running.begin();
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
    const { events, seq, end } = rows.page(undefined, wanted, after, SLICE);
    transactions.run(false, () => {
      for (const event of events) tree.write([event]);
      this.#progress.run(end ? null : seq);
    });
    this.#seq = end ? null : seq;
    if (end) running.begin();
  }
}
