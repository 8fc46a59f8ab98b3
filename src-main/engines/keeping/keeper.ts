import type { EventType } from '#shared/domain/events.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import { type Clock, LONGEST_WAIT_MS } from '#shared/kit/clock.ts';
import type { Backups } from './backups.ts';
import type { JobBoard, KeepingLog, Logger } from './ports.ts';
import type { Retention } from './retention.ts';
import type { Rules } from './rules.ts';

/** After a start, a change or a sleep it is looked so much later, not before. */
const SETTLE_MS = 10 * 60_000;
/** New rules are seen to at once: whoever set them has seen what they do. */
const SOON_MS = 1000;
/** What failed, or was cancelled, is tried again. */
const AGAIN_MS = 3_600_000;
/** A timer that fires this much late slept with the computer; it starts anew. */
const SLEPT_MS = 5_000;
/** The wall clock was set anew when it has come so much further, or less far, than the time that went by. */
const JUMPED_MS = 60_000;

/** By these there may be something to do that was not due before. */
const changes: EventType[] = ['session.arranged', 'turn.finished', 'message.added', 'keeping.changed', 'job.finished'];

export interface KeeperOptions {
  log: Pick<KeepingLog, 'follow' | 'position'>;
  rules: Rules;
  backups: Backups;
  retention: Retention;
  jobs: JobBoard;
  sessions: {
    /** False: somebody has used it since then (wall clock of what happened last in it), or pinned it. */
    deleteUnused(session: string, updatedAt: number): Promise<boolean>;
    /** False: it is in the trash no more. */
    deleteTrashed(session: string): Promise<boolean>;
  };
  clock: Clock;
  logger: Logger;
  /** Tells the user something once. */
  notice(what: { message: string; next: string }): void;
}

/** Makes backups and deletes what is kept no longer, when it is due: one timer, and none while there is nothing to wait for. */
export class Keeper {
  readonly #options: KeeperOptions;
  #cancel: (() => void) | undefined;
  /** When the timer is due, on the wall clock. */
  #due = Number.POSITIVE_INFINITY;
  #unfollow: () => void = () => {};
  #looking: Promise<void> | undefined;
  #told = false;
  #closed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    options.rules.changed.on(() => this.#wait(SOON_MS));
  }

  start(): void {
    this.#wait(SETTLE_MS);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#unfollow();
  }

  /** Looks now what is due, and does it. Resolves when that is done. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** At the latest after so long. */
  #wait(ms: number): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (this.#closed || this.#due <= now + ms) return;
    this.#cancel?.();
    const wait = Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
    const due = now + wait;
    const began = clock.monotonic();
    this.#due = due;
    this.#cancel = clock.after(wait, () => {
      this.#cancel = undefined;
      this.#due = Number.POSITIVE_INFINITY;
      const passed = clock.monotonic() - began;
      const slept = passed - wait > SLEPT_MS;
      const jumped = Math.abs(clock.now() - now - passed) > JUMPED_MS;
      if (slept || jumped) this.#wait(SETTLE_MS);
      else void this.look();
    });
  }

  async #look(): Promise<void> {
    const { logger, log, clock } = this.#options;
    this.#unfollow();
    const { position } = log;
    try {
      const moments = [await this.#backUp(), await this.#delete()].filter((moment) => moment !== null);
      if (moments.length > 0) this.#wait(Math.max(Math.min(...moments) - clock.now(), SETTLE_MS));
    } catch (error) {
      if (!this.#closed) logger.warn({ error }, 'It could not be seen to what is kept; it is tried again.');
      this.#wait(AGAIN_MS);
    }
    // It may have come too late to be seen.
    if (log.position > position) this.#wait(SETTLE_MS);
    else this.#follow(position);
  }

  /** The next moment to look, on the wall clock; null: not before something changes. */
  async #backUp(): Promise<number | null> {
    const { backups, rules, clock } = this.#options;
    const { everyHours, keep } = rules.keeping.backups;
    if (everyHours === null) return null;
    const due = backups.due(everyHours);
    if (due === null || due > clock.now()) return due;
    if (await backups.automatic(keep)) return backups.due(everyHours);
    return clock.now() + AGAIN_MS;
  }

  async #delete(): Promise<number | null> {
    const { retention, rules, clock, jobs } = this.#options;
    const { keeping } = rules;
    const gone = await retention.plan(keeping);
    if (gone.length === 0) return retention.due(keeping);
    if (!(await retention.clockFits())) {
      this.#refuse();
      return clock.now() + AGAIN_MS;
    }
    const id = jobs.start('delete', 'What is kept no longer', 'sessions', async ({ progress, signal }) => {
      let deleted = 0;
      for (const [index, session] of gone.entries()) {
        signal.throwIfAborted();
        if (await this.#deleteOne(session)) deleted++;
        progress(index + 1, gone.length);
      }
      return { sessions: deleted };
    });
    const job = await jobs.ended(id);
    return job?.state === 'done' ? retention.due(rules.keeping) : clock.now() + AGAIN_MS;
  }

  /** Unless somebody has used it, pinned it or taken it out of the trash since. */
  #deleteOne({ id, trashedAt, updatedAt }: SessionSummary): Promise<boolean> {
    const { sessions } = this.#options;
    return trashedAt !== null ? sessions.deleteTrashed(id) : sessions.deleteUnused(id, updatedAt);
  }

  #refuse(): void {
    const { logger, notice } = this.#options;
    logger.warn({}, 'The clock does not fit what happened last: nothing is deleted.');
    if (this.#told) return;
    this.#told = true;
    notice({
      message:
        'The clock of this computer does not fit the newest conversation, so nothing was deleted by age or size.',
      next: 'Set the clock right. If it is right, nothing is to be done: after a week of use it is taken for right.',
    });
  }

  /** Hears of the first change only, so that nothing is kept in memory for it and a stream costs nothing. */
  #follow(after: number): void {
    if (this.#closed) return;
    const { log } = this.#options;
    const ready = () => {
      this.#unfollow();
      this.#wait(SETTLE_MS);
    };
    const follower = log.follow({ after, types: changes, ready });
    this.#unfollow = () => follower.close();
  }
}
