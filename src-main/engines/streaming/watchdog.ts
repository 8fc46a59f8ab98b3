import type { Clock } from '#shared/kit/clock.ts';

/** A timer that fires this much late slept with the computer; it starts anew. */
const SLEPT_MS = 5_000;

/**
 * Calls `stalled` once when nothing was heard for `limitMs`. Hearing costs one assignment: the one timer looks when it
 * fires and goes on for the rest.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #stalled: () => void;
  #heardAt: number;
  #held = 0;
  #cancel: () => void;

  constructor(clock: Clock, limitMs: number, stalled: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#stalled = stalled;
    this.#heardAt = clock.monotonic();
    this.#cancel = this.#arm(limitMs);
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic();
  }

  /** Silence is asked for until then, and no stall. */
  hold(patience: Promise<unknown>): void {
    this.#held++;
    const goOn = () => {
      this.#held--;
      this.heard();
    };
    patience.then(goOn, goOn);
  }

  stop(): void {
    this.#cancel();
  }

  #arm(ms: number): () => void {
    const due = this.#clock.now() + ms;
    return this.#clock.after(ms, () => {
      if (this.#held > 0 || this.#clock.now() - due > SLEPT_MS) this.heard();
      const rest = this.#heardAt + this.#limitMs - this.#clock.monotonic();
      if (rest <= 0) this.#stalled();
      else this.#cancel = this.#arm(rest);
    });
  }
}
