import type { Timing, Usage } from '#shared/domain/things.ts';

/** A rate over less than this says nothing. */
const LEAST_SPAN_MS = 20;

/** About how many tokens a text is, where the provider does not say. */
export const estimateTokens = (units: number) => Math.ceil(units / 4);

/** Measures one turn on the monotonic clock, in milliseconds from its start. */
export class Meter {
  readonly #requestedAt: number;
  readonly #monotonic: () => number;
  #startedAt: number;
  #firstTokenAt: number | null = null;
  #lastTokenAt = 0;
  #units = 0;
  readonly #track: number[] = [];
  #last = { seq: 0, offset: 0, ms: 0 };

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#requestedAt = this.#startedAt = monotonic();
  }

  /** It left the queue. */
  started(): void {
    this.#startedAt = this.#monotonic();
  }

  /** Text or reasoning of this many UTF-16 units came. */
  token(units: number): void {
    this.#lastTokenAt = this.#monotonic();
    this.#firstTokenAt ??= this.#lastTokenAt;
    this.#units += units;
  }

  /** A part row was committed. */
  mark(seq: number, offset: number): void {
    const ms = Math.round(this.#monotonic() - this.#startedAt);
    this.#track.push(seq - this.#last.seq, offset - this.#last.offset, ms - this.#last.ms);
    this.#last = { seq, offset, ms };
  }

  /** [sequence, offset, ms] of every part, flattened, each a difference to the one before. */
  get track(): number[] {
    return this.#track;
  }

  timing(tokens: number): Timing {
    const end = this.#monotonic();
    const first = this.#firstTokenAt;
    const span = first === null ? 0 : this.#lastTokenAt - first;
    return {
      queuedMs: round(this.#startedAt - this.#requestedAt),
      firstTokenMs: first === null ? null : round(first - this.#startedAt),
      durationMs: round(end - this.#startedAt),
      tokensPerSecond: span < LEAST_SPAN_MS || tokens === 0 ? null : round((tokens * 1000) / span),
    };
  }

  /** What the provider counted, completed by an estimate. */
  usage(told: Usage | null): Usage | null {
    if (told?.output !== undefined) return told;
    if (this.#units === 0) return told;
    return { ...told, output: estimateTokens(this.#units), estimated: true };
  }
}

const round = (value: number) => Math.round(value * 10) / 10;
