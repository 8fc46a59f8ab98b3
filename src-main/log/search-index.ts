import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { Upkeep } from './background.ts';
import { Bodies } from './bodies.ts';
import { Fresh, type FreshText, isText, type Text } from './fresh.ts';
import type { Keys } from './keys.ts';
import { Lines } from './lines.ts';
import type { Rows } from './rows.ts';
import {
  createVolume,
  decodeSpan,
  encodeSpan,
  MESSAGE,
  type Place,
  SPAN_TEXTS,
  sessionWord,
  specialistWord,
  VOLUME_TEXTS,
  volumeName,
  volumeOf,
  volumesOf,
} from './search-tables.ts';
import { indexed } from './words.ts';

/** How long after a commit its text is put into the index, with what else came meanwhile. */
const DELAY_MS = 250;
/** Bounds of one slice, which takes a few milliseconds: texts, and UTF-16 units beyond the first of them. */
const SLICE = { texts: 128, units: 64 * 1024 };
/** Pages of the index that one slice writes anew. */
const MERGED_PAGES = 8;
/** The same while a person waits for room: the last page of each slice stays half empty. */
const GATHERED_PAGES = 24;
/** From this id on FTS5 keeps what was taken out of which segment of the index. */
const TOMBSTONES = 2 ** 53;

/** Sessions of which it is remembered whether they are in lists. */
const REMEMBERED = 4096;

const TEXTS: ReadonlySet<string> = new Set<Text['type']>(['message.added', 'turn.finished']);

/** The span that is being filled. */
interface Span {
  span: number;
  places: Place[];
  earliest: number;
  latest: number;
}

interface Volume {
  insert: Statement<[number, string, string]>;
  ofSession: Statement<[string], number>;
  remove: Statement<[number]>;
  removed: Statement<[], number>;
  merge: Statement<[number]>;
}

/**
 * Feeds the full-text index with messages and ends of turns, a little after they were committed, in batches; not with
 * those of sessions that are in no list because they were made for one answer.
 */
export class SearchIndex {
  readonly #db: Database;
  readonly #rows: Rows;
  readonly #keys: Keys;
  readonly #lines: Lines;
  readonly #bodies: Bodies;
  readonly #upkeep: Upkeep;
  readonly #position: () => number;
  readonly #madeBy: Statement<[number], string | null>;
  readonly #newest: Statement<[], { span: number; first: number; earliest: number; latest: number; texts: Buffer }>;
  readonly #put: Statement<[number, number, number, number, Buffer]>;
  readonly #changes: Statement<[], number>;
  readonly #progress: Statement<[number]>;
  readonly #volumes = new Map<number, Volume>();
  readonly #fresh: Fresh;
  readonly #listed = new Map<number, boolean>();
  /** Volumes that may be in several pieces, or hold words of what was taken out. */
  readonly #untidy = new Set<number>();
  /** The volume that is being filled is to become one piece as well. */
  #gathers = false;
  #seq: number;
  #cancel: (() => void) | undefined;
  #feeding: Promise<void> | undefined;
  #settling: Promise<void> | undefined;

  constructor(db: Database, seq: number, parts: { rows: Rows; keys: Keys; upkeep: Upkeep; position: () => number }) {
    this.#db = db;
    this.#rows = parts.rows;
    this.#keys = parts.keys;
    this.#upkeep = parts.upkeep;
    this.#position = parts.position;
    this.#bodies = new Bodies(db);
    this.#lines = new Lines(db, this.#bodies);
    this.#seq = seq;
    this.#fresh = new Fresh(parts.position());
    this.#madeBy = db.prepare<[number], string | null>('SELECT made_by FROM sessions WHERE key = ?').pluck();
    this.#newest = db.prepare('SELECT * FROM search_spans ORDER BY span DESC LIMIT 1');
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO search_spans (span, first, earliest, latest, texts) VALUES (?, ?, ?, ?, ?)',
    );
    this.#changes = db.prepare<[], number>('SELECT total_changes()').pluck();
    this.#progress = db.prepare(`UPDATE projections SET seq = ? WHERE name = 'search'`);
    for (const volume of volumesOf(db)) if (this.#holdsRemoved(volume)) this.#untidy.add(volume);
    const current = volumesOf(db)[0] ?? 0;
    // The process may have ended before it was put in order.
    if (current > 0) this.#untidy.add(current - 1);
  }

