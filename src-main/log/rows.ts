import type { Database, Statement } from 'better-sqlite3';
import { type Event, readEvent } from '#shared/domain/events.ts';

export interface Logger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

export interface Row {
  seq: number;
  session: string;
  turn: string | null;
  type: string;
  version: number;
  at: number;
  data: string;
}

/** Bounds of one page, which stays under 5 ms: rows looked at, and UTF-16 units of their data beyond the first row. */
const PAGE = { rows: 256, units: 256 * 1024 };

const turnOf = (event: Event): string | null => ('turn' in event.data ? event.data.turn : null);

/** The table of events: rows in, events out. */
export class Rows {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #insert: Statement<[number, string, string | null, string, number, number, string]>;
  readonly #at: Statement<[number], Row>;
  readonly #ofTurn: Statement<[string, number, string], Row>;
  readonly #newest: Statement<[string], number>;
  readonly #next: Statement<[number, number], Row>;
  readonly #nextOf: Statement<[string, number, number], Row>;
  readonly #first: Statement<[string, number, number, number], Row>;
  readonly #last: Statement<[string, number, number, number], Row>;
  readonly #told = new Set<number>();

  constructor(db: Database, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
    this.#insert = db.prepare(
      'INSERT INTO events (seq, session, turn, type, version, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#at = db.prepare('SELECT * FROM events WHERE seq = ?');
    // Other turns may run meanwhile, few: no index by turn, which would cost on each part that is written.
    this.#ofTurn = db.prepare(
      `SELECT * FROM events WHERE session = ? AND seq >= ? AND turn = ? AND type <> 'turn.timed' ORDER BY seq`,
    );
    this.#next = db.prepare('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#nextOf = db.prepare('SELECT * FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?');
    const range = 'SELECT * FROM events WHERE session = ? AND seq > ? AND seq < ? ORDER BY seq';
    this.#first = db.prepare(`${range} LIMIT ?`);
    this.#last = db.prepare(`${range} DESC LIMIT ?`);
    this.#newest = db.prepare<[string], number>('SELECT max(seq) FROM events WHERE session = ?').pluck();
  }

  insert(event: Event): void {
    const { seq, session, type, version, at, data } = event;
    this.#insert.run(seq, session, turnOf(event), type, version, at, JSON.stringify(data));
  }

  /** Position of the whole log. */
  last(): number {
    return this.#db.prepare<[], number | null>('SELECT max(seq) FROM events').pluck().get() ?? 0;
  }

  newestOf(session: string): number {
    return this.#newest.get(session) ?? 0;
  }

  at(seq: number): Event | undefined {
    const row = this.#at.get(seq);
    return row && this.parse(row);
  }

  /** All of a turn but its timing, from its request on. */
  ofTurn(session: string, turn: string, from: number): Event[] {
    return this.#parsed(this.#ofTurn.all(session, from, turn));
  }

  /** The next events of a session, or of all, up to `max`; `seq` is how far it looked, `end` that there was no more. */
  page(session: string | undefined, types: ReadonlySet<string> | undefined, after: number, max: number) {
    const events: Event[] = [];
    let [rows, units, seq] = [0, 0, after];
    const found =
      session === undefined ? this.#next.iterate(after, PAGE.rows) : this.#nextOf.iterate(session, after, PAGE.rows);
    for (const row of found) {
      rows++;
      units += row.data.length;
      seq = row.seq;
      const event = types === undefined || types.has(row.type) ? this.parse(row) : undefined;
      if (event !== undefined) events.push(event);
      if (events.length === max || units > PAGE.units) return { events, seq, end: false };
    }
    return { events, seq, end: rows < PAGE.rows };
  }

  /** Of one session, after `after` and before `before`, in order: the first `limit`, or the last. */
  range(session: string, after: number, before: number, limit: number, end: 'first' | 'last'): Event[] {
    if (end === 'first') return this.#parsed(this.#first.all(session, after, before, limit));
    return this.#parsed(this.#last.all(session, after, before, limit).reverse());
  }

  /** Undefined, and said once in the log file, for what cannot be read; unknown types are skipped in silence. */
  parse(row: Row): Event | undefined {
    try {
      const { seq, session, at, type, version } = row;
      return readEvent({ seq, session, at, type, version, data: JSON.parse(row.data) });
    } catch {
      if (!this.#told.has(row.seq)) this.#logger.error({ seq: row.seq, type: row.type }, 'An event cannot be read.');
      this.#told.add(row.seq);
      return undefined;
    }
  }

  #parsed(rows: Row[]): Event[] {
    return rows.map((row) => this.parse(row)).filter((event) => event !== undefined);
  }
}
