import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { Query } from '#shared/domain/search.ts';
import type { Log } from '../../src-main/log/log.ts';
import { median, percentile } from '../harness/rounds.ts';
import { atMost, none, type Row, row } from '../harness/rows.ts';
import { bareSearch } from '../limits/bare-search.ts';

const TIMES = 300;
const LIMIT = 30;

/** One search after the other, of words of every frequency, beside the same query of the bare index. */
export async function search(log: Log, dir: string, messages: number, words: readonly string[]): Promise<Row[]> {
  const db = new SQLite(join(dir, 'choragus.db'), { readonly: true });
  const rows: Row[] = [];
  for (const order of ['newest', 'best'] as const) {
    const bare = bareSearch(db, order, LIMIT);
    const [ours, limit]: [number[], number[]] = [[], []];
    for (let time = 0; time < TIMES; time++) {
      const text = words[time % words.length]!;
      const query = Query.parse({ text, order });
      let start = performance.now();
      const { hits } = await log.find(query, { limit: LIMIT });
      ours.push(performance.now() - start);
      if (hits.length === 0) throw new Error(`Nothing was found for ${text}.`);
      // By hand all that match are ranked: half a second for a very common word.
      if (order === 'best' && time >= words.length) continue;
      start = performance.now();
      bare(text);
      limit.push(performance.now() - start);
    }
    const name = `search of ${messages.toLocaleString('en')} messages, ${order} first`;
    rows.push(
      row('sessions', `${name}, p50 (ms)`, none, median(ours), median(limit)),
      row(
        'sessions',
        `${name}, p99 (ms)`,
        atMost(order === 'newest' ? 5 : 25),
        percentile(ours, 0.99),
        percentile(limit, 0.99),
      ),
    );
  }
  db.close();
  return rows;
}
