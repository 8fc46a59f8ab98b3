import type { Event } from '#shared/domain/events.ts';
import { units } from './units.ts';

/** Pages of the journal, about, after which they are copied into the file. */
const PAGES = 1000;
const PAGE_BYTES = 4096;
/** Pages that an event changes beside its own, in indexes and tables. A part changes none. */
const BESIDE = 6;

/** Has the journal copied into the file from time to time, elsewhere than here: the sync would hold up the stream. */
export class Checkpoints {
  readonly #checkpoint: () => void;
  #pages = 0;

  constructor(checkpoint: () => void) {
    this.#checkpoint = checkpoint;
  }

  /** Estimates what the commit wrote; asking the file would cost more than the estimate is worth. */
  committed(events: readonly Event[]): void {
    let pages = 1;
    for (const event of events) {
      pages += (3 * units(event)) / PAGE_BYTES;
      if (event.type !== 'turn.part') pages += BESIDE;
    }
    this.wrote(pages);
  }

  /** So many pages, about, were changed beside the commits. */
  wrote(pages: number): void {
    this.#pages += pages;
    if (this.#pages < PAGES) return;
    this.#pages = 0;
    this.#checkpoint();
  }
}
