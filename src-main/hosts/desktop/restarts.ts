import type { Clock } from '#shared/kit/clock.ts';

const most = 3;
const withinMs = 60_000;

/** Lets something be started anew a few times per minute; after that it is not worth trying. */
export class Restarts {
  readonly #clock: Clock;
  #times: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True: once more. Counts as done. */
  allow(): boolean {
    const now = this.#clock.monotonic();
    this.#times = this.#times.filter((time) => now - time < withinMs);
    if (this.#times.length >= most) return false;
    this.#times.push(now);
    return true;
  }
}
