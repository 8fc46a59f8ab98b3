/** What happened, in order; a test waits for what it wants to see in it. */
export interface Journal<T> {
  readonly entries: T[];
  add(entry: T): void;
  /** Resolves as soon as the entries satisfy the test. */
  until(satisfied: (entries: T[]) => boolean): Promise<T[]>;
}

export function journal<T>(): Journal<T> {
  const entries: T[] = [];
  const waiting = new Set<() => void>();
  return {
    entries,
    add(entry) {
      entries.push(entry);
      for (const look of [...waiting]) look();
    },
    until: (satisfied) =>
      new Promise((resolve) => {
        const look = () => {
          if (!satisfied(entries)) return;
          waiting.delete(look);
          resolve(entries);
        };
        waiting.add(look);
        look();
      }),
  };
}
