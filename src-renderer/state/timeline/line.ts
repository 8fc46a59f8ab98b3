import { last } from './axis.ts';

/**
 * The time line of a session: wall time that never goes back. Order is the sequence; when a clock was set back, what
 * came then lies behind what came before, and keeps its distances.
 */
export class Line {
  /** From `time` on, `shift` was added to the wall clock. */
  readonly #shifts: { time: number; shift: number }[] = [];
  #shift = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** The time of the next event. */
  next(at: number): number {
    if (at + this.#shift < this.#last) {
      this.#shift = this.#last - at;
      this.#shifts.push({ time: this.#last, shift: this.#shift });
    }
    this.#last = at + this.#shift;
    return this.#last;
  }

  /** What the newest moment of the line is in terms of a wall clock of now. */
  of(wall: number): number {
    return wall + this.#shift;
  }

  /** What the clock on the wall showed. */
  wall(time: number): number {
    return time - (this.#shifts[last(this.#shifts, (each) => each.time <= time)]?.shift ?? 0);
  }
}
