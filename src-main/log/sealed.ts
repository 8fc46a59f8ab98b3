import type { Database, Statement } from 'better-sqlite3';
import type { Block, Row } from './bodies.ts';

/** Sequences within which cold events of all sessions are looked for at once; `WIDER` times as many when there are none. */
const WINDOW = 512;
const WIDER = 16;
/** Blocks that are unpacked for one page beyond those that reach into its first sequences. */
const MOST_BLOCKS = 8;

/** A row of any session, with the key of its session. */
interface SealedRow extends Row {
  session: number;
}

/** Pages of cold events, of one session or of all, out of their blocks. Sessions are keys. */
export class Sealed {
  readonly #rows: (block: Block) => Iterable<Row>;
  readonly #after: Statement<[number, number], Block>;
  readonly #before: Statement<[number, number], Block>;
  readonly #spans: Statement<[], number>;
  readonly #over: Statement<[number, number, number, number], Block>;
  readonly #newest: Statement<[number], number>;
  readonly #last: Statement<[], number | null>;
  readonly #count: Statement<[number], number | null>;

  /** `rows` reads those of a block. */
  constructor(db: Database, rows: (block: Block) => Iterable<Row>) {
    this.#rows = rows;
    const block = 'SELECT id, session, first, last FROM blocks';
    this.#after = db.prepare(`${block} WHERE session = ? AND last > ? ORDER BY last LIMIT 1`);
    this.#before = db.prepare(`${block} WHERE session = ? AND last < ? ORDER BY last DESC LIMIT 1`);
    // One look into the index for each that occurs.
    const each = `WITH RECURSIVE each (span) AS (
        SELECT min(span) FROM blocks
        UNION ALL SELECT (SELECT min(span) FROM blocks WHERE blocks.span > each.span) FROM each WHERE span IS NOT NULL
      )`;
    this.#spans = db.prepare<[], number>(`${each} SELECT span FROM each WHERE span IS NOT NULL`).pluck();
    this.#last = db
      .prepare<[], number | null>(
        `${each} SELECT max((SELECT max(last) FROM blocks WHERE blocks.span = each.span)) FROM each`,
      )
      .pluck();
    this.#over = db.prepare(`${block} WHERE span = ? AND last > ? AND last < ? AND first < ?`);
    this.#newest = db.prepare<[number], number>('SELECT max(last) FROM blocks WHERE session = ?').pluck();
    this.#count = db.prepare<[number], number | null>('SELECT sum(events) FROM blocks WHERE session = ?').pluck();
  }

  /** Of all sessions; 0 when nothing is cold. */
  last(): number {
    return this.#last.get() ?? 0;
  }

  newestOf(session: number): number {
    return this.#newest.get(session) ?? 0;
  }

  countOf(session: number): number {
    return this.#count.get(session) ?? 0;
  }

  /** Of one session, after `after` and before `before`, in order: the first `limit`, or the last. */
  of(session: number, after: number, before: number, limit: number, end: 'first' | 'last' = 'first'): Row[] {
    const found: Row[] = [];
    if (end === 'first')
      for (
        let block = this.#after.get(session, after);
        block !== undefined && block.first < before && found.length < limit;
        block = this.#after.get(session, block.last)
      )
        found.push(...this.#within(block, after, before));
    else
      for (
        let block = this.#reaching(session, before);
        block !== undefined && block.last > after && found.length < limit;
        block = this.#before.get(session, block.first)
      )
        found.unshift(...this.#within(block, after, before));
    return end === 'first' ? found.slice(0, limit) : found.slice(-limit);
  }

  /**
   * Of all sessions, after `after` and before `before`, in order, `most` at most, maybe none: all there are up to
   * `reached`, which is just before `before` when there are no more.
   */
  all(after: number, before: number, most: number): { rows: SealedRow[]; reached: number } {
    const end = Math.min(before, this.last() + 1);
    for (let width = WINDOW; after + 1 < end; width *= WIDER) {
      const blocks = this.#between(after, Math.min(end, after + 1 + width));
      if (blocks.length === 0 && after + width < end) continue;
      const wide = blocks[MOST_BLOCKS]?.first ?? end;
      const bound = Math.min(end, after + 1 + width, Math.max(wide, after + 1 + WINDOW));
      const rows = blocks.flatMap((block) =>
        this.#within(block, after, bound).map((row) => ({ ...row, session: block.session })),
      );
      rows.sort((a, b) => a.seq - b.seq);
      if (rows.length > most) return { rows: rows.slice(0, most), reached: rows[most - 1]!.seq };
      return { rows, reached: bound === end ? before - 1 : bound - 1 };
    }
    return { rows: [], reached: before - 1 };
  }

  #within(block: Block, after: number, before: number): Row[] {
    const rows = [...this.#rows(block)];
    return block.first > after && block.last < before ? rows : rows.filter(({ seq }) => seq > after && seq < before);
  }

  /** The last block of a session that begins before `before`. */
  #reaching(session: number, before: number): Block | undefined {
    const around = this.#after.get(session, before - 1);
    return around !== undefined && around.first < before ? around : this.#before.get(session, before);
  }

  /** Blocks that may hold events after `after` and before `before`, by their beginnings. */
  #between(after: number, before: number): Block[] {
    const blocks = this.#spans.all().flatMap((span) => this.#over.all(span, after, before + 2 ** span, before));
    return blocks.sort((a, b) => a.first - b.first);
  }
}
