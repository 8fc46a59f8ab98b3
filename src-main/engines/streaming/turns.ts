import type { EndState } from '#shared/domain/things.ts';
import { Signal } from '#shared/kit/signal.ts';
import type { TurnDependencies, TurnSpec } from './ports.ts';
import { Turn } from './turn.ts';

/** How long the ends of interrupted turns may take to be stored. */
const END_MS = 3_000;

/** All running turns. Bound: `limits.turns` run, the others wait in order; each holds its own text only. */
export class Turns {
  /** A turn's end is on disk. */
  readonly ended = new Signal<{ session: string; turn: string; state: EndState }>();
  readonly #deps: TurnDependencies;
  readonly #turns = new Map<string, Turn>();
  readonly #queue: Turn[] = [];
  #active = 0;
  #draining = false;

  constructor(deps: TurnDependencies) {
    this.#deps = deps;
  }

  get running(): number {
    return this.#turns.size;
  }

  /** The turn's request is in the log already; from here on its end will be, too. */
  start(spec: TurnSpec): void {
    const turn = new Turn(spec, this.#deps);
    this.#turns.set(spec.turn, turn);
    void turn.ended.then((state) => {
      this.#turns.delete(spec.turn);
      this.ended.emit({ session: spec.session, turn: spec.turn, state });
    });
    if (this.#draining) turn.stop('interrupted');
    else if (this.#active < this.#deps.limits.turns) void this.#run(turn);
    else this.#queue.push(turn);
  }

  /** False: it does not run here (any more). Otherwise resolves when its end is on disk. */
  async stop(turn: string): Promise<boolean> {
    const running = this.#turns.get(turn);
    running?.stop();
    await running?.ended;
    return running !== undefined;
  }

  /**
   * For a proper quit: waits up to `graceMs` for the running ones, then leaves the rest interrupted. New ones are
   * interrupted at once. Where even their ends cannot be stored, the next start marks them.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    await this.#allEnded(graceMs);
    for (const turn of this.#turns.values()) turn.stop('interrupted');
    await this.#allEnded(END_MS);
  }

  async #allEnded(ms: number): Promise<void> {
    if (ms === 0 || this.#turns.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(ms, resolve);
      void Promise.all([...this.#turns.values()].map((turn) => turn.ended)).then(() => {
        cancel();
        resolve();
      });
    });
  }

  async #run(turn: Turn): Promise<void> {
    this.#active++;
    try {
      await turn.run();
    } finally {
      this.#active--;
      const next = this.#queue.shift();
      if (next !== undefined) void this.#run(next);
    }
  }
}
