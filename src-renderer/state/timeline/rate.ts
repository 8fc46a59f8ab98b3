/** Tokens are counted in slices of this many milliseconds. */
export const SLICE_MS = 250;
/** What a speed is taken over, so that a burst is none. */
const SPEED_MS = 1000;

/**
 * How many tokens came when, over all turns, by places of the folded axis. A binary indexed tree: what came is added, and
 * any stretch is summed, in a few steps.
 */
export class Rate {
  #slices = new Float64Array(256);
  #tree = new Float64Array(257);
  #used = 0;
  /** By the length of the stretch, as a power of two of slices; until more is added. */
  readonly #most = new Map<number, number>();
  readonly #halves = new Map<number, Float64Array>();

  /** So many tokens more, or fewer, came at this place. */
  add(place: number, tokens: number): void {
    const slice = Math.max(0, Math.floor(place / SLICE_MS));
    if (slice >= this.#slices.length) this.#grow(slice + 1);
    this.#used = Math.max(this.#used, slice + 1);
    this.#slices[slice]! += tokens;
    if (this.#most.size > 0) {
      this.#most.clear();
      this.#halves.clear();
    }
    for (let at = slice + 1; at < this.#tree.length; at += at & -at) this.#tree[at]! += tokens;
  }

  /** Tokens a second between two places, by whole slices. */
  between(from: number, to: number): number {
    const first = Math.max(0, Math.floor(from / SLICE_MS));
    const end = Math.max(first + 1, Math.ceil(to / SLICE_MS));
    return ((this.#before(end) - this.#before(first)) * 1000) / ((end - first) * SLICE_MS);
  }

  /** All tokens that came before a place. */
  until(place: number): number {
    return this.#before(Math.max(0, Math.ceil(place / SLICE_MS)));
  }

  /** The fastest second, in tokens a second. */
  get peak(): number {
    return this.most(SPEED_MS);
  }

  /** The most tokens a second over about this long: over stretches of a power of two of slices that overlap by half. */
  most(ms: number): number {
    const power = Math.max(1, Math.round(Math.log2(ms / SLICE_MS)));
    let most = this.#most.get(power);
    if (most === undefined) {
      most = 0;
      const halves = this.#sums(power - 1);
      for (let at = 0; at + 1 < halves.length; at++) most = Math.max(most, halves[at]! + halves[at + 1]!);
      this.#most.set(power, most);
    }
    return (most * 1000) / (2 ** power * SLICE_MS);
  }

  /** Sums over 2^power slices each, one after the other; of single slices for 0. */
  #sums(power: number): Float64Array {
    if (power === 0) return this.#slices.subarray(0, this.#used + 1);
    let sums = this.#halves.get(power);
    if (sums === undefined) {
      const below = this.#sums(power - 1);
      sums = new Float64Array((below.length >> 1) + 2);
      for (let at = 0; at < below.length; at++) sums[at >> 1]! += below[at]!;
      this.#halves.set(power, sums);
    }
    return sums;
  }

  #before(slice: number): number {
    let sum = 0;
    for (let at = Math.min(slice, this.#slices.length); at > 0; at -= at & -at) sum += this.#tree[at]!;
    return sum;
  }

  #grow(least: number): void {
    const slices = new Float64Array(Math.max(least, this.#slices.length * 2));
    slices.set(this.#slices);
    this.#slices = slices;
    const tree = new Float64Array(slices.length + 1);
    tree.set(slices, 1);
    for (let at = 1; at < tree.length; at++) {
      const above = at + (at & -at);
      if (above < tree.length) tree[above]! += tree[at]!;
    }
    this.#tree = tree;
  }
}
