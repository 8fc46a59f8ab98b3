import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SessionSource } from '../../src-main/api/session-source.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import { fill } from './conversations.ts';

/** Fills a folder, then follows every session of it as a window does, and tells what that took of memory. */
setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');
const used = () => {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
};
const options = { dir: process.argv[2]!, clock: systemClock, random: cryptoRandom };
const filled = openLog(options);
const { sessions } = await fill(filled, { sessions: 100, exchanges: 10 }, Date.now());
await filled.close();
const log = openLog(options);
await log.totals();
const before = used();
const sources = sessions.map((session) => new SessionSource(log, session, undefined));
const views = await Promise.all(sources.map((source) => source.pull(10)));
const after = used();
if (views.some((items) => items?.[0]?.kind !== 'snapshot')) throw new Error('A session could not be followed.');
process.send!({ megabytes: after - before });
setInterval(() => {}, 60_000);
