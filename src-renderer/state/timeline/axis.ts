/** A pause longer than this is folded. */
export const PAUSE_MS = 15_000;
/** So much room a folded pause takes. */
export const FOLDED_MS = 2_000;

/** A pause in which nothing ran and nothing happened, as wide as FOLDED_MS. */
export interface Pause {
  from: number;
  to: number;
  /** Where it begins on the folded axis. */
  place: number;
}

/**
 * The time of a session laid out: places are milliseconds from its beginning, with long pauses folded. It only grows at
 * its end, so a place once told stays true.
 */
export class Axis {
  readonly pauses: Pause[] = [];
  #start = 0;
  #end = 0;
  #empty = true;

  get start(): number {
    return this.#start;
  }

  /** Until when something ran or happened. */
  get end(): number {
    return this.#end;
  }

  /** Of the end. */
  get length(): number {
    return this.#empty ? 0 : this.place(this.#end);
  }

  /** Something happened at `time`; `idle`: nothing had run since the end until now. */
  reach(time: number, idle: boolean): void {
    if (this.#empty) {
      this.#empty = false;
      this.#start = this.#end = time;
    } else if (time > this.#end) {
      if (idle && time - this.#end > PAUSE_MS)
        this.pauses.push({ from: this.#end, to: time, place: this.place(this.#end) });
      this.#end = time;
    }
  }

  /** Where a moment lies. Before the beginning it is negative, behind the end it goes on. */
  place(time: number): number {
    const pause = this.pauses[last(this.pauses, ({ from }) => from <= time)];
    if (pause === undefined) return time - this.#start;
    const { from, to, place } = pause;
    return time < to ? place + ((time - from) * FOLDED_MS) / (to - from) : place + FOLDED_MS + time - to;
  }

  /** The moment that lies there. */
  time(place: number): number {
    const pause = this.pauses[last(this.pauses, (each) => each.place <= place)];
    if (pause === undefined) return place + this.#start;
    const { from, to, place: at } = pause;
    return place < at + FOLDED_MS ? from + ((place - at) * (to - from)) / FOLDED_MS : to + place - at - FOLDED_MS;
  }

  /** The pause in which a place lies. */
  pauseAt(place: number): Pause | undefined {
    const pause = this.pauses[last(this.pauses, (each) => each.place <= place)];
    return pause !== undefined && place < pause.place + FOLDED_MS ? pause : undefined;
  }

  /** Those that can be seen between two places. */
  between(from: number, to: number): Pause[] {
    const first = last(this.pauses, (each) => each.place + FOLDED_MS < from) + 1;
    const end = last(this.pauses, (each) => each.place <= to) + 1;
    return this.pauses.slice(first, end);
  }
}

/** The index of the last for which `holds` is true, where it is true for all before it; -1 when for none. */
export function last<Each>(all: readonly Each[], holds: (each: Each) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(all[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
