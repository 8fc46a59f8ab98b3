/** The longest that a platform's timer can wait; it would run at once if it was told to wait longer. */
export const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Time is handed in. Hosts give the real one, tests a fake. */
export interface Clock {
  /** Wall clock, Unix milliseconds: for show and for ids, never for order or durations. */
  now(): number;
  /** Monotonic milliseconds, with fractions: for durations. */
  monotonic(): number;
  /** Runs `run` after `ms`; the returned function cancels. A timer never keeps a process alive by itself. */
  after(ms: number, run: () => void): () => void;
}
