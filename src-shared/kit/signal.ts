/** One event with any number of listeners; a listener that throws does not keep the others from hearing it. */
export class Signal<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns the function that ends the listening. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(value: T): void {
    let failure: { error: unknown } | undefined;
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }
}
