import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Choragus } from '../compose.ts';
import { putPrepared, takeBack } from '../log/restore.ts';
import type { Logger } from '../observability/logger.ts';

/** So that the answer to whoever asked for it goes out first. */
const ANSWER_MS = 100;

export interface Notice {
  message: string;
  next?: string;
}

export interface ReopenOptions {
  dataDir: string;
  /** Opens all engines; `restore` is to be called when the backup of this name lies ready. */
  open(how: { notices: Notice[]; restore: (backup: string) => void }): Promise<Choragus>;
  clock: Clock;
  logger: Logger;
  /** Neither the new log nor the former one can be opened: nothing is left to serve. */
  failed(error: unknown): void;
}

/**
 * The engines, opened anew when a backup is to take the place of the log: in the same process, at the same address, with
 * the same owner. Whoever was connected is hung up on, and connects again by itself.
 */
export class Reopening implements Choragus {
  readonly #options: ReopenOptions;
  #now: Choragus;
  #restoring: Promise<void> | undefined;
  /** The former is closed, or being closed, and the new one is not open yet. */
  #between = false;
  #closing = false;

  private constructor(options: ReopenOptions, first: Choragus) {
    this.#options = options;
    this.#now = first;
  }

  static async open(options: ReopenOptions): Promise<Reopening> {
    let opened: Reopening | undefined;
    const restore = (backup: string) => opened?.restore(backup);
    opened = new Reopening(options, await options.open({ notices: [], restore }));
    return opened;
  }

  get connections() {
    return this.#now.connections;
  }

  get completions() {
    return this.#now.completions;
  }

  get notices() {
    return this.#now.notices;
  }

  get running() {
    return this.#now.running;
  }

  roster: Choragus['roster'] = () => this.#now.roster();

  connect: Choragus['connect'] = (pipe, who) => this.#open().connect(pipe, who);

  admit: Choragus['admit'] = (who, client, waiting) => this.#open().admit(who, client, waiting);

  /** Soon. */
  restore(backup: string): void {
    const { clock, failed } = this.#options;
    this.#restoring ??= new Promise<void>((resolve) => clock.after(ANSWER_MS, resolve))
      .then(() => this.#restore(backup))
      .catch(failed)
      .finally(() => {
        this.#restoring = undefined;
      });
  }

  async close(options?: { drainMs?: number }): Promise<void> {
    this.#closing = true;
    await this.#restoring;
    await this.#now.close(options);
  }

  async #restore(backup: string): Promise<void> {
    if (this.#closing) return;
    const { dataDir, clock, logger } = this.#options;
    this.#between = true;
    await this.#now.close();
    this.#now.connections.closeAll('A backup is being restored.');
    try {
      const former = putPrepared(dataDir, clock.now());
      try {
        const kept =
          former.backup !== null
            ? `What was there before is the backup ${former.backup}.`
            : former.setAside !== null
              ? `What was there before could not be read; it was set aside as ${former.setAside}.`
              : '';
        await this.#again({ message: `The backup ${backup} was restored. ${kept}`.trimEnd() });
        logger.info({ backup, former: former.backup ?? former.setAside }, 'a backup was restored');
      } catch (error) {
        takeBack(dataDir, former);
        throw error;
      }
    } catch (error) {
      logger.error({ error, backup }, 'a backup could not be restored');
      const { message } = Problem.of(error);
      const what = `The backup ${backup} could not be restored, and all is as it was: ${message}`;
      await this.#again({ message: what, next: 'Choose another backup in Settings under Data.' });
    }
  }

  async #again(notice: Notice): Promise<void> {
    this.#now = await this.#options.open({ notices: [notice], restore: (backup) => this.restore(backup) });
    this.#between = false;
  }

  #open(): Choragus {
    if (!this.#between) return this.#now;
    throw new Problem('DISCONNECTED', 'A backup is being restored.', 'Try again in a moment.');
  }
}
