import { MAX_BATCH } from './messages.ts';

/** Empty microtasks after which a turn of the event loop counts as over. */
const QUIET = 10;
/** Most microtasks that a message waits for others: one that reads from afar delays nobody. */
const PATIENCE = 100;

/** Whoever has an outbox. */
export interface Sender {
  send(batch: readonly unknown[]): void;
  /** All that was pushed has been handed over. */
  sent?(): void;
}

/**
 * Gathers what one turn of the event loop produces and sends it as one batch, still within the microtasks of that
 * turn: no timer, no next turn. While something announced by `begin` is on its way, it waits a little longer. Holds
 * what was pushed in one turn; bounded by the bounds of calls and streams.
 */
export class Outbox {
  readonly #sender: Sender;
  #batch: unknown[] = [];
  #expected = 0;
  #stirring = false;
  #quiet = 0;
  #patience = 0;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  push(message: unknown): void {
    this.#batch.push(message);
    this.#stir();
  }

  /** Something to be pushed is being fetched; each `begin` has its `end`. */
  begin(): void {
    this.#expected += 1;
    this.#stir();
  }

  end(): void {
    this.#expected -= 1;
  }

  #stir(): void {
    this.#quiet = 0;
    if (this.#stirring) return;
    this.#stirring = true;
    this.#patience = PATIENCE;
    queueMicrotask(this.#wait);
  }

  #wait = (): void => {
    if (--this.#patience > 0 && (this.#expected > 0 || ++this.#quiet < QUIET)) queueMicrotask(this.#wait);
    else this.#flush();
  };

  #flush(): void {
    this.#stirring = false;
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length <= MAX_BATCH) this.#sender.send(batch);
    else for (let i = 0; i < batch.length; i += MAX_BATCH) this.#sender.send(batch.slice(i, i + MAX_BATCH));
    this.#sender.sent?.();
  }
}
