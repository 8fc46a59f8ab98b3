import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import type { Log } from '../../src-main/log/log.ts';
import { openLog } from '../../src-main/log/open.ts';
import { newFolder } from '../harness/folders.ts';
import type { Row } from '../harness/rows.ts';
import { bytes } from './bytes.ts';
import { context } from './context.ts';
import { fill } from './conversations.ts';
import { loop } from './loop.ts';
import { memory } from './memory.ts';
import { open } from './open.ts';
import { search } from './search.ts';
import { inWindow } from './window.ts';

/** A word that stands in every second message. */
const COMMON = 'regarding';
const LONG = { sessions: 6, exchanges: 5000 };
const SHORT = { sessions: 6, exchanges: 5 };
/** Of 100,000 events. */
const LONGEST = { sessions: 1, exchanges: 16_666 };
/** With what is there already: 1,000,000 messages and answers. */
const MANY = { sessions: 8845, exchanges: 50, common: COMMON, plain: true };

/** Long sessions, and many: in the engine, then as a person sees them. */
export async function measure(): Promise<Row[]> {
  const dir = newFolder();
  const log = openLog({ dir, clock: systemClock, random: cryptoRandom });
  const now = Date.now();
  const long = await fill(log, LONG, now);
  const short = await fill(log, { ...SHORT, seed: 12 }, now);
  const longest = await fill(log, { ...LONGEST, seed: 14 }, now);
  const rows = [
    ...(await open(log, long.sessions[0]!)),
    ...(await context(log)),
    ...(await bytes()),
    ...(await memory()),
  ];
  const many = await fill(log, { ...MANY, seed: 13 }, now);
  const messages = 2 * (await log.totals()).messages;
  const words = [COMMON, ...many.words];
  rows.push(...(await search(log, dir, messages, words)), ...(await loop(log, many.sessions, COMMON)));
  const ends = (made: typeof long) => Promise.all(made.sessions.map((session) => lastOf(log, session)));
  const [session] = longest.sessions as [string];
  const events = { session, count: await log.eventCount(session) };
  const shown = { long: await ends(long), short: await ends(short), events, words, messages };
  await log.close();
  rows.push(...(await inWindow(dir, shown)));
  return rows;
}

async function lastOf(log: Log, session: string) {
  const page = (await log.path(session, { limit: 1 }))!;
  return { session, last: page.head };
}
