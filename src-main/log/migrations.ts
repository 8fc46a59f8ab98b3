import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { PART, typeId } from './keys.ts';
import { putInPlace, syncFile, unfinished } from './sync.ts';

/** One step forward, in its own transaction. Numbers are given once and never change their meaning. */
export interface Migration {
  version: number;
  up(db: Database): void;
}

/** Events, commands and settings. What can be computed from events is no part of this: see `tree.ts`. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) =>
      db.exec(`
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE events (
          seq INTEGER PRIMARY KEY,
          session TEXT NOT NULL,
          turn TEXT,
          type TEXT NOT NULL,
          version INTEGER NOT NULL,
          at INTEGER NOT NULL,
          data TEXT NOT NULL
        );
        -- Ends with the sequence, as every index does: session and sequence. Not of parts, which are most rows by far:
        -- writing one touches the end of the table and nothing else.
        CREATE INDEX events_of_session ON events (session) WHERE type <> 'turn.part';
        -- In the order in which they came, so that the oldest are found without an index by time.
        CREATE TABLE commands (id TEXT PRIMARY KEY, hash TEXT NOT NULL, result TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE projections (name TEXT PRIMARY KEY, version INTEGER NOT NULL, seq INTEGER) WITHOUT ROWID;
      `),
  },
  {
    version: 2,
    up: (db) => {
      db.exec(`
        -- What is computed is filled anew.
        DROP TABLE IF EXISTS sessions;
        DROP TABLE IF EXISTS nodes;
        DROP TABLE IF EXISTS queue;
        DROP TABLE IF EXISTS search;
        DELETE FROM projections;
        ALTER TABLE events RENAME TO old_events;
        DROP INDEX events_of_session;

        CREATE TABLE session_ids (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE event_types (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        -- What is hot: cold events lie in blocks instead. Session and type are numbers (keys.ts).
        CREATE TABLE events (
          seq INTEGER PRIMARY KEY,
          session INTEGER NOT NULL,
          -- sequence of its turn.requested
          turn INTEGER,
          type INTEGER NOT NULL,
          version INTEGER NOT NULL,
          at INTEGER NOT NULL,
          data TEXT NOT NULL
        );
        -- Ends with the sequence, as every index does: session and sequence. Not of parts, which are most rows by far:
        -- writing one touches the end of the table and nothing else.
        CREATE INDEX events_of_session ON events (session) WHERE type <> ${PART};
        -- Cold events of one session, from the sequence \`first\` to \`last\`. Those of a session do not overlap.
        CREATE TABLE blocks (
          id INTEGER PRIMARY KEY,
          session INTEGER NOT NULL,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          events INTEGER NOT NULL,
          -- 2 to the power of this is more than last - first: bounds where those may begin that end further on
          span INTEGER NOT NULL
        );
        CREATE INDEX blocks_of_session ON blocks (session, last);
        CREATE INDEX blocks_in_order ON blocks (span, last);
        -- Of block b from b * 1024 on.
        CREATE TABLE block_pieces (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        -- What many blocks have in common. blocks: how many there were about when it was made.
        CREATE TABLE dictionaries (id INTEGER PRIMARY KEY, blocks INTEGER NOT NULL, data BLOB NOT NULL);
      `);
      const name = db.prepare('INSERT INTO event_types (id, name) VALUES (?, ?)');
      for (const [type, id] of Object.entries(typeId)) name.run(id, type);
      db.exec(`
        -- Of a newer app; it gives them numbers of their own (\`nameTypes\`).
        INSERT INTO event_types (id, name)
          SELECT ${UNKNOWN_TYPES} + row_number() OVER (ORDER BY type), type FROM
            (SELECT DISTINCT type FROM old_events WHERE type NOT IN (SELECT name FROM event_types));
        INSERT INTO session_ids (id) SELECT session FROM old_events GROUP BY session ORDER BY min(seq);
        CREATE TABLE old_turns (session TEXT, turn TEXT, seq INTEGER, PRIMARY KEY (session, turn)) WITHOUT ROWID;
        INSERT OR IGNORE INTO old_turns SELECT session, turn, seq FROM old_events
          WHERE type = 'turn.requested' AND turn IS NOT NULL ORDER BY seq;
        INSERT INTO events (seq, session, turn, type, version, at, data)
          SELECT e.seq, s.key, t.seq, n.id, e.version, e.at, e.data
          FROM old_events e
          CROSS JOIN session_ids s ON s.id = e.session
          CROSS JOIN event_types n ON n.name = e.type
          LEFT JOIN old_turns t ON t.session = e.session AND t.turn = e.turn
          ORDER BY e.seq;
        DROP TABLE old_turns;
        DROP TABLE old_events;
      `);
    },
  },
];

/** Types that are not known when they are met for the first time have numbers above this. */
const UNKNOWN_TYPES = 1_000_000;

/**
 * Puts the names of the types that this app knows into the file. One that was met before it was known gets its own
 * number; the number that it had stays its name too, in blocks.
 */
export function nameTypes(db: Database): void {
  const has = db.prepare('SELECT 1 FROM event_types WHERE id = ?');
  const missing = Object.entries(typeId).filter(([, id]) => has.get(id) === undefined);
  if (missing.length === 0) return;
  const met = db.prepare<[string], number>('SELECT id FROM event_types WHERE name = ?').pluck();
  db.transaction(() => {
    for (const [name, id] of missing) {
      for (const before of met.all(name)) db.prepare('UPDATE events SET type = ? WHERE type = ?').run(id, before);
      db.prepare('INSERT INTO event_types (id, name) VALUES (?, ?)').run(id, name);
    }
  }).immediate();
}

export const versionOf = (db: Database) => db.pragma('user_version', { simple: true }) as number;

/** Brings the file to the newest version. A file that holds something is copied first; the copy's path is returned. */
export function migrate(db: Database, steps: readonly Migration[], stamp: string): string | undefined {
  const from = versionOf(db);
  const missing = steps.filter((step) => step.version > from).sort((a, b) => a.version - b.version);
  const copy = from > 0 && missing.length > 0 ? backup(db, from, stamp) : undefined;
  for (const step of missing) {
    db.transaction(() => {
      step.up(db);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  }
  return copy;
}

function backup(db: Database, version: number, stamp: string): string {
  const folder = join(dirname(db.name), 'backups');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(db.name, '.db')}-v${version}-${stamp}.db`);
  // It has its name when it is whole.
  rmSync(unfinished(file), { force: true });
  db.prepare('VACUUM INTO ?').run(unfinished(file));
  syncFile(unfinished(file));
  putInPlace(unfinished(file), file);
  return file;
}
