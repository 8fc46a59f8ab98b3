import { join } from 'node:path';
import type { Log } from '../../src-main/log/log.ts';
import { newFolder } from '../harness/folders.ts';
import { median } from '../harness/rounds.ts';
import { type Row, ratioAtMost, row } from '../harness/rows.ts';
import { bareMessages } from '../limits/bare-messages.ts';

const LAST = 50;
const TIMES = 400;

/** Reading the end of a session of 10,000 messages, beside the same read of a bare table. */
export async function open(log: Log, session: string): Promise<Row[]> {
  const { db, write } = bareMessages(join(newFolder(), 'bare.db'));
  const length = (await log.path(session, { limit: 1 }))!.length;
  const all = [];
  for (let from = 0; from < length; from += 200) all.push(...(await log.path(session, { from, limit: 200 }))!.nodes);
  write(all.map(({ kind, at, text }) => ({ session: 1, at, answer: kind === 'turn', text })));
  const last = db.prepare('SELECT * FROM messages WHERE session = ? ORDER BY id DESC LIMIT ?');
  const ours: number[] = [];
  const bare: number[] = [];
  // In turns, so that both are as warm as the other.
  for (let time = 0; time < TIMES; time++) {
    let start = performance.now();
    const page = await log.path(session, { limit: LAST });
    ours.push(performance.now() - start);
    start = performance.now();
    const rows = last.all(1, LAST);
    bare.push(performance.now() - start);
    if (page!.nodes.length !== LAST || rows.length !== LAST) throw new Error('A page is not whole.');
  }
  db.close();
  const name = `last ${LAST} of ${length.toLocaleString('en')} messages read from the log, p50 (ms)`;
  return [row('sessions', name, ratioAtMost(3), median(ours), median(bare))];
}
