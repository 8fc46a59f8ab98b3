import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Admission } from './access.ts';

/** What is left after one more request. */
export interface Allowance {
  /** Requests in a minute. */
  limit: number;
  /** Requests that may follow at once. */
  left: number;
  /** Ms until everything is left again. */
  fullMs: number;
  /** Ms until the next request may come; 0: this one may. */
  waitMs: number;
}

/** Those who asked last are kept; who is forgotten has waited long, or is one of very many. */
const mostKept = 10_000;

/** A bucket for each key: as many requests as a minute has may come at once, then they come back evenly. */
export class Rates {
  readonly #limit: number;
  readonly #clock: Clock;
  /** Who asked last is last. `at`: monotonic time at which `left` was true. */
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(perMinute: number, clock: Clock) {
    this.#limit = perMinute;
    this.#clock = clock;
  }

  /** Counts one request, if it may come. */
  take(key: string): Allowance {
    const perMs = this.#limit / 60_000;
    const at = this.#clock.monotonic();
    const bucket = this.#buckets.get(key) ?? { left: this.#limit, at };
    const had = Math.min(this.#limit, bucket.left + (at - bucket.at) * perMs);
    const left = had < 1 ? had : had - 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left, at });
    const [oldest] = this.#buckets.size > mostKept ? this.#buckets.keys() : [];
    if (oldest !== undefined) this.#buckets.delete(oldest);
    return {
      limit: this.#limit,
      left: Math.floor(left),
      fullMs: (this.#limit - left) / perMs,
      waitMs: had < 1 ? (1 - had) / perMs : 0,
    };
  }
}

/** Who shares a bucket: an access token, else an address, apart for who is not let in. Null: our own pages have none. */
export function rateKey(admission: Admission | null, address = ''): string | null {
  if (admission === null) return `nobody ${address}`;
  if (admission.page) return null;
  return admission.token === null ? `user ${address}` : `token ${admission.token.id}`;
}

/** Asked too often. */
export class RateLimited extends Problem {
  /** Seconds until it may be asked again. */
  readonly retryAfter: number;

  constructor({ limit, waitMs }: Allowance) {
    const seconds = Math.ceil(waitMs / 1000);
    super(
      'RATE_LIMITED',
      `More than ${limit} requests came in a minute.`,
      `Ask again in ${seconds} s, or raise limits.requestsPerMinute in the configuration.`,
    );
    this.retryAfter = seconds;
  }
}

/** What a socket may ask. */
export class Budget {
  readonly #rates: Rates;
  readonly #key: string;

  constructor(rates: Rates, key: string) {
    this.#rates = rates;
    this.#key = key;
  }

  /** Counts one request; throws RATE_LIMITED. */
  spend(): void {
    const allowance = this.#rates.take(this.#key);
    if (allowance.waitMs > 0) throw new RateLimited(allowance);
  }
}
