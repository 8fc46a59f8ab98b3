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

/** Feeds the full-text index with messages and ends of turns, a little after they were committed, in batches. */
export class SearchIndex {
  readonly #upkeep: Upkeep;
  readonly #position: () => number;
  readonly #page: Statement<[number, number, number], { seq: number; text: string }>;
  readonly #insert: Statement<[number, string]>;
  readonly #progress: Statement<[number]>;
  #seq: number;
  #cancel: (() => void) | undefined;
  #feeding: Promise<void> | undefined;

  constructor(db: Database, seq: number, upkeep: Upkeep, position: () => number) {
    this.#upkeep = upkeep;
    this.#position = position;
    this.#seq = seq;
    this.#page = db.prepare(
      `SELECT seq, coalesce(CAST(${readable('data')} ->> '$.text' AS TEXT), '') AS text FROM events
       WHERE seq > ? AND seq <= ? AND type IN ('message.added', 'turn.finished') ORDER BY seq LIMIT ?`,
    );
    this.#insert = db.prepare('INSERT INTO search (rowid, text) VALUES (?, ?)');
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
