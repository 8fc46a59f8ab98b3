import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceLimits } from 'node:worker_threads';
import type { Event } from '#shared/domain/events.ts';
import type { Job } from '#shared/domain/jobs.ts';
import type { FakeClock } from '#shared/kit/testing/clock.ts';
import { countedIds } from '#shared/kit/testing/ids.ts';
import type { Log } from '../../../log/log.ts';
import { Folder } from '../../../log/testing/folder.ts';
import { Jobs } from '../../jobs/jobs.ts';
import { abandon, fill, finish } from '../../session/filling.ts';
import { Exports } from '../exports.ts';
import { Files } from '../files.ts';
import { Imports } from '../imports.ts';
import type { Format } from '../worker/orders.ts';

export interface Transfers {
  folder: Folder;
  log: Log;
  clock: FakeClock;
  jobs: Jobs;
  files: Files;
  exports: Exports;
  imports: Imports;
  /** A file that has come as a whole. */
  sent(bytes: Buffer | string, name?: string): Promise<string>;
  /** Resolves with the job when it has ended. */
  imported(bytes: Buffer | string, name?: string): Promise<Job>;
  exported(format: Format, sessions?: string[]): Promise<Job>;
  /** What an export made. */
  bytesOf(job: Job): Buffer;
  close(): Promise<void>;
}

const quiet = { warn() {} };

/** Imports and exports over a real log in a folder of its own, with real threads. */
export function transfers({ resourceLimits }: { resourceLimits?: ResourceLimits } = {}): Transfers {
  const folder = new Folder();
  const log = folder.open();
  const { clock } = folder;
  const newId = countedIds();
  const jobs = new Jobs({ clock, newId, logger: quiet });
  const dir = join(folder.dir, 'transfer');
  const files = new Files({ folder: dir, clock, newId });
  const thread = {
    file: new URL('../worker.ts', import.meta.url),
    ...(resourceLimits && { resourceLimits }),
  };
  const filling = {
    fill: fill.bind(null, log),
    finish: (job: string) => finish(log, job),
    abandon: (job: string) => abandon(log, job),
  };
  const imports = new Imports({ files, jobs, log, filling, thread });
  const exports = new Exports({ files, jobs, log, now: () => clock.now(), thread });
  const sent: Transfers['sent'] = async (content, name = 'sessions.json') => {
    const bytes = Buffer.from(content);
    const { file } = await files.begin(name, bytes.length);
    for (let at = 0; at < bytes.length; at += 500_000)
      await files.write(file, at, bytes.subarray(at, at + 500_000).toString('base64'));
    return file;
  };
  const ended = async ({ job }: { job: string }) => (await jobs.ended(job))!;
  return {
    folder,
    log,
    clock,
    jobs,
    files,
    exports,
    imports,
    sent,
    imported: async (bytes, name) => ended(imports.start(await sent(bytes, name))),
    exported: async (format, sessions) => ended(await exports.start({ format, sessions })),
    bytesOf: (job) => readFileSync(join(dir, job.result!.file!.id)),
    async close() {
      await jobs.close();
      await files.close();
      await folder.remove();
    },
  };
}

/** All events of a session, in order. */
export async function eventsOf(log: Log, session: string): Promise<Event[]> {
  const all: Event[] = [];
  for (;;) {
    const page = await log.read({ session, after: all.at(-1)?.seq ?? 0, limit: 200 });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** The ids of all sessions that are in the list, the archive or the trash; oldest first. */
export async function sessionIds(log: Log): Promise<string[]> {
  const ids: string[] = [];
  for (const filter of [{}, { archived: true }, { trashed: true }]) {
    const { sessions } = await log.summaries({ filter, limit: 500 });
    ids.push(...sessions.map(({ id }) => id));
  }
  return [...new Set(ids)].sort();
}
