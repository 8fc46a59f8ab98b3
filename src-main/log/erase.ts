import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import { type Bodies, PIECES } from './bodies.ts';
import { type Keys, PART } from './keys.ts';
import type { PartSweeper } from './parts.ts';
import type { Logger } from './rows.ts';
import type { SearchIndex } from './search-index.ts';

interface EraserParts {
  keys: Keys;
  bodies: Bodies;
  index: SearchIndex;
  sweeper: PartSweeper;
  logger: Logger;
  /** Has the journal copied into the file and cut off. */
  cut: () => void;
}

/**
 * Takes deleted sessions out of the file: their events at once, their words in the index soon after; then the journal
 * is cut off. What pages held is overwritten (secure_delete, in `file.ts`).
 */
export class Eraser {
  readonly #others: EraserParts;
  readonly #parts: Statement<[number, number, number]>;
  readonly #rest: Statement<[number, number]>;
  readonly #pieces: Statement<[number]>;
  readonly #blocks: Statement<[number]>;

  constructor(db: Database, others: EraserParts) {
    this.#others = others;
    this.#parts = db.prepare(
      `DELETE FROM events WHERE session = ? AND type = ${PART}
         AND seq > (SELECT min(seq) FROM nodes WHERE session = ? AND parts = 1) AND seq < ?`,
    );
    this.#rest = db.prepare(`DELETE FROM events WHERE session = ? AND type <> ${PART} AND seq < ?`);
    this.#pieces = db.prepare(
      `DELETE FROM block_pieces WHERE id IN
         (SELECT p.id FROM blocks b CROSS JOIN block_pieces p ON p.id >= b.id * ${PIECES} AND p.id < (b.id + 1) * ${PIECES}
          WHERE b.session = ?)`,
    );
    this.#blocks = db.prepare('DELETE FROM blocks WHERE session = ?');
  }

  /** Parts are in no index: those that can go in slices, without a change to any view, go before the rest. */
  prepare(session: string): Promise<void> {
    return this.#others.sweeper.forget(session);
  }

  /** Everything before its tombstone, in the transaction that writes it, while the tables of the tree still know it. */
  erase(session: string, tombstone: number): void {
    const { index, keys } = this.#others;
    const key = keys.make(session);
    index.remove(key);
    this.#parts.run(key, key, tombstone);
    this.#rest.run(key, tombstone);
    this.#pieces.run(key);
    this.#blocks.run(key);
  }

  committed(events: readonly Event[]): void {
    if (!events.some(({ type }) => type === 'session.deleted')) return;
    this.#others.bodies.forget();
    void this.finish();
  }

  /** Once after opening, too: the process may have been killed in the middle of it. */
  async finish(): Promise<void> {
    const { index, logger, cut } = this.#others;
    try {
      await index.settle();
      cut();
    } catch (error) {
      logger.warn({ error }, 'Words of a deleted session are still in the search index; they go at the next start.');
    }
  }
}
