import type { Database, Statement } from 'better-sqlite3';
import { type Event, readEvent } from '#shared/domain/events.ts';
import type { Running } from './running.ts';

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

/** What an event is made of. */
type WholeRow = Omit<Row, 'turn'>;
/** A row of a page: data that might be too much for it is read by itself. */
type PageRow = Omit<WholeRow, 'data'> & { data: string | null };
const SMALL = PAGE.units / PAGE.rows;
const PAGED = `seq, session, type, version, at, iif(octet_length(data) <= ${SMALL}, data, NULL) AS data`;

const turnOf = (event: Event): string | null => ('turn' in event.data ? event.data.turn : null);

/**
 * The table of events: rows in, events out. Reads of a session give the parts of turns that run, and none of turns that
 * ended: the end has all their text.
 */
export class Rows {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #running: Running;
  readonly #insert: Statement<[number, string, string | null, string, number, number, string]>;
  readonly #at: Statement<[number], Row>;
  readonly #ofTurn: Statement<[string, number, string], Row>;
  readonly #newest: Statement<[string], number>;
  readonly #data: Statement<[number], string>;
  readonly #next: Statement<[number, number], PageRow>;
  readonly #nextOf: Statement<[string, number, number], PageRow>;
  readonly #first: Statement<[string, number, number, number], Row>;
  readonly #last: Statement<[string, number, number, number], Row>;
  readonly #told = new Set<number>();

  constructor(db: Database, logger: Logger, running: Running) {
    this.#db = db;
    this.#logger = logger;
    this.#running = running;
    this.#insert = db.prepare(
      'INSERT INTO events (seq, session, turn, type, version, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#at = db.prepare('SELECT * FROM events WHERE seq = ?');
    // The condition of the index, literally, or it is not used.
    const indexed = `FROM events WHERE session = ? AND type <> 'turn.part'`;
    this.#ofTurn = db.prepare(`SELECT * ${indexed} AND seq >= ? AND turn = ? AND type <> 'turn.timed' ORDER BY seq`);
    this.#data = db.prepare<[number], string>('SELECT data FROM events WHERE seq = ?').pluck();
    this.#next = db.prepare(`SELECT ${PAGED} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#nextOf = db.prepare(`SELECT ${PAGED} ${indexed} AND seq > ? ORDER BY seq LIMIT ?`);
    const range = `SELECT * ${indexed} AND seq > ? AND seq < ? ORDER BY seq`;
    this.#first = db.prepare(`${range} LIMIT ?`);
    this.#last = db.prepare(`${range} DESC LIMIT ?`);
    this.#newest = db
      .prepare<[string], number>(
        `SELECT seq FROM events WHERE session = ? AND type <> 'turn.part' ORDER BY seq DESC LIMIT 1`,
      )
      .pluck();
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
    return Math.max(this.#newest.get(session) ?? 0, this.#running.newestOf(session));
  }

  at(seq: number): Event | undefined {
    const row = this.#at.get(seq);
    return row && this.parse(row);
  }

  /** All of a turn that runs, from its request on. */
  ofTurn(session: string, turn: string, from: number): Event[] {
    const parts = this.#rowsAt(this.#running.parts(session, turn));
    return this.#parsed([...this.#ofTurn.all(session, from, turn), ...parts].sort(inOrder));
  }

  /** The next events of a session, or of all, up to `max`; `seq` is how far it looked, `end` that there was no more. */
  page(session: string | undefined, types: ReadonlySet<string> | undefined, after: number, max: number) {
    const events: Event[] = [];
    const most = types === undefined ? Math.min(max, PAGE.rows) : PAGE.rows;
    let [rows, units, seq] = [0, 0, after];
    for (const row of session === undefined ? this.#next.all(after, most) : this.#nextIn(session, after, most)) {
      rows++;
      seq = row.seq;
      if (types === undefined || types.has(row.type)) {
        row.data ??= this.#data.get(seq)!;
        units += row.data.length;
        const event = this.parse(row as WholeRow);
        if (event !== undefined) events.push(event);
      }
      if (events.length === max || rows === most || units > PAGE.units) return { events, seq, end: false };
    }
    return { events, seq, end: true };
  }

  /** Of one session, after `after` and before `before`, in order: the first `limit`, or the last. */
  range(session: string, after: number, before: number, limit: number, end: 'first' | 'last'): Event[] {
    const rows = (end === 'first' ? this.#first : this.#last).all(session, after, before, limit);
    rows.push(...this.#rowsAt(this.#running.between(session, after, before, limit, end)));
    rows.sort(inOrder);
    return this.#parsed(end === 'first' ? rows.slice(0, limit) : rows.slice(-limit));
  }

  /** Undefined, and said once in the log file, for what cannot be read; unknown types are skipped in silence. */
  parse(row: WholeRow): Event | undefined {
    try {
      const { seq, session, at, type, version } = row;
      return readEvent({ seq, session, at, type, version, data: JSON.parse(row.data) });
    } catch {
      if (!this.#told.has(row.seq)) this.#logger.error({ seq: row.seq, type: row.type }, 'An event cannot be read.');
      this.#told.add(row.seq);
      return undefined;
    }
  }

  /** Rows of a session in order: `most` of them, or more. */
  #nextIn(session: string, after: number, most: number): Iterable<PageRow> {
    const rows = this.#nextOf.all(session, after, most);
    const parts = this.#running.between(session, after, Number.POSITIVE_INFINITY, most);
    return parts.length === 0 ? rows : this.#merged(rows, parts);
  }

  *#merged(rows: readonly PageRow[], parts: readonly number[]): Generator<PageRow> {
    let index = 0;
    for (const row of rows) {
      while (index < parts.length && parts[index]! < row.seq) yield* this.#rowsAt([parts[index++]!]);
      yield row;
    }
    while (index < parts.length) yield* this.#rowsAt([parts[index++]!]);
  }

  #rowsAt(sequences: readonly number[]): Row[] {
    return sequences.map((seq) => this.#at.get(seq)).filter((row) => row !== undefined);
  }

  #parsed(rows: Row[]): Event[] {
    return rows.map((row) => this.parse(row)).filter((event) => event !== undefined);
  }
}

const inOrder = (a: Row, b: Row) => a.seq - b.seq;
