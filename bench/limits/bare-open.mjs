/** The least that a first window costs: the file opened, and plain SQL for the same rows as its list and its session show. */
import SQLite from 'better-sqlite3';

const start = performance.now();
const db = new SQLite(process.argv[2]);
for (const pragma of [
  'journal_mode = WAL',
  'journal_size_limit = 67108864',
  'synchronous = NORMAL',
  'temp_store = MEMORY',
])
  db.pragma(pragma);
db.prepare('SELECT max(seq) FROM events').get();
db.prepare('SELECT session, id FROM nodes WHERE parts = 1 AND finished IS NULL').all();
const sessions = db
  .prepare(
    `SELECT s.id, s.title, s.created_at, s.updated_at, s.messages, n.state, t.data AS target, r.data AS request
     FROM sessions s LEFT JOIN events t ON t.seq = s.target_seq
     LEFT JOIN nodes n ON n.session = s.id AND n.id = s.last_turn LEFT JOIN events r ON r.seq = n.seq
     ORDER BY s.updated_at DESC, s.id DESC LIMIT 100`,
  )
  .all();
for (const { target, request } of sessions) for (const data of [target, request]) JSON.parse(data ?? 'null');
const events = db
  .prepare(
    `SELECT e.data FROM (SELECT * FROM nodes WHERE session = ? ORDER BY seq DESC LIMIT 200) n
     JOIN events e ON e.seq = n.seq OR e.seq = n.finished`,
  )
  .all(sessions.at(-1).id);
for (const { data } of events) JSON.parse(data);
process.send({ ms: performance.now() - start });
setInterval(() => {}, 60_000);
