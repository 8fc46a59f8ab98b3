type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without what is null or undefined: many dialects say null for what is as usual. */
export function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Present<T>;
}
