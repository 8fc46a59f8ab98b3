import { parentPort, workerData } from 'node:worker_threads';
import SQLite, { type Database } from 'better-sqlite3';
import { readable } from './json.ts';
import type { SearchHit } from './log.ts';
import { match } from './words.ts';

/** Runs in a thread of its own, so that neither a search nor a sync of the file holds up a stream. */
export type Order = Question | 'checkpoint' | 'cut';
export interface Question {
  id: number;
  query: string;
  limit: number;
  exclude: string[];
}
export type Answer = { id: number; hits: SearchHit[] } | { id: number; error: string };

/** Checkpoints that are made, one after the other, until one is this short and the journal can be cut off. */
const CUT_TRIES = 8;
const SHORT_MS = 25;

function searcher(db: Database): (question: Question) => SearchHit[] {
  const find = db.prepare<[string, number], SearchHit>(
    `WITH found AS MATERIALIZED (SELECT rowid AS seq, rank FROM search WHERE search MATCH ? ORDER BY rank LIMIT ?)
     SELECT e.session, coalesce(s.title, '') AS title, e.at,
       coalesce(e.turn, json_extract(e.data, '$.message')) AS node,
       coalesce(${readable('request.data')} ->> '$.speaker.name', iif(e.turn IS NULL, 'you', '')) AS by,
       json_extract(e.data, '$.text') AS text
     FROM found CROSS JOIN events e ON e.seq = found.seq
     LEFT JOIN sessions s ON s.id = e.session
     LEFT JOIN nodes n ON n.session = e.session AND n.id = e.turn
     LEFT JOIN events request ON request.seq = n.seq
     WHERE json_valid(e.data)
     ORDER BY found.rank, found.seq DESC`,
  );
  return ({ query, limit, exclude }) => {
    // All words first; when no text has them all, those that have most of them.
    for (const all of [true, false]) {
      const wanted = match(query, all);
      if (wanted === null) return [];
      const hits = find.all(wanted, limit + exclude.length).filter((hit) => !exclude.includes(hit.node));
      if (hits.length > 0) return hits.slice(0, limit);
    }
    return [];
  };
}

const port = parentPort;
if (port !== null) {
  const db = new SQLite((workerData as { path: string }).path, { fileMustExist: true });
  // It may copy the journal into the file, and change nothing else. The second as for the log itself.
  for (const setting of ['query_only', 'fullfsync']) db.pragma(`${setting} = 1`);
  const search = searcher(db);
  // An earlier process may have been killed before it cut the journal off.
  let cut = true;
  const checkpoint = () => {
    for (let tries = cut ? CUT_TRIES : 1; tries > 0; tries--) {
      const started = performance.now();
      db.pragma('wal_checkpoint(PASSIVE)');
      if (!cut || performance.now() - started > SHORT_MS) continue;
      // Nobody can write meanwhile, so only when there is little left to copy.
      cut = db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) !== 0;
      return;
    }
  };
  port.on('message', (order: Order) => {
    try {
      cut ||= order === 'cut';
      if (typeof order === 'string') checkpoint();
      else port.postMessage({ id: order.id, hits: search(order) } satisfies Answer);
    } catch (error) {
      // A checkpoint that failed is made with the next one, or when the log closes.
      if (typeof order === 'string') return;
      const message = error instanceof Error ? error.message : String(error);
      port.postMessage({ id: order.id, error: message } satisfies Answer);
    }
  });
}