  /** Once after opening: feeds what is missing. */
  catchUp(): void {
    if (this.#cancel === undefined && this.#seq < this.#position()) this.#wait();
  }

  committed(events: readonly Event[]): void {
    if (this.#fresh.committed(events) && this.#cancel === undefined) this.#wait();
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

  /** Takes the texts of a session out, by its key, within a transaction. They are found no more; `settle` does the rest. */
  remove(session: number): void {
    for (const volume of volumesOf(this.#db)) {
      const { ofSession, remove } = this.#volume(volume);
      const numbers = ofSession.all(`who : "${sessionWord(session)}"`);
      for (const number of numbers) remove.run(number);
      if (numbers.length > 0) this.#untidy.add(volume);
    }
  }

  /** It is not in order: it still has words of texts that were taken out, or a full volume is in several pieces. */
  get untidy(): boolean {
    return this.#untidy.size > 0;
  }

  /**
   * Writes volumes anew, in slices, that still hold words of what was taken out: the words of one text lie all over its
   * volume, and to look for each would take 40 µs. A full volume becomes one piece. Resolves when all is in order.
   */
  settle(): Promise<void> {
    this.#settling ??= this.#upkeep.background
      .run(() => this.#mergeSome())
      .finally(() => {
        this.#settling = undefined;
      });
    return this.#settling;
  }

  /** `settle`, and the volume that is being filled becomes one piece as well, which makes it a fifth smaller. */
  async gather(): Promise<void> {
    const [newest] = volumesOf(this.#db);
    if (newest !== undefined) this.#untidy.add(newest);
    this.#gathers = true;
    try {
      await this.settle();
    } finally {
      this.#gathers = false;
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #mergeSome(): boolean {
    const [volume] = this.#untidy;
    if (volume === undefined) return false;
    const full = this.#gathers || volume < volumeOf(this.#next().number);
    const pages = this.#gathers ? GATHERED_PAGES : MERGED_PAGES;
    const busy =
      (full || this.#holdsRemoved(volume)) &&
      // A negative number begins to merge all there is, when nothing is being merged.
      this.#upkeep.transactions.run(false, () => this.#merges(volume, pages) || this.#merges(volume, -pages));
    if (!busy) this.#untidy.delete(volume);
    return this.#untidy.size > 0;
  }

  /** False: there was nothing to merge, which changes one row at most. */
  #merges(volume: number, pages: number): boolean {
    const before = this.#changes.get() ?? 0;
    this.#volume(volume).merge.run(pages);
    return (this.#changes.get() ?? 0) - before > 1;
  }

  #holdsRemoved(volume: number): boolean {
    return this.#volume(volume).removed.get() !== undefined;
  }

  #wait(): void {
    this.#cancel = this.#upkeep.clock.after(DELAY_MS, () => {
      this.#cancel = undefined;
      // What could not be written now is written with what comes next.
      this.feed()
        .then(() => (this.untidy ? this.settle() : undefined))
        .catch((error: unknown) => this.#upkeep.logger.warn({ error }, 'The search index is behind.'));
    });
  }

  #slice(): boolean {
    const { found, seq } = this.#missing();
    let reached = seq;
    let units = 0;
    const texts: FreshText[] = [];
    for (const text of found) {
      const { event } = text;
      units += event.data.text.length;
      if (units > SLICE.units && texts.length > 0) {
        reached = event.seq - 1;
        break;
      }
      if (event.data.text !== '' && this.#isListed(event.session)) texts.push(text);
    }
    if (texts.length > 0)
      this.#upkeep.transactions.run(false, () => {
        this.#write(texts);
        this.#progress.run(reached);
      });
    this.#seq = reached;
    this.#fresh.used(reached);
    return reached < this.#position();
  }

  /** The next texts that the index lacks, from memory or from the disk, and up to where these are all. */
  #missing(): { found: FreshText[]; seq: number } {
    if (this.#seq >= this.#fresh.floor) {
      const found = this.#fresh.after(this.#seq, SLICE.texts);
      return { found, seq: found.length < SLICE.texts ? this.#position() : found.at(-1)!.event.seq };
    }
    const { events, seq, end } = this.#rows.page(undefined, TEXTS, this.#seq, SLICE.texts);
    const found = events.filter(isText).map((event) => ({ event, specialist: undefined }));
    return { found, seq: end ? Math.max(seq, this.#position()) : seq };
  }

  #isListed(session: string): boolean {
    const key = this.#keys.of(session);
    if (key === undefined) return false;
    let listed = this.#listed.get(key);
    if (listed === undefined) {
      listed = this.#madeBy.get(key) !== 'completion';
      if (this.#listed.size >= REMEMBERED) this.#listed.clear();
      this.#listed.set(key, listed);
    }
    return listed;
  }

  #write(texts: readonly FreshText[]): void {
    let { number, span } = this.#next();
    const spans = span === undefined ? [] : [span];
    for (const text of texts) {
      const { event } = text;
      const session = this.#keys.of(event.session)!;
      if (number % VOLUME_TEXTS === 0) this.#begin(volumeOf(number));
      if (span?.span !== Math.floor(number / SPAN_TEXTS)) {
        span = { span: Math.floor(number / SPAN_TEXTS), places: [], earliest: event.at, latest: event.at };
        spans.push(span);
      }
      this.#volume(volumeOf(number)).insert.run(number, indexed(event.data.text), this.#who(text, session));
      span.places.push({ seq: event.seq, session });
      span.earliest = Math.min(span.earliest, event.at);
      span.latest = Math.max(span.latest, event.at);
      number++;
    }
    // After all texts: with each of these statements FTS5 writes what it has gathered.
    for (const each of spans) this.#keep(each);
  }

  #who({ event, specialist }: FreshText, session: number): string {
    if (event.type === 'message.added') return `${MESSAGE} ${sessionWord(session)}`;
    const speaker = specialist === undefined ? this.#specialistOf(session, event.data.turn) : specialist;
    return `${speaker === null ? 'a' : specialistWord(speaker)} ${sessionWord(session)}`;
  }

  #specialistOf(session: number, turn: string): string | null {
    const request = this.#lines.known(session, turn);
    const data = request && this.#bodies.data(session, request.seq);
    return (data && (JSON.parse(data) as { speaker?: { specialist?: string } }).speaker?.specialist) || null;
  }

  /** Number of the next text, and the span that is being filled. */
  #next(): { number: number; span: Span | undefined } {
    const row = this.#newest.get();
    if (row === undefined) return { number: 0, span: undefined };
    const places = decodeSpan(row.first, row.texts);
    return { number: row.span * SPAN_TEXTS + places.length, span: { ...row, places } };
  }

  #keep({ span, places, earliest, latest }: Span): void {
    this.#put.run(span, places[0]!.seq, earliest, latest, encodeSpan(places));
  }

  #begin(volume: number): void {
    createVolume(this.#db, volume);
    if (volume > 0) this.#untidy.add(volume - 1);
  }

  #volume(volume: number): Volume {
    const known = this.#volumes.get(volume);
    if (known !== undefined) return known;
    const name = volumeName(volume);
    const made: Volume = {
      insert: this.#db.prepare(`INSERT INTO ${name} (rowid, text, who) VALUES (?, ?, ?)`),
      ofSession: this.#db.prepare<[string], number>(`SELECT rowid FROM ${name} WHERE ${name} MATCH ?`).pluck(),
      remove: this.#db.prepare(`DELETE FROM ${name} WHERE rowid = ?`),
      removed: this.#db.prepare<[], number>(`SELECT 1 FROM ${name}_data WHERE id >= ${TOMBSTONES} LIMIT 1`).pluck(),
      merge: this.#db.prepare(`INSERT INTO ${name} (${name}, rank) VALUES ('merge', ?)`),
    };
    this.#volumes.set(volume, made);
    return made;
  }
}
