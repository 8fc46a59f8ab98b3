/** The same rows in the same tables, written by hand: prepared statements, one transaction a group, one a slice of index. */
import SQLite from 'better-sqlite3';
import { packed, tailOf } from '../../src-main/log/ids.ts';
import { typeId } from '../../src-main/log/keys.ts';
import type { Batch } from '../../src-main/log/log.ts';
import { createVolume, encodeSpan, type Place, SPAN_TEXTS } from '../../src-main/log/search-tables.ts';

/** Texts in one transaction of the index, which divides those of a span. */
const SLICE = 128;

/** Writes a group; an empty one ends it all. The file has its tables already, and what is written fits into a volume. */
export function plainSql(file: string): (group: readonly Batch[]) => void {
  const db = new SQLite(file);
  createVolume(db, 0);
  const sql = (text: string) => db.prepare<unknown[]>(text);
  const into = (table: string, columns: string) =>
    sql(`INSERT OR REPLACE INTO ${table} (${columns}) VALUES (${columns.replace(/"?\w+"?/g, '?')})`);
  const [begin, commit] = [sql('BEGIN IMMEDIATE'), sql('COMMIT')];
  const insert = into('events', 'seq, session, turn, type, version, at, data');
  const command = into('commands', 'id, hash, result, at');
  const create = into(
    'sessions',
    'key, id, version, title, sort_title, created_at, updated_at, created_seq, title_seq',
  );
  const node = into('nodes', 'session, seq, tail, branch, depth, units, state, parts');
  const begins = into('branches', 'session, branch, id, depth, level, jump, head, "end", updated_at');
  const [name, answers] = [into('session_ids', 'key, id'), into('answered', 'session, specialist')];
  const grow = sql('UPDATE branches SET head = ?, "end" = ?, updated_at = ? WHERE session = ? AND branch = 0');
  const touch = sql('UPDATE branches SET updated_at = ? WHERE session = ? AND branch = 0');
  const finish = sql('UPDATE nodes SET state = 3, finished = ?, units = ? WHERE session = ? AND seq = ?');
  const ask = sql(`UPDATE sessions SET version = ?, head = ?, head_seq = ?, target = 1, speaker = 2, last_turn = ?,
    messages = messages + 1, units = units + ?, updated_at = ? WHERE key = ?`);
  const end = sql('UPDATE sessions SET version = ?, units = units + ?, updated_at = ? WHERE key = ?');
  const word = sql('INSERT INTO search_0 (rowid, text, who) VALUES (?, ?, ?)');
  const span = into('search_spans', 'span, first, earliest, latest, texts');
  const progress = sql(`UPDATE projections SET seq = ? WHERE name = 'search'`);
  const sessions = new Map<string, { key: number; depth: number; units: number; turn: number }>();
  const texts: (Place & { text: string; who: string; at: number })[] = [];
  let [seq, count] = [0, 0];
  let open: typeof texts = [];
  const index = (slice: typeof texts) => {
    db.exec('PRAGMA synchronous = NORMAL');
    begin.run();
    if (count % SPAN_TEXTS === 0) open = [];
    open.push(...slice);
    for (const { text, who } of slice) word.run(count++, text, who);
    span.run(Math.floor((count - 1) / SPAN_TEXTS), open[0]!.seq, open[0]!.at, open.at(-1)!.at, encodeSpan(open));
    progress.run(slice.at(-1)!.seq);
    commit.run();
  };
  return (group) => {
    const at = Date.now();
    db.exec('PRAGMA synchronous = FULL');
    begin.run();
    for (const { session: id, events, command: by } of group) {
      if (by !== undefined) command.run(by.id, by.hash, JSON.stringify(by.result), at);
      let [of, units] = [sessions.get(id)!, 0];
      for (const { type, data } of events) {
        seq++;
        if (type === 'session.created') {
          of = { key: sessions.size + 1, depth: -1, units: 0, turn: 0 };
          sessions.set(id, of);
          name.run(of.key, id);
          create.run(of.key, packed(id), seq, data.title, data.title, at, at, seq, seq);
        } else if (type === 'message.added') {
          of.units += units = data.text.length;
          of.depth++;
          if (of.depth === 0) begins.run(of.key, 0, packed(data.message), 0, 0, 0, seq, 0, at);
          node.run(of.key, seq, tailOf(data.message), 0, of.depth, of.units, null, null);
        } else if (type === 'turn.requested') {
          if (of.turn === 0) answers.run(of.key, data.speaker.specialist);
          of.turn = seq;
          of.depth++;
          node.run(of.key, seq, tailOf(data.turn), 0, of.depth, of.units, 0, 1);
          grow.run(seq, of.depth, at, of.key);
          ask.run(seq, packed(data.turn), seq, seq, units, at, of.key);
        } else if (type === 'turn.finished') {
          of.units += data.text.length;
          finish.run(seq, of.units, of.key, of.turn);
          touch.run(at, of.key);
          end.run(seq, data.text.length, at, of.key);
        }
        const turn = 'turn' in data ? of.turn : null;
        insert.run(seq, of.key, turn, typeId[type], 1, at, JSON.stringify(data));
        if (type === 'message.added') texts.push({ seq, session: of.key, text: data.text, who: `m s${of.key}`, at });
        if (type === 'turn.finished') texts.push({ seq, session: of.key, text: data.text, who: `a1 s${of.key}`, at });
      }
    }
    commit.run();
    while (texts.length >= SLICE || (group.length === 0 && texts.length > 0)) index(texts.splice(0, SLICE));
    if (group.length === 0) db.close();
  };
}
