import type { Clock } from '#shared/kit/clock.ts';
import type { SessionLog } from './ports.ts';

/** So long after its end a completion that became a turn can still be followed. */
export const KEPT_MS = 24 * 3_600_000;
const LOOK_MS = 3_600_000;

export interface CompletionExpiryOptions {
  log: Pick<SessionLog, 'oldCompletions'>;
  sessions: { delete(session: string): Promise<void> };
  clock: Clock;
  logger: { warn(fields: object, message: string): void };
}

/**
 * Deletes sessions that were made for one answer, a day after their end: nobody sees them in a list, so nobody would
 * delete them. Looks an hour after something ended, and every hour while there are any; otherwise nothing ticks.
 */
export class CompletionExpiry {
  readonly #options: CompletionExpiryOptions;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: CompletionExpiryOptions) {
    this.#options = options;
  }

  /** There may be something to look for. */
  arm(): void {
    if (this.#closed) return;
    this.#cancel ??= this.#options.clock.after(LOOK_MS, () => {
      this.#cancel = undefined;
      void this.#look();
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { log, sessions, clock, logger } = this.#options;
    try {
      const old = () => log.oldCompletions(clock.now() - KEPT_MS);
      for (let some = await old(); some.length > 0; some = await old())
        for (const session of some) {
          if (this.#closed) return;
          await sessions.delete(session);
        }
      const kept = await log.oldCompletions(Number.MAX_SAFE_INTEGER);
      if (kept.length > 0) this.arm();
    } catch (error) {
      logger.warn({ error }, 'Old completions could not be deleted; it is tried again.');
      this.arm();
    }
  }
}
