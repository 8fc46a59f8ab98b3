/** One piece of work after the other; one that is cancelled while it waits does not wait on. */
export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const mine = first(before, signal).then(work);
    // Whoever comes next waits for both: this one may have left early.
    this.#last = Promise.all([before, mine.catch(() => {})]);
    return mine;
  }
}

function first(before: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void before.then(() => {
      signal.removeEventListener('abort', abort);
      resolve(undefined);
    });
  });
}

/** What else waits in the event loop goes first. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
