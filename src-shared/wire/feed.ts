import { Problem } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import { portions, tooLarge } from './frame.ts';
import { end, type Id, INITIAL_CREDIT, items } from './messages.ts';
import type { Outbox } from './outbox.ts';
import type { Source } from './source.ts';

/** A follower that takes nothing for this long, while there is something for it, is closed; it can come back. */
const STUCK_MS = 60_000;
/** Items in one pull, at most: while one half of the credit is read, the other is made. */
const MOST_ITEMS = INITIAL_CREDIT / 2;

export interface FeedOptions {
  id: Id;
  clock: Clock;
  outbox: Outbox;
  congested: () => boolean;
  /** The stream is over and the source closed; called once. */
  over: () => void;
  log: (what: string, error: unknown) => void;
}

/**
 * The peer's side of one stream: pulls when there is something, credit, and a free pipe; holds at most what one pull
 * gave, and hands on one frame of it at a time.
 */
export class Feed {
  readonly #options: FeedOptions;
  #source: Source<unknown> | null = null;
  #credit = INITIAL_CREDIT;
  #state: 'opening' | 'idle' | 'pulling' | 'sending' | 'closed' = 'opening';
  /** A pull may give something. */
  #ready = true;
  /** Pulled, not yet handed on; then how it ends. */
  #held: unknown[][] = [];
  #ending: { problem?: Problem } | null = null;
  /** Ends the wait for progress. */
  #progress: (() => void) | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Closes the source at once when the stream was left in the meantime. */
  open(source: Source<unknown>): void {
    this.#source = source;
    if (this.#state === 'closed') {
      this.#closeSource();
      return;
    }
    this.#state = 'idle';
    source.onReady(() => {
      this.#ready = true;
      this.step();
    });
    this.step();
  }

  give(n: number): void {
    this.#credit += n;
    this.step();
  }

  /** What was pushed has been handed to the pipe. */
  sent(): void {
    if (this.#state !== 'sending') return;
    this.#state = 'idle';
    this.step();
  }

  /** Goes on if it can. */
  step(): void {
    if (this.#state !== 'idle') return;
    if (this.#options.congested()) {
      if (this.#ready || this.#held.length > 0 || this.#ending !== null) this.#wait();
      return;
    }
    const next = this.#held.shift();
    if (next !== undefined) {
      this.#moved();
      this.#state = 'sending';
      this.#options.outbox.push(items(this.#options.id, next));
    } else if (this.#ending !== null) {
      this.#options.outbox.push(end(this.#options.id, this.#ending.problem));
      this.close();
    } else if (this.#ready && this.#credit > 0) {
      this.#pull(this.#source!);
    } else if (this.#ready) this.#wait();
  }

  /** Nothing is said about this stream from now on. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#moved();
    this.#held = [];
    this.#closeSource();
    this.#options.over();
  }

  /** There is something, and it cannot be handed on. */
  #wait(): void {
    this.#progress ??= this.#options.clock.after(STUCK_MS, () => {
      const message = `This stream took nothing for ${STUCK_MS / 1000} s.`;
      const problem = new Problem('TIMEOUT', message, 'Follow again from the last cursor.');
      this.#options.outbox.push(end(this.#options.id, problem));
      this.close();
    });
  }

  #moved(): void {
    this.#progress?.();
    this.#progress = null;
  }

  #pull(source: Source<unknown>): void {
    this.#moved();
    this.#state = 'pulling';
    this.#ready = false;
    this.#options.outbox.begin();
    let pulled: Promise<unknown[] | null>;
    try {
      pulled = source.pull(Math.min(this.#credit, MOST_ITEMS));
    } catch (error) {
      pulled = Promise.reject(error);
    }
    pulled.then(
      (batch) => this.#pulled(() => (batch === null ? this.#end() : this.#take(batch))),
      (error) => this.#pulled(() => this.#end(error)),
    );
  }

  #pulled(apply: () => void): void {
    this.#options.outbox.end();
    if (this.#state === 'closed') return;
    this.#state = 'idle';
    apply();
    this.step();
  }

  #take(batch: unknown[]): void {
    if (batch.length === 0) return;
    this.#credit -= batch.length;
    this.#ready = true;
    try {
      const { groups, ok } = portions(batch);
      this.#held = groups;
      if (!ok) this.#ending = { problem: tooLarge('An item of this stream') };
    } catch (error) {
      this.#end(error);
    }
  }

  #end(...failure: [error?: unknown]): void {
    this.#ending = {};
    if (failure.length === 0) return;
    const [error] = failure;
    if (!(error instanceof Problem)) this.#options.log('A stream failed.', error);
    this.#ending.problem = Problem.of(error);
  }

  #closeSource(): void {
    try {
      this.#source?.close();
    } catch (error) {
      this.#options.log('A source could not be closed.', error);
    }
    this.#source = null;
  }
}
