/** Messages in one bare table with a full-text index beside it: what a chat store needs at least. */
import SQLite, { type Database } from 'better-sqlite3';

export interface BareMessage {
  session: number;
  at: number;
  answer: boolean;
  text: string;
}

/** A new file with these tables; closed by the caller. */
export function bareMessages(file: string): { db: Database; write: (messages: readonly BareMessage[]) => void } {
  const db = new SQLite(file);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE messages (
      id INTEGER PRIMARY KEY, session INTEGER NOT NULL, at INTEGER NOT NULL, answer INTEGER NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX messages_of_session ON messages (session);
    CREATE VIRTUAL TABLE words USING fts5 (
      text, content = 'messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    );
  `);
  const insert = db.prepare('INSERT INTO messages (session, at, answer, text) VALUES (?, ?, ?, ?)');
  const index = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)');
  const write = db.transaction((messages: readonly BareMessage[]) => {
    for (const { session, at, answer, text } of messages) {
      const { lastInsertRowid } = insert.run(session, at, answer ? 1 : 0, text);
      index.run(lastInsertRowid, text);
    }
  });
  return { db, write };
}
