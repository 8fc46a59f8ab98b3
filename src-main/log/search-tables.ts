import type { Database } from 'better-sqlite3';
import type { Projection } from './rebuild.ts';

/**
 * The index holds words only; the texts stay in their events. Texts are numbered as they come in, without gaps, which
 * keeps the lists of the index short, and every so many texts a new volume begins: an index of its own. So what the
 * newest texts say is found without a look at the older ones, however common a word or the beginning of one is, and what
 * is deleted is written anew in its own volumes only.
 */
export const VOLUME_TEXTS = 32_768;

/** So many texts share a row that says which events they are. */
export const SPAN_TEXTS = 256;

export const volumeOf = (number: number) => Math.floor(number / VOLUME_TEXTS);
export const volumeName = (volume: number) => `search_${volume}`;

/**
 * `who`, which filters ask for: `m` of a person's message, `a` with the specialist's id of an answer; and the session.
 * Positions (`detail = full`) are half of the index; phrases need them, and so does each word of a script without spaces.
 */
export const createVolume = (db: Database, volume: number) =>
  db.exec(`
    CREATE VIRTUAL TABLE ${volumeName(volume)} USING fts5 (
      text, who, content = '', contentless_delete = 1,
      tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
    );
    INSERT INTO ${volumeName(volume)} (${volumeName(volume)}, rank) VALUES ('automerge', 8);
  `);

/** All volumes of a file, the newest first. */
export const volumesOf = (db: Database): number[] =>
  db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE search_%'`)
    .pluck()
    .all()
    .map((name) => Number(name.slice('search_'.length)))
    .sort((a, b) => b - a);

export const searchProjection: Projection = {
  name: 'search',
  version: 2,
  tables: ['search_spans'],
  create: (db) => {
    for (const volume of volumesOf(db)) db.exec(`DROP TABLE ${volumeName(volume)}`);
    db.exec(`
      DROP TABLE IF EXISTS search;
      CREATE TABLE search_spans (
        -- the number of its first text, divided by ${SPAN_TEXTS}
        span INTEGER PRIMARY KEY,
        -- sequence of that one's event
        first INTEGER NOT NULL,
        -- wall clock
        earliest INTEGER NOT NULL,
        latest INTEGER NOT NULL,
        -- see encodeSpan
        texts BLOB NOT NULL
      );
      CREATE INDEX search_spans_by_sequence ON search_spans (first);
    `);
  },
};

/** Where a text lies: sequence of the event, and key of its session. */
export interface Place {
  seq: number;
  session: number;
}

/** Whole numbers as differences to the ones before, in 7 bits a byte. */
export function encodeSpan(places: readonly Place[]): Buffer {
  const bytes: number[] = [];
  let [seq, session] = [places[0]?.seq ?? 0, 0];
  for (const place of places) {
    put(bytes, place.seq - seq);
    put(bytes, place.session < session ? 2 * (session - place.session) - 1 : 2 * (place.session - session));
    ({ seq, session } = place);
  }
  return Buffer.from(bytes);
}

export function decodeSpan(first: number, bytes: Buffer): Place[] {
  const places: Place[] = [];
  let [seq, session, at] = [first, 0, 0];
  const take = () => {
    let [value, scale] = [0, 1];
    for (; bytes[at]! > 127; scale *= 128) value += (bytes[at++]! - 128) * scale;
    return value + bytes[at++]! * scale;
  };
  while (at < bytes.length) {
    seq += take();
    const step = take();
    session += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    places.push({ seq, session });
  }
  return places;
}

function put(bytes: number[], value: number): void {
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
}

/** Words that stand for who wrote it and where, one sign string each. */
export const MESSAGE = 'm';
export const specialistWord = (specialist: string) => `a${Buffer.from(specialist).toString('hex')}`;
export const sessionWord = (session: number) => `s${session.toString(36)}`;
