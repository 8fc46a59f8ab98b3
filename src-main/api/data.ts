import type { Backups } from '../engines/keeping/backups.ts';
import type { JobBoard } from '../engines/keeping/ports.ts';
import type { Log } from '../log/log.ts';
import type { CallHandlers } from './handlers.ts';

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `data.${string}`>>;

export interface DataParts {
  log: Pick<Log, 'totals' | 'size' | 'check' | 'compact'>;
  backups: Backups;
  jobs: JobBoard;
  /** Bytes of files that were set aside in the data folder. */
  setAside(): Promise<number>;
  /** Answers when it is sure that it can be done; soon after that all is opened anew. */
  restore(file: string): Promise<void>;
}

export const dataCalls = ({ log, backups, jobs, setAside, restore }: DataParts): Calls => ({
  'data.usage': async () => {
    const [{ sessions, messages }, { bytes, free }, aside] = await Promise.all([log.totals(), log.size(), setAside()]);
    const copies = backups.list().reduce((sum, backup) => sum + backup.bytes, 0);
    return { sessions, messages, bytes: { log: bytes, free, backups: copies, setAside: aside } };
  },
  'data.backups': async () => ({ folder: backups.folder, backups: backups.list(), problem: backups.problem }),
  'data.backup': async () => ({ job: backups.start('asked') }),
  'data.removeBackups': async ({ files }) => {
    backups.remove(files);
    return {};
  },
  'data.restore': async ({ file }) => {
    await restore(file);
    return {};
  },
  'data.check': async () => ({
    job: jobs.start('check', '', 'messages', async (job) => ({ notes: await log.check(job) })),
  }),
  'data.compact': async () => ({
    job: jobs.start('compact', '', 'pages', async (job) => ({ freed: await log.compact(job) })),
  }),
});
