import type { Database, Statement } from 'better-sqlite3';
import { SYSTEM } from '#shared/domain/events.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Block, Bodies, Row } from './bodies.ts';
import { type Keys, PART, typeId } from './keys.ts';

/** Nothing may have happened for so long. */
export const COLD_MS = 3600 * 1000;
/** The newest nodes of a session that goes on stay as they are; where it has none, the newest events. */
const HOT_NODES = 200;
const HOT_EVENTS = 1000;
/** About the most that a block holds, in UTF-16 units of JSON and in events: it is read within a millisecond or two. */
const BLOCK = { units: 48 * 1024, events: 512 };

/** What one block is made of. */
export interface Lot {
  session: number;
  rows: Row[];
  /** The last block of the session when it is so small that it is packed anew, with what it holds. */
  before: Block | undefined;
}

/**
 * Finds what is cold: of a session in which nothing happened for an hour everything, of one that goes on what lies far
 * back. Never events of turns that run or that still have parts, and never the system session.
 */
export class Cold {
  readonly #clock: Clock;
  readonly #keys: Keys;
  readonly #bodies: Bodies;
  readonly #next: Statement<[number], number>;
  readonly #newest: Statement<[number], { at: number; type: number }>;
  readonly #parts: Statement<[number], number | null>;
  readonly #node: Statement<[number], number>;
  readonly #event: Statement<[number], number>;
  readonly #rows: Statement<[number, number], Row>;
  readonly #last: Statement<[number], Block>;

  constructor(db: Database, { clock, keys, bodies }: { clock: Clock; keys: Keys; bodies: Bodies }) {
    this.#clock = clock;
    this.#keys = keys;
    this.#bodies = bodies;
    const hot = `FROM events WHERE type <> ${PART}`;
    this.#next = db.prepare<[number], number>(`SELECT session ${hot} AND session > ? ORDER BY session LIMIT 1`).pluck();
    this.#newest = db.prepare(`SELECT at, type ${hot} AND session = ? ORDER BY seq DESC LIMIT 1`);
    this.#parts = db
      .prepare<[number], number | null>(
        'SELECT min(seq) FROM nodes INDEXED BY nodes_with_parts WHERE parts = 1 AND session = ?',
      )
      .pluck();
    this.#node = db
      .prepare<[number], number>(
        `SELECT seq FROM nodes WHERE session = ? ORDER BY seq DESC LIMIT 1 OFFSET ${HOT_NODES - 1}`,
      )
      .pluck();
    this.#event = db
      .prepare<[number], number>(`SELECT seq ${hot} AND session = ? ORDER BY seq DESC LIMIT 1 OFFSET ${HOT_EVENTS - 1}`)
      .pluck();
    this.#rows = db.prepare(`SELECT seq, type, version, at, data ${hot} AND session = ? AND seq < ? ORDER BY seq`);
    this.#last = db.prepare('SELECT id, session, first, last FROM blocks WHERE session = ? ORDER BY last DESC LIMIT 1');
  }

  /** The next session that has hot events of which some may be cold now or later; 0 is before the first. */
  next(after: number): number | undefined {
    const system = this.#keys.of(SYSTEM);
    for (let session = this.#next.get(after); session !== undefined; session = this.#next.get(session))
      if (session !== system && this.#newest.get(session)!.type !== typeId['session.deleted']) return session;
    return undefined;
  }

  /** The oldest hot events of a session that are cold by now, for one block. */
  lot(session: number): Lot | undefined {
    const cold = this.#clock.now() - COLD_MS;
    const newest = this.#newest.get(session);
    if (newest === undefined) return undefined;
    const rests = newest.at < cold;
    const bound = this.#bound(session, rests);
    const before = this.#small(session);
    const rows = before === undefined ? [] : [...this.#bodies.rows(before).values()];
    const known = rows.length;
    let units = 0;
    for (const row of rows) units += row.data.length;
    let cut = 0;
    for (const row of this.#rows.iterate(session, bound)) {
      if (row.at >= cold) break;
      rows.push(row);
      units += row.data.length;
      if (cut === 0 && (units >= BLOCK.units || rows.length >= BLOCK.events)) cut = rows.length;
      // What is only a little more goes into the same block.
      if (units < 1.5 * BLOCK.units && rows.length < 1.5 * BLOCK.events) continue;
      rows.length = cut;
      break;
    }
    // A session that goes on is packed in whole blocks.
    if (rows.length === known || (!rests && cut === 0)) return undefined;
    return { session, rows, before };
  }

  #bound(session: number, rests: boolean): number {
    const parts = this.#parts.get(session) ?? Number.MAX_SAFE_INTEGER;
    return rests ? parts : Math.min(parts, this.#node.get(session) ?? this.#event.get(session) ?? 0);
  }

  #small(session: number): Block | undefined {
    const last = this.#last.get(session);
    if (last === undefined) return undefined;
    const rows = this.#bodies.rows(last);
    let units = 0;
    for (const { data } of rows.values()) units += data.length;
    return units < BLOCK.units / 2 && rows.size < BLOCK.events / 2 ? last : undefined;
  }
}
