import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { Upkeep } from './background.ts';
import { type Bodies, PIECES, type Row } from './bodies.ts';
import { COLD_MS, type Cold, type Lot } from './cold.ts';
import type { Dictionaries } from './dictionaries.ts';
import { PART } from './keys.ts';
import type { Progress } from './log.ts';
import { apart, type Streams } from './packing/apart.ts';
import { compressed } from './packing/block.ts';
import { isStorage } from './storage.ts';

/** After an hour without an event a session is cold, and its timer should find it so. */
const WAIT_MS = COLD_MS + 60_000;
/** After opening, so that the start has gone by. */
const START_MS = 60_000;
/** Sessions looked at in one slice. */
const SLICE = 32;
/** Bytes of a piece of a block: eight fill a page. Longer where there would be too many. */
const PIECE = 498;

/** Pages of indexes that change with a block, about. */
const BESIDE = 8;
const PAGE_BYTES = 4096;

interface SealerParts {
  upkeep: Upkeep;
  cold: Cold;
  bodies: Bodies;
  dictionaries: Dictionaries;
  /** Told how many pages were changed, about, so that the journal is copied into the file in time. */
  wrote: (pages: number) => void;
}

interface Seal {
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Packs what is cold (`cold.ts`) into compressed blocks, the oldest events of a session first. A block takes the place of
 * its rows in one transaction, after it was read back. Waits with one timer, and only while there may be something to do.
 */
export class Sealer {
  readonly #wrote: (pages: number) => void;
  readonly #upkeep: Upkeep;
  readonly #cold: Cold;
  readonly #bodies: Bodies;
  readonly #dictionaries: Dictionaries;
  readonly #deleteRows: Statement<[number, number, number]>;
  readonly #deleteBlock: Statement<[number, number, number]>;
  readonly #deletePieces: Statement<[number, number]>;
  readonly #insertBlock: Statement<[number, number, number, number, number]>;
  readonly #insertPiece: Statement<[number, Buffer]>;
  /** Sessions with something that could not be packed; they are left alone until the next start. */
  readonly #left = new Set<number>();
  #cancel: (() => void) | undefined;
  #sealing: Promise<void> | undefined;

  constructor(db: Database, parts: SealerParts) {
    this.#wrote = parts.wrote;
    this.#upkeep = parts.upkeep;
    this.#cold = parts.cold;
    this.#bodies = parts.bodies;
    this.#dictionaries = parts.dictionaries;
    this.#deleteRows = db.prepare(`DELETE FROM events WHERE session = ? AND type <> ${PART} AND seq >= ? AND seq <= ?`);
    this.#deleteBlock = db.prepare('DELETE FROM blocks WHERE id = ? AND first = ? AND last = ?');
    this.#deletePieces = db.prepare('DELETE FROM block_pieces WHERE id >= ? AND id < ?');
    this.#insertBlock = db.prepare('INSERT INTO blocks (session, first, last, events, span) VALUES (?, ?, ?, ?, ?)');
    this.#insertPiece = db.prepare('INSERT INTO block_pieces (id, data) VALUES (?, ?)');
  }

