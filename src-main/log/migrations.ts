import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';

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
];

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
  db.prepare('VACUUM INTO ?').run(file);
  return file;
}
