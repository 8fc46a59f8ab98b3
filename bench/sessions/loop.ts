import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Query } from '#shared/domain/search.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { Jobs } from '../../src-main/engines/jobs/jobs.ts';
import { abandon, fill as fillSession, finish } from '../../src-main/engines/session/filling.ts';
import { Exports } from '../../src-main/engines/transfer/exports.ts';
import { Files } from '../../src-main/engines/transfer/files.ts';
import { Imports } from '../../src-main/engines/transfer/imports.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import type { Log } from '../../src-main/log/log.ts';
import { openLog } from '../../src-main/log/open.ts';
import { newFolder } from '../harness/folders.ts';
import { atMost, type Row, row } from '../harness/rows.ts';
import { fill } from './conversations.ts';

const RESOLUTION_MS = 1;
/** 10,000 messages, which go out and come in again, or are packed. */
const SOME = { sessions: 100, exchanges: 50 };
const SEARCHES = 40;

/** How long the event loop of the main process was held up while something long went on, beside an idle one. */
export async function loop(log: Log, sessions: readonly string[], word: string): Promise<Row[]> {
  const options = { progress: () => {}, signal: new AbortController().signal };
  const transfer = transferOf(log);
  const small = openLog({ dir: newFolder(), clock: systemClock, random: cryptoRandom });
  await fill(small, SOME, Date.now());
  const messages = (SOME.sessions * SOME.exchanges * 2).toLocaleString('en');
  const file = await transfer.exported(sessions.slice(0, SOME.sessions));
  const work: Record<string, () => Promise<unknown>> = {
    'searches of a very common word': async () => {
      for (let time = 0; time < SEARCHES; time++)
        await log.find(Query.parse({ text: word, order: 'best' }), { limit: 30 });
    },
    [`an import of ${messages} messages`]: () => transfer.imported(file),
    'a backup': () => log.backup(join(newFolder(), 'copy.db'), options),
    'an integrity check': () => log.check(options),
    [`packing and vacuum of ${messages} messages`]: () => small.compact(options),
  };
  const idle = await held(() => new Promise((resolve) => setTimeout(resolve, 3000)));
  const rows: Row[] = [];
  for (const [name, run] of Object.entries(work))
    rows.push(row('sessions', `event loop held up during ${name}, p99.9 (ms)`, atMost(20), await held(run), idle));
  await transfer.close();
  await small.close();
  return rows;
}

async function held(run: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await run();
  delay.disable();
  return delay.percentile(99.9) / 1e6;
}

/** Exports and imports of this log, with their threads. */
function transferOf(log: Log) {
  const dir = newFolder();
  const newId = () => uuidv7(systemClock.now(), cryptoRandom);
  const jobs = new Jobs({ clock: systemClock, newId, logger: console });
  const files = new Files({ folder: dir, clock: systemClock, newId });
  const thread = { file: new URL('../../src-main/engines/transfer/worker.ts', import.meta.url) };
  const filling = {
    fill: fillSession.bind(null, log),
    finish: (job: string) => finish(log, job),
    abandon: (job: string) => abandon(log, job),
  };
  const imports = new Imports({ files, jobs, log, filling, thread });
  const exports = new Exports({ files, jobs, log, now: () => systemClock.now(), thread });
  const ended = async (id: string) => {
    const job = await jobs.ended(id);
    if (job?.state !== 'done') throw new Error(`It failed: ${job?.problem?.message}`);
    return job.result;
  };
  return {
    async exported(sessions: string[]): Promise<Buffer> {
      const result = await ended((await exports.start({ format: 'json', sessions })).job);
      return readFileSync(join(dir, result!.file!.id));
    },
    async imported(bytes: Buffer): Promise<void> {
      const { file } = await files.begin('sessions.json', bytes.length);
      for (let at = 0; at < bytes.length; at += 500_000)
        await files.write(file, at, bytes.subarray(at, at + 500_000).toString('base64'));
      await ended(imports.start(file).job);
    },
    async close(): Promise<void> {
      await jobs.close();
      await files.close();
    },
  };
}
