import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import type { Batch, Log } from '../../src-main/log/log.ts';
import { openLog } from '../../src-main/log/open.ts';
import { inFolder } from '../harness/folders.ts';
import { interleave, median } from '../harness/rounds.ts';
import { below, type Row, ratioAtLeast, row } from '../harness/rows.ts';
import { plainSql } from '../limits/plain-sql.ts';
import { workload } from './workload.ts';

const SHAPE = { sessions: 64, exchanges: 40, group: 64 };
/** Enough to write for some seconds without a pause. */
const LONG = { ...SHAPE, sessions: 640 };
const messages = ({ sessions, exchanges }: typeof SHAPE) => sessions * exchanges * 2;

/** Writing conversations: through the log, beside the same rows by hand. Each round fills a new file. */
export async function measure(): Promise<Row[]> {
  const groups = workload(SHAPE);
  const { ours, limit } = await interleave(
    15,
    () => inLog(async (log) => perSecond(() => append(log, groups))),
    () =>
      inFolder(async (dir) => {
        await openLog({ dir, clock: systemClock, random: cryptoRandom }).close();
        const write = plainSql(join(dir, 'choragus.db'));
        return perSecond(async () => {
          for (const group of groups) write(group);
          write([]);
        });
      }),
  );
  const lag = await inLog(indexLag);
  const each = `messages/s with event, projections, command id and index, groups of ${SHAPE.group}, durable`;
  const behind = `oldest message that the index lacks while ${messages(LONG).toLocaleString('en')} are written without a pause, at most (ms)`;
  return [
    row('log', each, ratioAtLeast(0.7), median(ours), median(limit)),
    row('log', behind, below(1000), lag.most),
    row('log', 'all of them in the index, after the last (ms)', below(1000), lag.last),
  ];
}

const inLog = <T>(run: (log: Log, dir: string) => Promise<T>): Promise<T> =>
  inFolder(async (dir) => {
    const log = openLog({ dir, clock: systemClock, random: cryptoRandom });
    const result = await run(log, dir);
    await log.close();
    return result;
  });

/** One group after the other, then until all of it is in the index. */
async function append(log: Log, groups: readonly Batch[][]): Promise<void> {
  for (const group of groups) await Promise.all(group.map((batch) => log.append(batch)));
  await log.indexed();
}

async function perSecond(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (messages(SHAPE) * 1000) / (performance.now() - start);
}

/** The index is fed beside the writing; nobody asks for it before the end. */
async function indexLag(log: Log, dir: string): Promise<{ most: number; last: number }> {
  const committed: { seq: number; at: number }[] = [];
  let most = 0;
  for (const [index, group] of workload(LONG).entries()) {
    await Promise.all(group.map((batch) => log.append(batch)));
    committed.push({ seq: log.position, at: performance.now() });
    if (index % 20 === 0) most = Math.max(most, behind(dir, committed));
  }
  const end = performance.now();
  await log.indexed();
  return { most, last: performance.now() - end };
}

/** For how long the first group that the index has not yet has been committed. */
function behind(dir: string, committed: readonly { seq: number; at: number }[]): number {
  const now = performance.now();
  const db = new SQLite(join(dir, 'choragus.db'), { readonly: true });
  const seq = db.prepare<[], number>(`SELECT seq FROM projections WHERE name = 'search'`).pluck().get()!;
  db.close();
  const first = committed.find((group) => group.seq > seq);
  return first === undefined ? 0 : now - first.at;
}
