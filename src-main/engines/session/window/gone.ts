/** More than can be deleted while something of one of them is read. */
const MOST = 1000;

/** Sessions that were deleted last, so that what was being read of them is not kept. Their ids never come again. */
export class Gone {
  readonly #sessions = new Set<string>();

  add(session: string): void {
    this.#sessions.add(session);
    if (this.#sessions.size <= MOST) return;
    for (const oldest of this.#sessions) {
      this.#sessions.delete(oldest);
      break;
    }
  }

  has(session: string): boolean {
    return this.#sessions.has(session);
  }
}
