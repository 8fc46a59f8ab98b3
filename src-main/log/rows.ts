import type { Database, Statement } from 'better-sqlite3';
import { type Event, readEvent } from '#shared/domain/events.ts';
import { Bodies, type Row } from './bodies.ts';
import { type Keys, PART, TypeNames, typeId, types } from './keys.ts';
import type { Running } from './running.ts';
import { Sealed } from './sealed.ts';
import { isStorage } from './storage.ts';

export interface Logger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Bounds of one page, which stays under 5 ms: rows looked at, and UTF-16 units of their data beyond the first row. */
const PAGE = { rows: 256, units: 256 * 1024 };
/** Requests whose sequences are remembered until they are committed. */
const REQUESTS = 4096;

/** A row of a page: data that might be too much for it is read by itself. */
interface PageRow extends Omit<Row, 'data'> {
  session: number;
  data: string | null;
}
const SMALL = PAGE.units / PAGE.rows;
const ROW = 'seq, type, version, at, data';
const PAGED = `seq, session, type, version, at, iif(octet_length(data) <= ${SMALL}, data, NULL) AS data`;

/**
 * Events in and out: hot ones in their table, cold ones in blocks (`sealed.ts`), which nobody notices who reads here. Of
 * a session all that is cold came before all that is hot. Reads of a session give the parts of turns that run, and none
 * of turns that ended: the end has all their text.
 */
export class Rows {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #running: Running;
  readonly #keys: Keys;
  readonly #names: TypeNames;
  readonly #bodies: Bodies;
  readonly #sealed: Sealed;
  readonly #insert: Statement<[number, number, number | null, number, number, number, string]>;
  readonly #ofTurn: Statement<[number, number, number], Row>;
  readonly #newest: Statement<[number], number>;
  readonly #count: Statement<[number], number>;
  readonly #data: Statement<[number], string>;
  readonly #next: Statement<[number, number], PageRow>;
  readonly #nextOf: Statement<[number, number, number], PageRow>;
  readonly #first: Statement<[number, number, number, number], Row>;
  readonly #last: Statement<[number, number, number, number], Row>;
  readonly #requests = new Map<string, number>();
  readonly #told = new Set<number>();

