import type { Database, Statement } from 'better-sqlite3';
import type { PackedRow } from './packing/apart.ts';
import { unpack } from './packing/block.ts';

/** UTF-16 units of unpacked text that are kept, of the blocks that were read last. */
const KEPT_UNITS = 2 * 1024 * 1024;

/** An event as it lies in the log. `type` is a number (`typeId`), `data` JSON. */
export type Row = PackedRow;

/**
 * A block lies in pieces, so that pages are filled: its own number times this, and on. Pieces are numbered from there.
 */
export const PIECES = 1024;

/** Where a block lies, and what it reaches over. Blocks of a session do not overlap. */
export interface Block {
  id: number;
  session: number;
  first: number;
  last: number;
}

interface Unpacked {
  rows: ReadonlyMap<number, Row>;
  units: number;
}

/**
 * Reads single events of a session, from their rows or from the compressed blocks in which cold ones lie. Any connection
 * may have one. `session` is its key (`Keys`).
 */
export class Bodies {
  readonly #row: Statement<[number, number], Row>;
  readonly #some: Statement<[string, number], Row>;
  readonly #around: Statement<[number, number], Block>;
  readonly #pieces: Statement<[number, number], Buffer>;
  readonly #dictionary: Statement<[number], Buffer>;
  readonly #dictionaries = new Map<number, Buffer>();
  /** The one that was read last comes last. */
  readonly #unpacked = new Map<number, Unpacked>();
  #units = 0;
  /** The block that was read last in one go: what is read next mostly lies in it too. */
  #last: (Block & { rows: ReadonlyMap<number, Row> }) | undefined;

  constructor(db: Database) {
    this.#row = db.prepare('SELECT seq, type, version, at, data FROM events WHERE seq = ? AND session = ?');
    this.#some = db.prepare(
      'SELECT seq, type, version, at, data FROM events WHERE seq IN (SELECT value FROM json_each(?)) AND session = ?',
    );
    this.#around = db.prepare(
      'SELECT id, session, first, last FROM blocks WHERE session = ? AND last >= ? ORDER BY last LIMIT 1',
    );
    this.#pieces = db
      .prepare<[number, number], Buffer>('SELECT data FROM block_pieces WHERE id >= ? AND id < ? ORDER BY id')
      .pluck();
    this.#dictionary = db.prepare<[number], Buffer>('SELECT data FROM dictionaries WHERE id = ?').pluck();
  }

  /** Undefined: there is no such event in this session. Throws when its block cannot be read. */
  row(session: number, seq: number): Row | undefined {
    const last = this.#last;
    if (last !== undefined && last.session === session && last.first <= seq && seq <= last.last)
      return last.rows.get(seq);
    return this.#row.get(seq, session) ?? this.#sealed(session, seq);
  }

  /** Those that are there, by sequence. Of a session all that is cold came before all that is hot. */
  some(session: number, sequences: readonly number[]): Map<number, Row> {
    const found = new Map<number, Row>();
    const allCold = this.#around.get(session, Math.max(...sequences)) !== undefined;
    const hot = allCold ? [] : this.#some.all(JSON.stringify(sequences), session);
    for (const row of hot) found.set(row.seq, row);
    if (found.size === sequences.length) return found;
    for (const seq of sequences) {
      const row = found.has(seq) ? undefined : this.row(session, seq);
      if (row !== undefined) found.set(seq, row);
    }
    return found;
  }

  /** The JSON of its data. */
  data(session: number, seq: number): string | undefined {
    return this.row(session, seq)?.data;
  }

  /** All rows of a block, in order. */
  rows({ id, first, last }: Block): ReadonlyMap<number, Row> {
    const known = this.#unpacked.get(id);
    // The number of a block that was deleted may be given again; a sequence never is.
    if (known?.rows.has(first) && known.rows.has(last)) {
      this.#unpacked.delete(id);
      this.#unpacked.set(id, known);
      return known.rows;
    }
    return this.#read(id);
  }

  /** The rows in a packed block. */
  unpack(block: Buffer): Row[] {
    return unpack(block, (dictionary) => this.#dictionaryOf(dictionary));
  }

  /** Lets go of all unpacked text, as after a session was deleted. */
  forget(): void {
    this.#last = undefined;
    this.#dictionaries.clear();
    this.#unpacked.clear();
    this.#units = 0;
  }

  #sealed(session: number, seq: number): Row | undefined {
    const block = this.#around.get(session, seq);
    if (block === undefined || block.first > seq) return undefined;
    if (this.#last === undefined)
      queueMicrotask(() => {
        this.#last = undefined;
      });
    this.#last = { ...block, rows: this.rows(block) };
    return this.#last.rows.get(seq);
  }

  #read(id: number): ReadonlyMap<number, Row> {
    const pieces = this.#pieces.all(id * PIECES, (id + 1) * PIECES);
    if (pieces.length === 0) throw new Error(`Block ${id} is not there.`);
    const rows = new Map(this.unpack(Buffer.concat(pieces)).map((row) => [row.seq, row]));
    let units = 0;
    for (const { data } of rows.values()) units += data.length;
    this.#units += units - (this.#unpacked.get(id)?.units ?? 0);
    this.#unpacked.delete(id);
    this.#unpacked.set(id, { rows, units });
    for (const [oldest, { units: freed }] of this.#unpacked) {
      if (this.#units <= KEPT_UNITS || oldest === id) break;
      this.#unpacked.delete(oldest);
      this.#units -= freed;
    }
    return rows;
  }

  #dictionaryOf(id: number): Buffer {
    const data = this.#dictionaries.get(id) ?? this.#dictionary.get(id);
    if (data === undefined) throw new Error(`There is no dictionary ${id}.`);
    this.#dictionaries.set(id, data);
    return data;
  }
}
