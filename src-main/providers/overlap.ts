/** Shorter agreements happen by chance. */
const LEAST = 8;
/** How far back an overlap is looked for; the whole text is tried besides. */
const WINDOW = 4_000;

/**
 * Removes from the beginning of a continuation what it repeats of the end of the text before it: the last words, or the
 * whole answer told again. Holds text back only while it may still turn out to be a repetition; never more than the text
 * before is long.
 */
export class OverlapFilter {
  readonly #before: string;
  #held: string | null = '';

  constructor(before: string) {
    this.#before = before;
  }

  /** What of `text` is new and can be passed on now. */
  push(text: string): string {
    if (this.#held === null) return text;
    this.#held += text;
    return this.#mayGrow(this.#held.trimStart()) ? '' : this.#release();
  }

  /** What is still held when the stream ends. */
  end(): string {
    return this.#held === null ? '' : this.#release();
  }

  #mayGrow(repeated: string): boolean {
    if (repeated.length > this.#before.length) return false;
    if (this.#before.startsWith(repeated)) return repeated.length < this.#before.length;
    const tail = this.#before.slice(-WINDOW);
    const at = tail.indexOf(repeated);
    return at !== -1 && at + repeated.length < tail.length;
  }

  #release(): string {
    const held = this.#held ?? '';
    this.#held = null;
    const start = held.length - held.trimStart().length;
    const repeated = held.slice(start);
    if (this.#before.length >= LEAST && repeated.startsWith(this.#before)) return repeated.slice(this.#before.length);
    const tail = this.#before.slice(-WINDOW);
    for (let length = Math.min(tail.length, repeated.length); length >= LEAST; length--)
      if (repeated.startsWith(tail.slice(-length))) return repeated.slice(length);
    return held;
  }
}
