import type { Database, Statement } from 'better-sqlite3';
import { decodeSpan, type Place, SPAN_TEXTS } from '../search-tables.ts';

/** Spans that are kept ready. */
const KEPT = 512;

/** Which events the numbers of texts stand for. */
export class Places {
  readonly #span: Statement<[number], { first: number; texts: Buffer }>;
  readonly #before: Statement<[number], { span: number; first: number; texts: Buffer }>;
  readonly #between: Statement<[number, number, number], number>;
  readonly #kept = new Map<number, Place[]>();

  constructor(db: Database) {
    this.#span = db.prepare('SELECT first, texts FROM search_spans WHERE span = ?');
    this.#before = db.prepare(
      'SELECT span, first, texts FROM search_spans WHERE first < ? ORDER BY first DESC LIMIT 1',
    );
    this.#between = db
      .prepare<[number, number, number], number>(
        'SELECT span FROM search_spans WHERE span <= ? AND latest >= ? AND earliest <= ? ORDER BY span DESC',
      )
      .pluck();
  }

  of(number: number): Place {
    const span = Math.floor(number / SPAN_TEXTS);
    const index = number % SPAN_TEXTS;
    let places = this.#kept.get(span);
    // The newest one grows.
    if (places === undefined || places.length <= index) {
      const row = this.#span.get(span)!;
      places = decodeSpan(row.first, row.texts);
      if (this.#kept.size >= KEPT) this.#kept.clear();
      this.#kept.set(span, places);
    }
    return places[index]!;
  }

  /** Number of the newest text whose event lies before this sequence; -1 when there is none. */
  lastBefore(seq: number): number {
    const row = this.#before.get(seq);
    if (row === undefined) return -1;
    const places = decodeSpan(row.first, row.texts);
    return row.span * SPAN_TEXTS + places.filter((place) => place.seq < seq).length - 1;
  }

  /** Spans in which there may be texts of that time (wall clock), the newest first. */
  spans(to: number, from = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER): number[] {
    return this.#between.all(Math.floor(to / SPAN_TEXTS), from, until);
  }

  /** The sequence after that of the newest text. */
  end(): number {
    const row = this.#before.get(Number.MAX_SAFE_INTEGER);
    return row === undefined ? 0 : decodeSpan(row.first, row.texts).at(-1)!.seq + 1;
  }
}
