import { Problem } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/ids.ts';

export interface ClientState {
  /** `reconnecting` once it has been connected. `refused` waits for a person: `problem.next` says what to do. */
  readonly kind: 'connecting' | 'connected' | 'reconnecting' | 'refused' | 'closed';
  /** Which try this is since it was last connected. */
  readonly attempt: number;
  /** Wall clock of the next try, while it waits for it. */
  readonly retryAt?: number;
  readonly problem?: Problem;
}

/** One try to connect. What is told after its end counts for nothing. */
export interface Try {
  /** Aborted when the try has failed or was abandoned: what it made is to be closed. */
  readonly signal: AbortSignal;
  connected(): void;
  failed(problem: Problem): void;
}

/**
 * How long to wait before the next try, in ms. The first retry comes at once; then about `firstMs` each for `steadyMs`,
 * then after twice as long each time, up to `mostMs`.
 */
export interface Schedule {
  firstMs: number;
  steadyMs: number;
  mostMs: number;
  /** A connection that lived shorter counts as one more failure, so that nothing flaps at full speed. */
  stableMs: number;
}

/** For where many may wait for the same server, and for browsers, which slow down sockets that fail often. */
export const GENTLE: Schedule = { firstMs: 250, steadyMs: 0, mostMs: 15_000, stableMs: 10_000 };
/** For a program on the same computer as the server: a try costs next to nothing. */
export const LOCAL: Schedule = { firstMs: 40, steadyMs: 10_000, mostMs: 15_000, stableMs: 50 };

export interface ReconnectOptions {
  dial: (attempt: Try) => void;
  clock: Clock;
  random: Random;
  /** GENTLE when absent. */
  schedule?: Schedule;
  changed: (state: ClientState) => void;
}

/** A try that takes longer has failed. */
export const CONNECT_MS = 10_000;

/** When to try again. Knows nothing of what is dialled. */
export class Reconnect {
  readonly #options: ReconnectOptions;
  readonly #schedule: Schedule;
  #state: ClientState = { kind: 'connecting', attempt: 0 };
  #wasConnected = false;
  #connectedAt = 0;
  #attempt = 0;
  #failures = 0;
  /** Of which so many were waited after before the waits began to grow. */
  #steady = 0;
  #failingSince = 0;
  #abandon: () => void = () => {};
  #cancelWait: (() => void) | undefined;

  constructor(options: ReconnectOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? GENTLE;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Tries now instead of later; after a refusal, tries anew. */
  retryNow(): void {
    if (this.#state.kind !== 'refused' && this.#cancelWait === undefined) return;
    this.#cancelWait?.();
    this.#dial();
  }

  start(): void {
    this.#dial();
  }

  lost(problem: Problem): void {
    if (this.#state.kind !== 'connected') return;
    if (this.#options.clock.monotonic() - this.#connectedAt >= this.#schedule.stableMs) this.#failures = 0;
    this.#again(problem);
  }

  close(): void {
    this.#cancelWait?.();
    this.#abandon();
    this.#set({ kind: 'closed', attempt: this.#attempt });
  }

  #dial(): void {
    this.#cancelWait = undefined;
    this.#attempt += 1;
    const { problem } = this.#state;
    this.#set({ kind: this.#trying(), attempt: this.#attempt, ...(problem && { problem }) });
    if (this.#state.kind === 'closed') return;
    const controller = new AbortController();
    let ended = false;
    const end = (then: () => void) => {
      if (ended) return;
      ended = true;
      cancel();
      then();
    };
    const fail = (then: () => void) =>
      end(() => {
        controller.abort();
        then();
      });
    const failed = (problem: Problem) => fail(() => this.#failed(problem));
    const cancel = this.#options.clock.after(CONNECT_MS, () => failed(tooSlow()));
    this.#abandon = () => fail(() => {});
    this.#options.dial({ signal: controller.signal, connected: () => end(() => this.#connected()), failed });
  }

  #connected(): void {
    this.#wasConnected = true;
    this.#connectedAt = this.#options.clock.monotonic();
    this.#attempt = 0;
    this.#set({ kind: 'connected', attempt: 0 });
  }

  #failed(problem: Problem): void {
    if (this.#state.kind === 'closed') return;
    if (problem.code === 'UNAUTHORIZED' || problem.code === 'UNSUPPORTED')
      this.#set({ kind: 'refused', attempt: this.#attempt, problem });
    else this.#again(problem);
  }

  #again(problem: Problem): void {
    const delay = this.#delay();
    this.#failures += 1;
    const state = { kind: this.#trying(), attempt: this.#attempt, problem } as const;
    this.#set({ ...state, retryAt: this.#options.clock.now() + delay });
    if (this.#state.kind === 'closed') return;
    if (delay === 0) this.#dial();
    else this.#cancelWait = this.#options.clock.after(delay, () => this.#dial());
  }

  #delay(): number {
    const now = this.#options.clock.monotonic();
    if (this.#failures === 0) {
      this.#failingSince = now;
      this.#steady = 0;
      return 0;
    }
    const { firstMs, steadyMs, mostMs } = this.#schedule;
    if (now - this.#failingSince < steadyMs) this.#steady = this.#failures;
    const doublings = Math.max(0, this.#failures - Math.max(1, this.#steady));
    return Math.min(mostMs, firstMs * 2 ** doublings) * (0.5 + this.#options.random() / 2);
  }

  #trying(): 'connecting' | 'reconnecting' {
    return this.#wasConnected ? 'reconnecting' : 'connecting';
  }

  #set(state: ClientState): void {
    if (this.#state.kind === 'closed') return;
    this.#state = state;
    this.#options.changed(state);
  }
}

const tooSlow = () =>
  new Problem('TIMEOUT', `No connection within ${CONNECT_MS} ms.`, 'Look whether Choragus is running.');
