/**
 * What a stream is read from: a cursor, never a queue. The peer pulls at most as many items as it has credit for, when
 * the pipe is free; whatever the source would need to hold meanwhile it reads again from its origin (the log).
 */
export interface Source<Item> {
  /** Up to `max` items, maybe none yet. Null: the stream has ended. Rejects with a Problem when it failed. */
  pull(max: number): Promise<Item[] | null>;
  /** Called once by the peer; the source calls `ready` whenever a pull may give something new (spurious calls are fine). */
  onReady(ready: () => void): void;
  /** Ends the source; exactly once, whoever ended the stream. */
  close(): void;
}
