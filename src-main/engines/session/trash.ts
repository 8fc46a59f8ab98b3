import { SYSTEM } from '#shared/domain/events.ts';
import type { CommandRow, Log } from '../../log/log.ts';
import type { JobBoard } from './ports.ts';

export interface TrashOptions {
  log: Pick<Log, 'append' | 'trashedBefore'>;
  sessions: { deleteTrashed(session: string): Promise<boolean> };
  jobs: JobBoard;
}

/** Deletes for good, as a job, what is in the trash; what is taken out of it meanwhile stays. */
export class Trash {
  readonly #options: TrashOptions;

  constructor(options: TrashOptions) {
    this.#options = options;
  }

  /** What is in it now. The command is remembered before anything is deleted: coming again, it takes nothing more. */
  async empty(remember: (result: { job: string }) => CommandRow): Promise<{ job: string }> {
    const { log, jobs } = this.#options;
    const sessions = await log.trashedBefore(Number.MAX_SAFE_INTEGER);
    let ready = () => {};
    let refuse = (_: unknown) => {};
    const remembered = new Promise<void>((resolve, reject) => {
      ready = resolve;
      refuse = reject;
    });
    const job = jobs.start('delete', '', 'sessions', async (handle) => {
      await remembered;
      return this.delete(sessions, handle);
    });
    try {
      await log.append({ session: SYSTEM, events: [], command: remember({ job }), durable: true });
      ready();
    } catch (error) {
      refuse(error);
      throw error;
    }
    return { job };
  }

  /** One after the other; what has gone by then is gone when it is cancelled. */
  async delete(
    ids: readonly string[],
    { progress, signal }: { progress(done: number, of: number): void; signal: AbortSignal },
  ): Promise<{ sessions: number }> {
    const { sessions } = this.#options;
    let deleted = 0;
    progress(0, ids.length);
    for (const [done, session] of ids.entries()) {
      signal.throwIfAborted();
      if (await sessions.deleteTrashed(session)) deleted++;
      progress(done + 1, ids.length);
    }
    return { sessions: deleted };
  }
}
