import type { Clock } from '#shared/kit/clock.ts';
import { type Encoding, encodingOf } from './encodings.ts';
import type { Tokenizer } from './tokenizers.ts';

/** Counts that are remembered, by node; the longest unused go first. */
const MOST_COUNTS = 20_000;

/** Below this nobody waits for a tokenizer that has to be loaded first. */
const LOADING_MS = 100;

/** A text, and the name under which its count is remembered; null: it is not. */
export interface Counted {
  key: string | null;
  text: string;
}

/** Counts for one request. */
export interface Counter {
  /** Some count so far is an estimate. */
  readonly estimated: boolean;
  /** Tokens of each, at once where all are known or estimated. Never rejects. */
  count(texts: readonly Counted[]): number[] | Promise<number[]>;
}

/** About how many tokens a text is, where no tokenizer tells: characters / 4. */
export const estimate = (units: number): number => Math.ceil(units / 4);

/** Counts tokens as the model does where its tokenizer is here, and else by an estimate. */
export class Tokens {
  readonly #tokenizer: Tokenizer | null;
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();

  /** `tokenizer` null: everything is estimated. */
  constructor(tokenizer: Tokenizer | null, clock: Clock) {
    this.#tokenizer = tokenizer;
    this.#clock = clock;
  }

  /** For all texts together it waits `patienceMs` at most; what is not counted by then is estimated. */
  for(model: string, patienceMs: number): Counter {
    const encoding = encodingOf(model);
    if (encoding === undefined || this.#tokenizer === null) return estimating;
    return this.#exact(this.#tokenizer, encoding, this.#clock.monotonic() + patienceMs);
  }

  #exact(tokenizer: Tokenizer, encoding: Encoding, deadline: number): Counter {
    const name = ({ key }: Counted) => (key === null ? null : `${encoding} ${key}`);
    let estimated = false;
    const known = (each: Counted) => {
      if (each.text === '') return 0;
      const key = name(each);
      return key === null ? undefined : this.#counts.get(key);
    };
    const count = (texts: readonly Counted[]) => {
      const found = texts.map(known);
      const missing = texts.filter((_, index) => found[index] === undefined);
      if (missing.length === 0) return found as number[];
      const asked = tokenizer.count(
        encoding,
        missing.map(({ text }) => text),
      );
      const remembered = asked.then((counts) => {
        for (const [index, each] of missing.entries()) this.#remember(name(each), counts[index] ?? 0);
        return counts;
      });
      const left = deadline - this.#clock.monotonic();
      const patience = left < LOADING_MS && !tokenizer.isReady(encoding) ? 0 : left;
      return within(this.#clock, patience, remembered).then((counts) => {
        if (counts === null) estimated = true;
        let next = 0;
        return texts.map(
          ({ text }, index) => found[index] ?? (counts === null ? estimate(text.length) : (counts[next++] ?? 0)),
        );
      });
    };
    return {
      get estimated() {
        return estimated;
      },
      count,
    };
  }

  #remember(key: string | null, count: number): void {
    if (key === null) return;
    // The oldest stand first; what is used again later is counted again, which is cheap.
    this.#counts.set(key, count);
    if (this.#counts.size > MOST_COUNTS)
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
  }
}

const estimating: Counter = {
  estimated: true,
  count: (texts) => texts.map(({ text }) => estimate(text.length)),
};

/** Null: not in time, or failed. */
function within(clock: Clock, ms: number, counted: Promise<number[]>): Promise<number[] | null> {
  const safe = counted.catch(() => null);
  if (ms <= 0) return Promise.resolve(null);
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(null));
    void safe.then((counts) => {
      cancel();
      resolve(counts);
    });
  });
}
