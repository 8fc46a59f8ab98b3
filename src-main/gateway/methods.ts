/** Which methods there are at which path: HTTP tells a wrong method (405) from a wrong path (404). */
export class Methods {
  readonly #routes: { pattern: RegExp; methods: readonly string[] }[] = [];

  /** `url` as routes have it: `:name` for a step, `*` at the end for the rest. */
  add(url: string, method: string | readonly string[]): void {
    const pattern = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace('*', '.*');
    this.#routes.push({ pattern: new RegExp(`^${pattern}$`), methods: [method].flat() });
  }

  /** In the order of the alphabet; none where there is nothing. */
  at(path: string): string[] {
    const found = this.#routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}
