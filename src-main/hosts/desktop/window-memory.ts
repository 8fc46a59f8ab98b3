import type { Clock } from '#shared/kit/clock.ts';
import type { WindowState } from './window-state.ts';

/** Moving a window changes it with every frame. */
const restMs = 500;

export interface WindowMemoryOptions {
  clock: Clock;
  write(states: readonly WindowState[]): void;
  /** It cannot be written: the next start opens what was open before. */
  failed(error: unknown): void;
}

/** Remembers how the open windows stand, for the next start. The last one to close is what comes back. */
export class WindowMemory {
  readonly #options: WindowMemoryOptions;
  readonly #states = new Map<number, WindowState>();
  /** What has closed although no other was open. */
  #last: number | undefined;
  #cancel: (() => void) | undefined;
  #kept = false;

  constructor(options: WindowMemoryOptions) {
    this.#options = options;
  }

  /** What would be opened at the next start. */
  get states(): WindowState[] {
    return [...this.#states.values()];
  }

  set(window: number, state: WindowState): void {
    if (this.#last !== undefined) this.#states.delete(this.#last);
    this.#last = undefined;
    this.#states.set(window, state);
    this.#changed();
  }

  close(window: number): void {
    if (this.#states.size === 1) this.#last = window;
    else this.#states.delete(window);
    this.#changed();
  }

  /** The app ends: what is open now comes back, although each window is about to close. */
  keep(): void {
    this.#write();
    this.#kept = true;
  }

  #changed(): void {
    if (!this.#kept) this.#cancel ??= this.#options.clock.after(restMs, () => this.#write());
  }

  #write(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#kept) return;
    try {
      this.#options.write(this.states);
    } catch (error) {
      this.#options.failed(error);
    }
  }
}
