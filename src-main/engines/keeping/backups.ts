import { basename } from 'node:path';
import type { Backup } from '#shared/domain/keeping.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { BackupStore, JobBoard, KeepingLog, Logger } from './ports.ts';

export interface BackupsOptions {
  log: Pick<KeepingLog, 'backup' | 'epoch' | 'position'>;
  store: BackupStore;
  jobs: JobBoard;
  clock: Clock;
  logger: Logger;
}

/** Copies of the log: made one at a time, as jobs. */
export class Backups {
  readonly #options: BackupsOptions;
  #running: string | undefined;
  #problem: ProblemBody | null = null;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  get folder(): string {
    return this.#options.store.folder;
  }

  /** Why the last automatic one could not be made; null when it could. */
  get problem(): ProblemBody | null {
    return this.#problem;
  }

  /** The newest first. Throws STORAGE. */
  list(): Backup[] {
    return this.#options.store.list();
  }

  /** Throws NOT_FOUND for what is not in the list. */
  remove(names: readonly string[]): void {
    this.#options.store.remove(names);
  }

  /** The job that makes one; the one that makes one now, if there is one. Throws STORAGE. */
  start(reason: 'automatic' | 'asked', done: () => Promise<void> = async () => {}): string {
    if (this.#running !== undefined) return this.#running;
    const { log, store, jobs, clock } = this.#options;
    const file = store.next(reason, clock.now());
    const id = jobs.start('backup', basename(file), 'pages', async (job) => {
      try {
        await log.backup(file, job);
        await done();
        return null;
      } finally {
        this.#running = undefined;
      }
    });
    this.#running = id;
    // A job that is cancelled before it begins never comes to its end above.
    void jobs.ended(id).then(() => {
      if (this.#running === id) this.#running = undefined;
    });
    return id;
  }

  /** Makes an automatic one, and lets go of those beyond `keep`. False: it could not be made, or was cancelled. */
  async automatic(keep: number): Promise<boolean> {
    try {
      const job = await this.#options.jobs.ended(this.start('automatic', () => this.#rollOver(keep)));
      this.#problem = job?.problem ?? null;
      return job?.state === 'done';
    } catch (error) {
      this.#problem = Problem.of(error).toBody();
      return false;
    }
  }

  /** When the next automatic one is due, on the wall clock; null while nothing has changed since the newest one. */
  due(everyHours: number): number | null {
    const { log, store, clock } = this.#options;
    const now = clock.now();
    const newest = this.list().find(({ file }) => store.about(file)?.epoch === log.epoch);
    if (newest === undefined) return log.position > 0 ? now : null;
    if (store.about(newest.file)?.position === log.position) return null;
    const due = newest.at + everyHours * 3_600_000;
    // One from a day to come was made while the clock was wrong.
    return newest.at > now + 60_000 ? now : due;
  }

  /**
   * Of this log the newest `keep` automatic ones stay. Of each that lay in its place before, the newest: after a damaged
   * log was set aside, an empty one must not push out all that is left of it.
   */
  async #rollOver(keep: number): Promise<void> {
    const { store, log, logger } = this.#options;
    const kept = new Map<string, number>();
    try {
      const gone: string[] = [];
      for (const { file } of this.list().filter(({ reason }) => reason === 'automatic')) {
        const epoch = store.about(file)?.epoch ?? '';
        const before = kept.get(epoch) ?? 0;
        kept.set(epoch, before + 1);
        if (before >= (epoch === log.epoch ? keep : 1)) gone.push(file);
        // Each is opened to be asked.
        await new Promise(setImmediate);
      }
      store.remove(gone);
    } catch (error) {
      logger.warn({ error }, 'Old backups could not be removed; it is tried again after the next one.');
    }
  }
}
