/** Runs work one after the other per key; different keys do not wait for each other. Holds nothing for idle keys. */
export class Serial {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#tails.set(key, mine);
    const tidy = () => {
      if (this.#tails.get(key) === mine) this.#tails.delete(key);
    };
    mine.then(tidy, tidy);
    return mine;
  }
}
