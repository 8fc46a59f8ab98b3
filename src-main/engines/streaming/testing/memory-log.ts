import type { Event, NewEvent } from '#shared/domain/events.ts';
import type { Batch, Deferred } from '../../../log/log.ts';
import type { TurnLog } from '../ports.ts';

/** What a turn needs of the log, in memory: commits on `setImmediate` like the real one, or fails when told to. */
export class MemoryLog implements TurnLog {
  readonly events: Event[] = [];
  failing = false;
  #batches: { batch: Batch; resolve: (events: Event[]) => void; reject: (error: unknown) => void }[] = [];
  readonly #sources = new Set<Deferred>();
  #scheduled = false;
  #listeners = new Set<() => void>();

  append(batch: Batch): Promise<Event[]> {
    this.#schedule();
    return new Promise((resolve, reject) => {
      this.#batches.push({ batch, resolve, reject });
    });
  }

  defer(source: Deferred): void {
    this.#sources.add(source);
    this.#schedule();
  }

  /** Waits until an event is there for which `test` holds. */
  async until(test: (event: Event) => boolean): Promise<Event> {
    for (;;) {
      const found = this.events.find(test);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#listeners.add(resolve);
      });
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    this.#scheduled = false;
    const batches = this.#batches;
    const sources = [...this.#sources];
    this.#batches = [];
    this.#sources.clear();
    for (const { batch, resolve, reject } of batches) {
      if (this.failing) reject(new Error('disk full'));
      else resolve(batch.events.map((event) => this.#store(batch.session, event)));
    }
    for (const source of sources) {
      const event = source.drain();
      if (event === null) continue;
      if (this.failing) source.failed(new Error('disk full'));
      else source.committed(this.#store(source.session, event));
    }
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  #store(session: string, event: NewEvent): Event {
    const stored = { seq: this.events.length + 1, session, at: 0, version: 1, ...event } as Event;
    this.events.push(stored);
    return stored;
  }
}
