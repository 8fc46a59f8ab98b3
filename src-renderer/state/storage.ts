/** The part of `localStorage` that is used; a page whose storage is closed gets one that forgets. */
export interface KeyValue {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

export function browserStorage(storage: () => Storage): KeyValue {
  try {
    const real = storage();
    real.getItem('choragus');
    return {
      get: (key) => real.getItem(key),
      set: (key, value) => {
        try {
          real.setItem(key, value);
        } catch {
          // Full: what is on screen stays; only a reload would lose it.
        }
      },
      remove: (key) => real.removeItem(key),
      keys: (prefix) => Object.keys(real).filter((key) => key.startsWith(prefix)),
    };
  } catch {
    return memoryStorage();
  }
}

export function memoryStorage(): KeyValue {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
}
