import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { Upkeep } from './background.ts';
import { readable } from './json.ts';
import type { Projection } from './rebuild.ts';
import { indexed } from './words.ts';

/** How long after a commit its text is put into the index, with what else came meanwhile. */
const DELAY_MS = 250;
/** Bounds of one slice: sequences looked at, texts, and UTF-16 units of text. */
const SLICE = { sequences: 2048, texts: 512, units: 128 * 1024 };
/** Pages of the index that one slice writes anew. */
const MERGED_PAGES = 8;
/** From this id on FTS5 keeps what was taken out of which segment of the index. */
const TOMBSTONES = 2 ** 53;

/** Holds words only: the text stays in the event whose sequence is the row id. */
export const searchProjection: Projection = {
  name: 'search',
  version: 1,
  tables: ['search'],
  create: (db) =>
    db.exec(`
      CREATE VIRTUAL TABLE search USING fts5 (
        text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
      );
      INSERT INTO search (search, rank) VALUES ('automerge', 8);
    `),
};
/**
 * Feeds the full-text index with messages and ends of turns, a little after they were committed, in batches; not with
 * those of sessions that are in no list.
 */
export class SearchIndex {
  readonly #upkeep: Upkeep;
  readonly #position: () => number;
  readonly #page: Statement<[number, number, number], { seq: number; text: string }>;
  readonly #insert: Statement<[number, string]>;
  readonly #remove: Statement<[number]>;
  readonly #removed: Statement<[], number>;
  readonly #merge: Statement<[number]>;
  readonly #changes: Statement<[], number>;
  readonly #progress: Statement<[number]>;
  #seq: number;
  #cancel: (() => void) | undefined;
  #feeding: Promise<void> | undefined;
  #settling: Promise<void> | undefined;

  constructor(db: Database, seq: number, upkeep: Upkeep, position: () => number) {
    this.#upkeep = upkeep;
    this.#position = position;
    this.#seq = seq;
    this.#page = db.prepare(
      `SELECT seq, coalesce(CAST(${readable('data')} ->> '$.text' AS TEXT), '') AS text FROM events
       WHERE seq > ? AND seq <= ? AND type IN ('message.added', 'turn.finished')
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = events.session AND s.made_by = 'completion')
       ORDER BY seq LIMIT ?`,
    );
    this.#insert = db.prepare('INSERT INTO search (rowid, text) VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM search WHERE rowid = ?');
    this.#removed = db.prepare<[], number>(`SELECT 1 FROM search_data WHERE id >= ${TOMBSTONES} LIMIT 1`).pluck();
    this.#merge = db.prepare(`INSERT INTO search (search, rank) VALUES ('merge', ?)`);
    this.#changes = db.prepare<[], number>('SELECT total_changes()').pluck();
    this.#progress = db.prepare(`UPDATE projections SET seq = ? WHERE name = 'search'`);
  }

  /** Once after opening: feeds what is missing. */
  catchUp(): void {
    if (this.#cancel === undefined && this.#seq < this.#position()) this.#wait();
  }

  committed(events: readonly Event[]): void {
    if (this.#cancel === undefined && events.some(({ type }) => type === 'message.added' || type === 'turn.finished'))
      this.#wait();
  }

  /** Resolves when everything committed before this call is in the index. */
  async feed(): Promise<void> {
    const end = this.#position();
    while (this.#seq < end && !this.#upkeep.background.stopped) {
      this.#feeding ??= this.#upkeep.background
        .run(() => this.#slice())
        .finally(() => {
          this.#feeding = undefined;
        });
      await this.#feeding;
    }
  }

  /** Takes these texts out of the index, within a transaction. They are found no more; `settle` does the rest. */
  remove(sequences: readonly number[]): void {
    for (const seq of sequences) this.#remove.run(seq);
  }

  /** It still has words of texts that were taken out. */
  get holdsRemoved(): boolean {
    return this.#removed.get() !== undefined;
  }

  /**
   * Writes the index anew, in slices, when it still holds words of what was taken out: the words of one text lie all
   * over it, and to look for each would take 40 µs. Resolves when none is left.
   */
  settle(): Promise<void> {
    this.#settling ??= this.#upkeep.background
      .run(() => this.#mergeSome())
      .finally(() => {
        this.#settling = undefined;
      });
    return this.#settling;
  }

  #mergeSome(): boolean {
    if (!this.holdsRemoved) return false;
    // A negative number begins to merge all there is, when nothing is being merged.
    return this.#upkeep.transactions.run(false, () => this.#merges(MERGED_PAGES) || this.#merges(-MERGED_PAGES));
  }

  /** False: there was nothing to merge, which changes one row at most. */
  #merges(pages: number): boolean {
    const before = this.#changes.get() ?? 0;
    this.#merge.run(pages);
    return (this.#changes.get() ?? 0) - before > 1;
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(): void {
    this.#cancel = this.#upkeep.clock.after(DELAY_MS, () => {
      this.#cancel = undefined;
      // What could not be written now is written with what comes next.
      this.feed().catch((error: unknown) => this.#upkeep.logger.warn({ error }, 'The search index is behind.'));
    });
  }

  #slice(): boolean {
    const end = Math.min(this.#position(), this.#seq + SLICE.sequences);
    const page: { seq: number; text: string }[] = [];
    let [units, reached] = [0, end];
    for (const row of this.#page.iterate(this.#seq, end, SLICE.texts)) {
      page.push(row);
      units += row.text.length;
      if (page.length < SLICE.texts && units <= SLICE.units) continue;
      reached = row.seq;
      break;
    }
    if (page.length > 0)
      this.#upkeep.transactions.run(false, () => {
        for (const { seq, text } of page) if (text !== '') this.#insert.run(seq, indexed(text));
        this.#progress.run(reached);
      });
    this.#seq = reached;
    return reached < this.#position();
  }
}
