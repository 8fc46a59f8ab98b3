import type { WebSocket } from 'ws';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import { HIGH_WATER, LOW_WATER, MAX_BUFFERED } from '#shared/wire/websocket.ts';

/** A reader that takes nothing for this long, while there is something for it, is told nothing more; it can resume. */
const STUCK_MS = 60_000;
/** Items in one pull, at most. */
const MOST_ITEMS = 64;
/** Policy violation. */
const TOO_MUCH = 1008;

/** A socket to which JSON is sent, and which sources are read for: never ahead of what the far end reads. */
export class Flow {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  /** There while more waits in the socket than it should. */
  #full: PromiseWithResolvers<void> | undefined;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on('close', () => this.#drained());
  }

  send(message: object): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(message), this.#sent);
    if (socket.bufferedAmount > MAX_BUFFERED)
      socket.close(TOO_MUCH, `More than ${MAX_BUFFERED} bytes wait to be read.`);
    else if (socket.bufferedAmount > HIGH_WATER) this.#full ??= Promise.withResolvers();
  }

  /**
   * Reads a source to its end, or to the abort of `signal`, and closes it. Rejects with what the source rejects with, and
   * with TIMEOUT when the far end stands still.
   */
  async read<Item>(source: Source<Item>, signal: AbortSignal, take: (item: Item) => void): Promise<void> {
    let wake = () => {};
    let ready = true;
    const wakeUp = () => {
      ready = true;
      wake();
    };
    source.onReady(wakeUp);
    signal.addEventListener('abort', wakeUp, { once: true });
    try {
      for (;;) {
        for (let full = this.#congested(); full !== undefined; full = this.#congested()) await full;
        if (signal.aborted) return;
        ready = false;
        const items = await source.pull(MOST_ITEMS);
        if (items === null) return;
        for (const item of items) {
          // Others are read for at the same time, and one of them may have been first.
          for (let full = this.#congested(); full !== undefined; full = this.#congested()) await full;
          if (signal.aborted) return;
          take(item);
        }
        if (items.length > 0 || ready || signal.aborted) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', wakeUp);
      source.close();
    }
  }

  /** While there is no room in the socket, what waits for it. */
  #congested(): Promise<void> | undefined {
    const drained = this.#full?.promise;
    if (drained === undefined) return undefined;
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(STUCK_MS, () => {
        const message = `Nothing was read for ${STUCK_MS / 1000} s.`;
        reject(new Problem('TIMEOUT', message, 'Go on from the last cursor.'));
      });
      void drained.then(() => {
        cancel();
        resolve();
      });
    });
  }

  readonly #sent = (): void => {
    if (this.#socket.bufferedAmount <= LOW_WATER) this.#drained();
  };

  #drained(): void {
    this.#full?.resolve();
    this.#full = undefined;
  }
}
