import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';

/** Opens the log of a data folder and reads what a first window shows: the list, and the last session of it. */
const start = performance.now();
const log = openLog({ dir: process.argv[2]!, clock: systemClock, random: cryptoRandom });
await log.unfinished();
const { sessions } = await log.summaries({ limit: 100 });
await log.snapshot(sessions.at(-1)!.id, 200);
process.send!({ ms: performance.now() - start });
setInterval(() => {}, 60_000);
