import type { Clock } from '../kit/clock.ts';

export interface HeartbeatOptions {
  clock: Clock;
  ms: number;
  /** Nothing was heard or nothing was said for `ms`: time for a ping. */
  quiet?: () => void;
  /** Nothing was heard for twice `ms`. */
  dead: () => void;
}

/**
 * Watches over a connection with one timer. After a sleep of the machine the silence counts anew, so that nobody is
 * called dead for the time in which we could not listen.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #heard: number;
  #said: number;
  #asked: number;
  #cancel!: () => void;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#heard = this.#said = this.#asked = options.clock.monotonic();
    this.#arm();
  }

  heard(): void {
    this.#heard = this.#options.clock.monotonic();
  }

  said(): void {
    this.#said = this.#options.clock.monotonic();
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    const { clock, ms, quiet } = this.#options;
    const due = Math.min(this.#heard + 2 * ms, quiet === undefined ? Number.POSITIVE_INFINITY : this.#pingAt());
    this.#cancel = clock.after(Math.max(0, due - clock.monotonic()), () => {
      const now = clock.monotonic();
      if (now - due > ms) this.#heard = this.#said = now - ms;
      this.#look(now);
    });
  }

  #look(now: number): void {
    const { ms, quiet, dead } = this.#options;
    if (now - this.#heard >= 2 * ms) {
      dead();
      return;
    }
    const ping = quiet !== undefined && now >= this.#pingAt();
    if (ping) this.#asked = this.#said = now;
    this.#arm();
    if (ping) quiet();
  }

  /** A ping that was not answered yet is not asked again because of the same silence. */
  #pingAt(): number {
    const since = this.#asked > this.#heard ? this.#said : Math.min(this.#said, this.#heard);
    return since + this.#options.ms;
  }
}
