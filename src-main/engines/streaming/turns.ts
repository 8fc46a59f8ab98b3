import type { EndState } from '#shared/domain/things.ts';
import { Signal } from '#shared/kit/signal.ts';
import type { TurnDependencies, TurnSpec } from './ports.ts';
import { Turn } from './turn.ts';

/** All running turns. Bound: `limits.turns` run, the others wait in order; each holds its own text only. */
export class Turns {
  /** A turn's end is on disk. */
  readonly ended = new Signal<{ session: string; turn: string; state: EndState }>();
  readonly #deps: TurnDependencies;
  readonly #turns = new Map<string, Turn>();
  readonly #queue: Turn[] = [];
  #active = 0;

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
    if (this.#active < this.#deps.limits.turns) void this.#run(turn);
    else this.#queue.push(turn);
  }

  /** Resolves when the end of the turn is on disk; at once when it has ended already. */
  async stop(turn: string): Promise<void> {
    const running = this.#turns.get(turn);
    running?.stop();
    await running?.ended;
  }

  /** For a proper quit: waits up to `graceMs` for the running ones, then leaves the rest interrupted. */
  async drain(graceMs: number): Promise<void> {
    const all = [...this.#turns.values()];
    if (graceMs > 0 && all.length > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#deps.clock.after(graceMs, resolve);
        void Promise.all(all.map((turn) => turn.ended)).then(() => {
          cancel();
          resolve();
        });
      });
    }
    for (const turn of this.#turns.values()) turn.stop('interrupted');
    await Promise.all([...this.#turns.values()].map((turn) => turn.ended));
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
