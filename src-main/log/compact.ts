import { statSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';
import type { Upkeep } from './background.ts';
import type { Progress } from './log.ts';
import type { PartSweeper } from './parts.ts';
import type { Sealer } from './sealing.ts';

/** Pages that are given back to the disk in one slice: a commit may wait for one. */
const PAGES = 24;
/** Of the progress of the whole, in percent, that of packing. */
const PACKED = 80;

interface Parts {
  upkeep: Upkeep;
  sweeper: PartSweeper;
  sealer: Sealer;
  /** Puts the search index in order. */
  gather: () => Promise<void>;
  /** Told how many pages were changed, about, so that the journal is copied into the file in time. */
  wrote: (pages: number) => void;
  /** Copies the journal into the file and cuts it off. */
  cut: () => Promise<unknown>;
}

/** Makes the file as small as it can be without writing it anew. */
export class Compactor {
  readonly #db: Database;
  readonly #parts: Parts;
  readonly #pages: Statement<[], number>;
  readonly #free: Statement<[], number>;

  constructor(db: Database, parts: Parts) {
    this.#db = db;
    this.#parts = parts;
    this.#pages = db.prepare<[], number>('PRAGMA page_count').pluck();
    this.#free = db.prepare<[], number>('PRAGMA freelist_count').pluck();
  }

  size(): { bytes: number; free: number } {
    const page = this.#db.pragma('page_size', { simple: true }) as number;
    const journal = statSync(`${this.#db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    return { bytes: this.#pages.get()! * page + journal, free: this.#free.get()! * page };
  }

  /** Bytes that the file is shorter by, with its journal. */
  async run({ progress, signal }: { progress: Progress; signal: AbortSignal }): Promise<number> {
    const { sweeper, sealer, gather, cut } = this.#parts;
    const before = this.size().bytes;
    await sweeper.sweep();
    signal.throwIfAborted();
    await sealer.seal({
      signal,
      progress: (done, of) => progress(of ? Math.round((PACKED * done) / of) : PACKED, 100),
    });
    await cut();
    await gather();
    signal.throwIfAborted();
    await this.#vacuum(signal, (part) => progress(PACKED + Math.round((99 - PACKED) * part), 100));
    await cut();
    progress(100, 100);
    return Math.max(0, before - this.size().bytes);
  }

  async #vacuum(signal: AbortSignal, progress: (part: number) => void): Promise<void> {
    const all = this.#free.get()!;
    const { upkeep, wrote } = this.#parts;
    const { background, transactions } = upkeep;
    await background.run(() => {
      signal.throwIfAborted();
      const free = this.#free.get()!;
      progress(1 - free / Math.max(1, all));
      if (free > 0) transactions.run(false, () => this.#db.pragma(`incremental_vacuum(${PAGES})`));
      // A page that is moved changes the one that points at it, too.
      wrote(2 * PAGES);
      return this.#free.get()! > 0 && this.#free.get()! < free;
    });
  }
}
