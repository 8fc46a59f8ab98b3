/** The same rows in the same tables, written by hand: prepared statements, one transaction a group, one a slice of index. */
import SQLite from 'better-sqlite3';
import type { Batch } from '../../src-main/log/log.ts';

/** Texts in one transaction of the index. */
const SLICE = 128;

/** Writes a group; an empty one ends it all. The file has its tables already. */
export function plainSql(file: string): (group: readonly Batch[]) => void {
  const db = new SQLite(file);
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const into = (table: string, columns: string) =>
    db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.replace(/\w+/g, '?')})`);
  const insert = into('events', 'seq, session, turn, type, version, at, data');
  const command = into('commands', 'id, hash, result, at');
  const session = into('sessions', 'id, version, title, created_at, updated_at, created_seq, title_seq, target_seq');
  const message = into('nodes', 'session, id, parent, kind, seq');
  const turn = into('nodes', 'session, id, parent, kind, seq, state, parts');
  const finish = db.prepare('UPDATE nodes SET state = ?, finished = ? WHERE session = ? AND id = ?');
  const ask = db.prepare(
    `UPDATE sessions SET version = ?, head = ?, head_seq = ?, target_seq = ?, last_turn = ?, messages = messages + 1,
     updated_at = ? WHERE id = ?`,
  );
  const answer = db.prepare('UPDATE sessions SET version = ?, updated_at = ? WHERE id = ?');
  const word = into('search', 'rowid, text');
  const progress = db.prepare(`UPDATE projections SET seq = ? WHERE name = 'search'`);
  const texts: [number, string][] = [];
  let seq = 0;
  const index = (slice: [number, string][]) => {
    db.exec('PRAGMA synchronous = NORMAL');
    begin.run();
    for (const [row, text] of slice) word.run(row, text);
    progress.run(slice.at(-1)![0]);
    commit.run();
  };
  return (group) => {
    const at = Date.now();
    db.exec('PRAGMA synchronous = FULL');
    begin.run();
    for (const { session: of, events, command: id } of group) {
      if (id !== undefined) command.run(id.id, id.hash, JSON.stringify(id.result), at);
      for (const { type, data } of events) {
        insert.run(++seq, of, 'turn' in data ? data.turn : null, type, 1, at, JSON.stringify(data));
        if (type === 'session.created') session.run(of, seq, data.title, at, at, seq, seq, seq);
        else if (type === 'message.added') message.run(of, data.message, data.parent, 'message', seq);
        else if (type === 'turn.requested') {
          turn.run(of, data.turn, data.parent, 'turn', seq, 'queued', 1);
          ask.run(seq, data.turn, seq, seq, data.turn, at, of);
        } else if (type === 'turn.finished') {
          finish.run(data.state, seq, of, data.turn);
          answer.run(seq, at, of);
        }
        if (type === 'message.added' || type === 'turn.finished') texts.push([seq, data.text]);
      }
    }
    commit.run();
    while (texts.length >= SLICE || (group.length === 0 && texts.length > 0)) index(texts.splice(0, SLICE));
    if (group.length === 0) db.close();
  };
}
