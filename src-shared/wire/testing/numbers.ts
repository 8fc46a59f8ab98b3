import type { Problem } from '../../domain/problem.ts';
import type { Source } from '../source.ts';
import { type Journal, journal } from './journal.ts';

export interface Item {
  n: number;
  text?: string | undefined;
}

/** A log of numbered items in memory, read by cursors as the real one is. */
export class Numbers {
  readonly items: Item[] = [];
  /** One entry per source that was closed; its name twice would be an error. */
  readonly closes: Journal<number> = journal();
  readonly pulls: Journal<{ source: number; max: number; gave: number }> = journal();
  readonly #ready = new Map<number, () => void>();
  #sources = 0;
  #end: { problem?: Problem } | undefined;

  get opened(): number {
    return this.#sources;
  }

  get open(): number {
    return this.#ready.size;
  }

  /** Appends this many, 1, 2, 3… going on from the last. */
  grow(count: number, text?: (n: number) => string): void {
    for (let i = 0; i < count; i++) {
      const n = this.items.length + 1;
      this.items.push(text === undefined ? { n } : { n, text: text(n) });
    }
    this.tell();
  }

  tell(): void {
    for (const ready of [...this.#ready.values()]) ready();
  }

  /** After what is there, every source ends. */
  end(problem?: Problem): void {
    this.#end = problem === undefined ? {} : { problem };
    this.tell();
  }

  from(after: number): Source<Item> {
    this.#sources += 1;
    const source = this.#sources;
    let cursor = after;
    return {
      pull: async (max) => {
        const items = this.items.slice(cursor, cursor + max);
        cursor += items.length;
        this.pulls.add({ source, max, gave: items.length });
        if (items.length > 0 || this.#end === undefined) return items;
        if (this.#end.problem !== undefined) throw this.#end.problem;
        return null;
      },
      onReady: (ready) => void this.#ready.set(source, ready),
      close: () => {
        this.#ready.delete(source);
        this.closes.add(source);
      },
    };
  }
}
