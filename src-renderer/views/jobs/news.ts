import type { KnownJobs } from '../../state/jobs.ts';
import type { Upload } from '../../state/transfers.ts';
import { outcome, percent, verb } from './words.ts';

interface News {
  sign: 'running' | 'check' | 'warn';
  text: string;
  /** Of the one that runs. */
  percent: number | null;
  /** Told to a screen reader: something has ended. */
  ended?: string;
}

/** What the status bar says; null: nothing. What ended and was not seen comes before what runs. Pure. */
export function newsOf({ jobs, seen }: KnownJobs, uploads: readonly Upload[], connected: boolean): News | null {
  const failed = uploads.find(({ problem, seen }) => problem !== null && !seen);
  if (failed?.problem)
    return { sign: 'warn', text: failed.problem.message, percent: null, ended: failed.problem.message };
  const ended = jobs.findLast(({ id, state }) => state !== 'running' && !seen.has(id));
  if (ended !== undefined) {
    const text = outcome(ended);
    return { sign: ended.state === 'failed' ? 'warn' : 'check', text, percent: null, ended: text };
  }
  const running = jobs.filter(({ state }) => state === 'running');
  const sending = uploads.filter(({ problem }) => problem === null);
  const count = running.length + sending.length;
  // Without a connection nobody knows how far they are.
  if (!connected || count === 0) return null;
  if (count > 1) return { sign: 'running', text: `${count} jobs running`, percent: null };
  const [job] = running;
  if (job !== undefined) return { sign: 'running', text: verb(job), percent: percent(job) };
  const { name, done, of } = sending[0]!;
  return { sign: 'running', text: `Sending ${name}`, percent: percent({ done, of }) };
}
