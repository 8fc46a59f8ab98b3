import type { Database } from 'better-sqlite3';
import type { Progress } from '../log.ts';

/** What every order of the worker works with. */
export interface Place {
  /** A connection of the worker's own: it reads, and copies the journal into the file, and changes nothing else. */
  db: Database;
  /** The log file. */
  path: string;
}

/** What one request brings along. */
export interface Work {
  /** May be called as often as one likes: it is passed on about ten times a second. */
  progress: Progress;
  /**
   * Aborts with STOPPED, but only between turns of the worker's event loop: an order that takes long is async and lets
   * others have a turn every few milliseconds (`breathe`).
   */
  signal: AbortSignal;
}

/** Made once per worker, when it is first asked for. `Params` and what comes back are plain data. */
export type Order<Params, Answer> = (place: Place) => (params: Params, work: Work) => Answer | Promise<Answer>;

/** Lets everything else that the worker was asked for go first. Throws STOPPED when the work was stopped meanwhile. */
export async function breathe({ signal }: Work): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
