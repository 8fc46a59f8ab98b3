import { statSync } from 'node:fs';
import { join } from 'node:path';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import { newFolder } from '../harness/folders.ts';
import { type Row, ratioAtMost, row } from '../harness/rows.ts';
import { bareMessages } from '../limits/bare-messages.ts';
import { fill } from './conversations.ts';

const SHAPE = { sessions: 400, exchanges: 25 };

/** What a cold message takes on the disk with all that is kept of it, beside the same texts in a bare table with an index. */
export async function bytes(): Promise<Row[]> {
  const dir = newFolder();
  const log = openLog({ dir, clock: systemClock, random: cryptoRandom });
  const { sessions } = await fill(log, SHAPE, Date.now());
  const bareFile = join(dir, 'bare.db');
  const { db, write } = bareMessages(bareFile);
  for (const [index, session] of sessions.entries()) {
    const { nodes } = (await log.path(session, { limit: 200 }))!;
    write(nodes.map(({ kind, at, text }) => ({ session: index, at, answer: kind === 'turn', text })));
  }
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.exec(`INSERT INTO words (words) VALUES ('optimize'); VACUUM`);
  db.close();
  await log.compact({ progress: () => {}, signal: new AbortController().signal });
  await log.close();
  const messages = SHAPE.sessions * SHAPE.exchanges * 2;
  const ours = statSync(join(dir, 'choragus.db')).size / messages;
  const bare = statSync(bareFile).size / messages;
  const name = `bytes per message at rest with timing track, receipts and index, of ${messages.toLocaleString('en')}`;
  return [row('sessions', name, ratioAtMost(1), ours, bare)];
}