  constructor(db: Database, logger: Logger, running: Running, keys: Keys, bodies = new Bodies(db)) {
    this.#db = db;
    this.#logger = logger;
    this.#running = running;
    this.#keys = keys;
    this.#names = new TypeNames(db);
    this.#bodies = bodies;
    this.#sealed = new Sealed(db, (block) => this.#attempt(block.first, () => this.#bodies.rows(block).values()) ?? []);
    this.#insert = db.prepare(
      'INSERT INTO events (seq, session, turn, type, version, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    // The condition of the index, literally, or it is not used.
    const indexed = `FROM events WHERE session = ? AND type <> ${PART}`;
    this.#ofTurn = db.prepare(
      `SELECT ${ROW} ${indexed} AND seq >= ? AND turn = ? AND type <> ${types('turn.timed')} ORDER BY seq`,
    );
    this.#data = db.prepare<[number], string>('SELECT data FROM events WHERE seq = ?').pluck();
    this.#next = db.prepare(`SELECT ${PAGED} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#nextOf = db.prepare(`SELECT ${PAGED} ${indexed} AND seq > ? ORDER BY seq LIMIT ?`);
    const range = `SELECT ${ROW} ${indexed} AND seq > ? AND seq < ? ORDER BY seq`;
    this.#first = db.prepare(`${range} LIMIT ?`);
    this.#last = db.prepare(`${range} DESC LIMIT ?`);
    this.#newest = db.prepare<[number], number>(`SELECT seq ${indexed} ORDER BY seq DESC LIMIT 1`).pluck();
    this.#count = db.prepare<[number], number>(`SELECT count(*) ${indexed}`).pluck();
  }

  /** Within a transaction; whoever rolls it back calls `forget`. */
  insert(event: Event): void {
    const { seq, session, type, version, at, data } = event;
    const turn = this.#turnOf(event);
    this.#insert.run(seq, this.#keys.make(session), turn, typeId[type], version, at, JSON.stringify(data));
  }

  /** After a transaction that was rolled back. */
  forget(): void {
    this.#requests.clear();
    this.#bodies.forget();
  }

  /** Position of the whole log. */
  last(): number {
    const hot = this.#db.prepare<[], number | null>('SELECT max(seq) FROM events').pluck().get() ?? 0;
    return Math.max(hot, this.#sealed.last());
  }

  newestOf(session: string): number {
    const key = this.#keys.of(session);
    if (key === undefined) return 0;
    return Math.max(this.#newest.get(key) ?? this.#sealed.newestOf(key), this.#running.newestOf(session));
  }

  /** Events of a session, without parts of turns that run. */
  count(session: string): number {
    const key = this.#keys.of(session);
    return key === undefined ? 0 : (this.#count.get(key) ?? 0) + this.#sealed.countOf(key);
  }

  at(session: string, seq: number): Event | undefined {
    const key = this.#keys.of(session);
    const row = key === undefined ? undefined : this.#attempt(seq, () => this.#bodies.row(key, seq));
    return row && this.#parse(session, row);
  }

  /** Those of these sequences that can be read. */
  some(session: string, sequences: readonly number[]): Map<number, Event> {
    const events = new Map<number, Event>();
    const key = this.#keys.of(session);
    if (key === undefined || sequences.length === 0) return events;
    for (const [seq, row] of this.#bodies.some(key, sequences)) {
      const event = this.#parse(session, row);
      if (event !== undefined) events.set(seq, event);
    }
    return events;
  }

  /** All of a turn that runs, from its request on. */
  ofTurn(session: string, turn: string, from: number): Event[] {
    const key = this.#keys.of(session);
    if (key === undefined) return [];
    const parts = this.#rowsAt(key, this.#running.parts(session, turn));
    return this.#parsed(session, [...this.#ofTurn.all(key, from, from), ...parts].sort(inOrder));
  }

  /** The next events of a session, or of all, up to `max`; `seq` is how far it looked, `end` that there was no more. */
  page(session: string | undefined, types: ReadonlySet<string> | undefined, after: number, max: number) {
    const events: Event[] = [];
    const most = types === undefined ? Math.min(max, PAGE.rows) : PAGE.rows;
    const found = session === undefined ? this.#nextOfAll(after, most) : this.#nextIn(session, after, most);
    let [rows, units, seq] = [0, 0, after];
    for (const row of found.rows) {
      rows++;
      seq = row.seq;
      if (types === undefined || types.has(this.#names.of(row.type))) {
        row.data ??= this.#data.get(seq)!;
        units += row.data.length;
        const event = this.#parse(session ?? this.#keys.id(row.session), row as Row);
        if (event !== undefined) events.push(event);
      }
      if (events.length === max || rows === most || units > PAGE.units) return { events, seq, end: false };
    }
    return { events, seq: found.end ? seq : Math.max(seq, found.reached), end: found.end };
  }

  /** Of one session, after `after` and before `before`, in order: the first `limit`, or the last. */
  range(session: string, after: number, before: number, limit: number, end: 'first' | 'last'): Event[] {
    const key = this.#keys.of(session);
    if (key === undefined) return [];
    const cold = end === 'first' ? this.#sealed.of(key, after, before, limit) : [];
    const rows = cold.length < limit ? this.#hot(session, key, [after, before], limit - cold.length, end) : [];
    if (end === 'last' && rows.length < limit)
      cold.push(...this.#sealed.of(key, after, before, limit - rows.length, 'last'));
    return this.#parsed(session, [...cold, ...rows]);
  }

  #hot(session: string, key: number, [after, before]: [number, number], limit: number, end: 'first' | 'last'): Row[] {
    const rows = (end === 'first' ? this.#first : this.#last).all(key, after, before, limit);
    rows.push(...this.#rowsAt(key, this.#running.between(session, after, before, limit, end)));
    rows.sort(inOrder);
    return end === 'first' ? rows.slice(0, limit) : rows.slice(-limit);
  }

  /** Undefined, and said once in the log file, for a block that cannot be unpacked: what lies elsewhere can be read. */
  #attempt<T>(seq: number, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (isStorage(error)) throw error;
      if (!this.#told.has(seq)) this.#logger.error({ seq, error }, 'A block of events cannot be read.');
      this.#told.add(seq);
      return undefined;
    }
  }

  /** Undefined, and said once in the log file, for what cannot be read; unknown types are skipped in silence. */
  #parse(session: string, { seq, at, type: number, version, data }: Row): Event | undefined {
    const type = this.#names.of(number);
    try {
      return readEvent({ seq, session, at, type, version, data: JSON.parse(data) });
    } catch {
      if (!this.#told.has(seq)) this.#logger.error({ seq, type }, 'An event cannot be read.');
      this.#told.add(seq);
      return undefined;
    }
  }

  /** Hot and cold ones of all sessions. */
  #nextOfAll(after: number, most: number): Found {
    const hot = this.#next.all(after, most);
    const before = hot.length < most ? Number.MAX_SAFE_INTEGER : hot.at(-1)!.seq + 1;
    const { rows, reached } = this.#sealed.all(after, before, most);
    const end = hot.length < most && reached === before - 1;
    if (rows.length === 0 && end) return { rows: hot, reached, end };
    const all = [...rows, ...hot.filter(({ seq }) => seq <= reached)];
    return { rows: all.sort(inOrder), reached, end };
  }

  /** Rows of a session: `most` of them, or more. */
  #nextIn(session: string, after: number, most: number): Found {
    const key = this.#keys.of(session);
    if (key === undefined) return { rows: [], reached: after, end: true };
    const cold = this.#sealed.of(key, after, Number.MAX_SAFE_INTEGER, most);
    const rows: PageRow[] = cold.map((row) => ({ ...row, session: key }));
    if (cold.length < most) {
      const hot = this.#nextOf.all(key, after, most - cold.length);
      const parts = this.#running.between(session, after, Number.POSITIVE_INFINITY, most - cold.length);
      rows.push(...(parts.length === 0 ? hot : [...hot, ...this.#paged(key, parts)].sort(inOrder)));
    }
    return { rows, reached: after, end: true };
  }

  #paged(key: number, sequences: readonly number[]): PageRow[] {
    return this.#rowsAt(key, sequences).map((row) => ({ ...row, session: key }));
  }

  #rowsAt(key: number, sequences: readonly number[]): Row[] {
    return sequences.map((seq) => this.#bodies.row(key, seq)).filter((row) => row !== undefined);
  }

  #parsed(session: string, rows: Row[]): Event[] {
    return rows.map((row) => this.#parse(session, row)).filter((event) => event !== undefined);
  }

  /** The sequence of the request of the turn to which it belongs. Null also for what comes after its end. */
  #turnOf({ type, seq, session, data }: Event): number | null {
    if (!('turn' in data)) return null;
    if (type === 'turn.requested') {
      if (this.#requests.size >= REQUESTS) this.#requests.clear();
      this.#requests.set(data.turn, seq);
      return seq;
    }
    return this.#running.requested(session, data.turn) ?? this.#requests.get(data.turn) ?? null;
  }
}

interface Found {
  rows: PageRow[];
  /** All there are up to this sequence. */
  reached: number;
  /** There are no more than these. */
  end: boolean;
}

const inOrder = (a: { seq: number }, b: { seq: number }) => a.seq - b.seq;
