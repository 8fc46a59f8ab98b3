import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { PartSweeper } from './parts.ts';
import type { Logger } from './rows.ts';
import type { SearchIndex } from './search-index.ts';

interface EraserParts {
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
  readonly #texts: Statement<[string, number], number>;
  readonly #parts: Statement<[string, string, number]>;
  readonly #rest: Statement<[string, number]>;

  constructor(db: Database, others: EraserParts) {
    this.#others = others;
    this.#texts = db
      .prepare<[string, number], number>(
        `SELECT seq FROM events WHERE session = ? AND type <> 'turn.part'
           AND type IN ('message.added', 'turn.finished') AND seq < ?`,
      )
      .pluck();
    this.#parts = db.prepare(
      `DELETE FROM events WHERE session = ? AND type = 'turn.part'
         AND seq > (SELECT min(seq) FROM nodes WHERE session = ? AND parts = 1) AND seq < ?`,
    );
    this.#rest = db.prepare(`DELETE FROM events WHERE session = ? AND type <> 'turn.part' AND seq < ?`);
  }

  /** Parts are in no index: those that can go in slices, without a change to any view, go before the rest. */
  prepare(session: string): Promise<void> {
    return this.#others.sweeper.forget(session);
  }

  /** Everything before its tombstone, in the transaction that writes it, while the tables of the tree still know it. */
  erase(session: string, tombstone: number): void {
    this.#others.index.remove(this.#texts.all(session, tombstone));
    this.#parts.run(session, session, tombstone);
    this.#rest.run(session, tombstone);
  }

  committed(events: readonly Event[]): void {
    if (events.some(({ type }) => type === 'session.deleted')) void this.finish();
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