  /** Once after opening, when the tables are whole. */
  begin(): void {
    if (this.#cold.next(0) !== undefined) this.#wait(START_MS);
  }

  committed(events: readonly Event[]): void {
    if (this.#cancel === undefined && events.some(({ type }) => type !== 'turn.part')) this.#wait(WAIT_MS);
  }

  /** Packs what is cold now; resolves when that is done. Rejects when it cannot be written, or was stopped. */
  async seal(how: Seal = {}): Promise<void> {
    while (this.#sealing !== undefined) await this.#sealing.catch(() => {});
    this.#sealing = this.#all(how).finally(() => {
      this.#sealing = undefined;
    });
    try {
      await this.#sealing;
    } catch (error) {
      this.#wait(WAIT_MS);
      throw error;
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #all({ progress, signal }: Seal): Promise<void> {
    this.close();
    const { background } = this.#upkeep;
    const sessions: number[] = [];
    await background.run(() => {
      for (let count = 0; count < SLICE; count++) {
        const next = this.#cold.next(sessions.at(-1) ?? 0);
        if (next === undefined) return false;
        sessions.push(next);
      }
      return true;
    });
    await this.#dictionaries.renew(sessions);
    for (let done = 0; done < sessions.length && !background.stopped; ) {
      signal?.throwIfAborted();
      progress?.(done, sessions.length);
      let lot: Lot | undefined;
      await this.#once(() => {
        for (const end = Math.min(sessions.length, done + SLICE); done < end && lot === undefined; ) {
          lot = this.#lot(sessions[done]!);
          if (lot === undefined) done++;
        }
      });
      if (lot !== undefined) await this.#seal(lot);
    }
    progress?.(sessions.length, sessions.length);
    if (this.#cold.next(0) !== undefined) this.#wait(WAIT_MS);
  }

  /** Undefined as well where an older block of the session cannot be read. */
  #lot(session: number): Lot | undefined {
    if (this.#left.has(session)) return undefined;
    try {
      return this.#cold.lot(session);
    } catch (error) {
      if (isStorage(error)) throw error;
      this.#left.add(session);
      this.#upkeep.logger.error({ session, error }, 'Cold events could not be packed; they stay as they are.');
      return undefined;
    }
  }

  async #seal(lot: Lot): Promise<void> {
    const { background, transactions, logger } = this.#upkeep;
    let streams: Streams | undefined;
    await this.#once(() => {
      streams = apart(lot.rows);
    });
    if (streams === undefined) return;
    const block = await compressed(streams, this.#dictionaries.current);
    if (background.stopped) return;
    let same = false;
    await this.#once(() => {
      same = equal(this.#bodies.unpack(block), lot.rows);
    });
    if (!same) {
      this.#left.add(lot.session);
      logger.error(
        { session: lot.session, from: lot.rows[0]!.seq },
        'Cold events could not be packed; they stay as they are.',
      );
      return;
    }
    await this.#once(() => transactions.run(false, () => this.#write(lot, block)));
    this.#wrote((lot.rows.reduce((sum, { data }) => sum + data.length, 0) + block.length) / PAGE_BYTES + BESIDE);
  }

  /** Nothing is changed when the session was deleted meanwhile. */
  #write({ session, rows, before }: Lot, block: Buffer): void {
    const [first, last] = [rows[0]!.seq, rows.at(-1)!.seq];
    const hot = before === undefined ? rows : rows.filter(({ seq }) => seq > before.last);
    const { changes } = this.#deleteRows.run(session, hot[0]!.seq, last);
    if (changes === 0) return;
    if (changes !== hot.length) throw new Error(`Of ${hot.length} events to be packed there were ${changes}.`);
    if (before !== undefined) {
      if (this.#deleteBlock.run(before.id, before.first, before.last).changes !== 1)
        throw new Error(`Block ${before.id} was changed by somebody else.`);
      this.#deletePieces.run(before.id * PIECES, (before.id + 1) * PIECES);
    }
    const span = Math.ceil(Math.log2(last - first + 1));
    const id = Number(this.#insertBlock.run(session, first, last, rows.length, span).lastInsertRowid);
    const size = Math.max(PIECE, Math.ceil(block.length / (PIECES - 1)));
    for (let at = 0; at * size < block.length; at++)
      this.#insertPiece.run(id * PIECES + at, block.subarray(at * size, (at + 1) * size));
  }

  #once(work: () => void): Promise<void> {
    return this.#upkeep.background.run(() => {
      work();
      return false;
    });
  }

  #wait(ms: number): void {
    this.close();
    if (this.#upkeep.background.stopped) return;
    this.#cancel = this.#upkeep.clock.after(ms, () => {
      this.#cancel = undefined;
      this.seal().catch((error: unknown) => {
        this.#upkeep.logger.warn({ error }, 'Cold events could not be packed; they are left for later.');
      });
    });
  }
}

const equal = (a: readonly Row[], b: readonly Row[]): boolean =>
  a.length === b.length &&
  a.every((row, index) => {
    const { seq, type, version, at, data } = b[index]!;
    return row.seq === seq && row.type === type && row.version === version && row.at === at && row.data === data;
  });
