import type { Clock } from '#shared/kit/clock.ts';
import type { Logger } from './rows.ts';
import type { Transactions } from './transactions.ts';

/** What work beside the commits needs: filling the index, deleting what is old. */
export interface Upkeep {
  clock: Clock;
  transactions: Transactions;
  background: Background;
  logger: Logger;
}

/** Long work in slices, one in each turn of the event loop, so that commits and reads go on between them. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  /** Calls `step`, which takes a few milliseconds at most, until it returns false. */
  run(step: () => boolean): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      const slice = () => {
        try {
          if (!this.#stopped && step()) setImmediate(slice);
          else resolve();
        } catch (error) {
          reject(error);
        }
      };
      setImmediate(slice);
    });
    this.#running.add(done);
    const forget = () => void this.#running.delete(done);
    done.then(forget, forget);
    return done;
  }

  /** No slice runs after this. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#running);
  }

  get stopped(): boolean {
    return this.#stopped;
  }
}
