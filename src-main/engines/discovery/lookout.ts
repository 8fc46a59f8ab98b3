import type { Clock } from '#shared/kit/clock.ts';
import type { LocalService } from './local-services.ts';
import { within } from './within.ts';

/** A service on this computer answers at once, or it is not there. */
const PROBE_MS = 1_500;
/** Between two looks: at first, and at most. */
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 5 * 60_000;

export interface LookoutOptions {
  services: readonly LocalService[];
  clock: Clock;
  /** False: it is not to be asked. */
  mayLookFor: (service: string) => boolean;
  /** Told after each look, of each service that was looked for: what it offers, or null. */
  seen: (service: LocalService, offer: string | null) => Promise<void>;
  logger: { warn(fields: object, message: string): void };
}

/**
 * Looks for AI services on this computer: when asked to, and while somebody follows what is there. One look at a time;
 * the pauses double while nothing changes. Nothing ticks when nobody follows.
 */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #offers = new Map<string, string | null>();
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #followers = 0;
  #wait = FIRST_WAIT_MS;
  #cancel: () => void = () => {};
  #closed = false;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Resolves when a look that began after this call is over; never rejects. */
  look(): Promise<void> {
    if (this.#looking === undefined) return this.#start();
    this.#next ??= this.#looking.then(() => {
      this.#next = undefined;
      return this.#start();
    });
    return this.#next;
  }

  /** Looks when this is the id of one of the services. */
  async lookFor(id: string): Promise<void> {
    if (this.#options.services.some((service) => service.id === id)) await this.look();
  }

  /** Looks again and again until the returned function is called. */
  follow(): () => void {
    if (++this.#followers === 1) {
      this.#wait = FIRST_WAIT_MS;
      this.#schedule();
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#followers === 0) this.#cancel();
    };
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #start(): Promise<void> {
    const looking = this.#lookAtAll().finally(() => {
      this.#looking = undefined;
      this.#schedule();
    });
    this.#looking = looking;
    return looking;
  }

  async #lookAtAll(): Promise<void> {
    if (this.#closed) return;
    this.#cancel();
    const { services, mayLookFor } = this.#options;
    const changes = await Promise.all(services.filter(({ id }) => mayLookFor(id)).map((each) => this.#lookAt(each)));
    if (changes.includes(true)) this.#wait = FIRST_WAIT_MS;
  }

  /** Whether it is not as it was the last time. */
  async #lookAt(service: LocalService): Promise<boolean> {
    const { clock, seen, logger } = this.#options;
    const late = () => new Error('late');
    const offer = await within(clock, PROBE_MS, late, (signal) => service.look(signal)).catch(() => null);
    const changed = (this.#offers.get(service.id) ?? null) !== offer;
    this.#offers.set(service.id, offer);
    if (this.#closed) return changed;
    await seen(service, offer).catch((error: unknown) =>
      logger.warn({ service: service.id, error: String(error) }, 'What was found could not be kept.'),
    );
    return changed;
  }

  #schedule(): void {
    this.#cancel();
    if (this.#followers === 0 || this.#closed || this.#looking !== undefined) return;
    this.#cancel = this.#options.clock.after(this.#wait, () => {
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      void this.look();
    });
  }
}
