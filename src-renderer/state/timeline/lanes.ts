import type { Speaker } from '#shared/domain/things.ts';
import type { Bar } from './bar.ts';

/** What a person did: a message, or something else that is a point in time. */
export interface Mark {
  kind: 'message' | 'act';
  seq: number;
  time: number;
  /** Of `Timeline.events`. */
  index: number;
  /** The message, or null. */
  node: string | null;
  words: string;
}

export type Item = Bar | Mark;

export interface Lane {
  key: string;
  /** Null: the person. */
  speaker: Speaker | null;
  /** All of the lane, in time: bars of a speaker, marks of the person. */
  items: Item[];
  /** Bars that do not run at the same time share a row. */
  rows: Bar[][];
  retries: number;
  seams: number;
  /** Turns that did not come to their own end, in the order in which they ended. */
  broken: Bar[];
}

const laneOf = (key: string, speaker: Speaker | null): Lane => ({
  key,
  speaker,
  items: [],
  rows: [],
  retries: 0,
  seams: 0,
  broken: [],
});

/** The person first, then everybody in the order in which they were asked first. */
export class Lanes {
  readonly all: Lane[] = [laneOf('you', null)];
  readonly #places = new Map<string, number>();
  /** Who was asked to answer what. */
  readonly #asked = new Set<string>();

  mark(mark: Mark): void {
    this.all[0]!.items.push(mark);
  }

  /** Where the next turn of somebody goes, as an answer to `parent`. */
  next(speaker: Speaker, parent: string): { lane: number; row: number; nth: number; again: boolean } {
    const key = speaker.specialist ?? `${speaker.provider}/${speaker.model}`;
    const lane = this.#places.get(key) ?? this.all.length;
    if (lane === this.all.length) {
      this.#places.set(key, lane);
      this.all.push(laneOf(key, speaker));
    }
    const asked = `${key} ${parent}`;
    const again = this.#asked.has(asked);
    this.#asked.add(asked);
    return { lane, row: freeRow(this.all[lane]!), nth: this.all[lane]!.items.length + 1, again };
  }

  add(bar: Bar): void {
    const lane = this.all[bar.lane]!;
    if (bar.again) lane.retries++;
    if (bar.from !== null) lane.seams++;
    lane.items.push(bar);
    lane.rows[bar.row] ??= [];
    lane.rows[bar.row]!.push(bar);
  }

  waits(bar: Bar): void {
    this.all[bar.lane]!.retries++;
  }

  ended(bar: Bar): void {
    if (bar.state !== 'done') this.all[bar.lane]!.broken.push(bar);
  }
}

/** The first row in which nobody runs. */
function freeRow(lane: Lane): number {
  const free = lane.rows.findIndex((row) => row.at(-1)!.end !== null);
  return free < 0 ? lane.rows.length : free;
}
