import type { Clock } from '#shared/kit/clock.ts';

/** An end that takes longer than this is cut off; what was seen is on disk anyway. */
const endMs = 10_000;
/** How often it is looked whether the running turns have finished, while that is waited for. */
const lookMs = 200;

export type QuitChoice = 'finish' | 'now' | 'cancel';

export interface QuitOptions {
  clock: Clock;
  /** Turns running now. */
  running(): number;
  ask(running: number): Promise<QuitChoice>;
  /** The user would rather stay. */
  stay(): void;
  /** Closes all that is open; turns that still run after `drainMs` are left interrupted. */
  close(drainMs: number): Promise<void>;
  /** `again`: somebody wanted the app while it ended, so it is started once more. */
  exit(code: number, again: boolean): void;
  /** What was open could not be closed: ends the app in its own way. */
  failed(error: unknown): void;
}

/**
 * How the app ends. A wish to quit is granted at once while nothing runs, else the user decides: finish the running turns
 * first, or leave them interrupted, from where they can be continued. While they finish, all goes on as before, and
 * another wish ends them now.
 */
export class Quit {
  readonly #options: QuitOptions;
  #state: 'open' | 'asking' | 'finishing' | 'ending' = 'open';
  #stopLooking: () => void = () => {};
  #again = false;

  constructor(options: QuitOptions) {
    this.#options = options;
  }

  /** All is being closed: nothing new should begin. */
  get ending(): boolean {
    return this.#state === 'ending';
  }

  /** Somebody wants the app to quit. */
  wish(): void {
    if (this.#state === 'finishing') this.end(0);
    else if (this.#state === 'open' && this.#options.running() === 0) this.end(0);
    else if (this.#state === 'open') this.#ask();
  }

  /** The last window has closed, of an app that does not stay without one. No second wish while the turns finish. */
  alone(): void {
    if (this.#state !== 'finishing') this.wish();
  }

  /**
   * Somebody wants the app. True: here it is, and no longer waits for the running turns only to quit then. False: it is
   * ending, and comes back after that.
   */
  wanted(): boolean {
    if (this.#state === 'ending') {
      this.#again = true;
      return false;
    }
    if (this.#state === 'finishing') {
      this.#stopLooking();
      this.#state = 'open';
    }
    return true;
  }

  /** Nobody is asked: the system wants the app to end. Works once. */
  end(drainMs: number): void {
    if (this.#state === 'ending') return;
    this.#state = 'ending';
    this.#stopLooking();
    const { clock, close, exit, failed } = this.#options;
    clock.after(endMs, () => exit(1, this.#again));
    close(drainMs).then(() => exit(0, this.#again), failed);
  }

  #ask(): void {
    this.#state = 'asking';
    const { ask, running, stay } = this.#options;
    void ask(running()).then((choice) => {
      // The system may have wanted an end while the question stood there.
      if (this.#state !== 'asking') return;
      if (choice === 'now') this.end(0);
      else if (choice === 'finish') this.#finish();
      else {
        this.#state = 'open';
        stay();
      }
    });
  }

  #finish(): void {
    this.#state = 'finishing';
    if (this.#options.running() === 0) this.end(0);
    else this.#stopLooking = this.#options.clock.after(lookMs, () => this.#finish());
  }
}
