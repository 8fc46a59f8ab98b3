import type { Axis } from './axis.ts';
import { aboutTokens, type Bar, type Part, samplesOf, streamed } from './bar.ts';
import { Rate } from './rate.ts';

/** Counts the tokens of all turns: as they come, and anew when it is known better. */
export class Tally {
  readonly rate = new Rate();
  readonly #axis: Axis;
  /** What each turn has added: places and tokens. */
  readonly #counted = new Map<Bar, number[]>();

  constructor(axis: Axis) {
    this.#axis = axis;
  }

  part(bar: Bar, part: Part): void {
    if (streamed(bar)) this.#add(bar, part.time, aboutTokens(part));
  }

  /** Of a turn that has ended; `known`: its track is here, and nothing of it changes any more. */
  whole(bar: Bar, known: boolean): void {
    const counted = this.#counted.get(bar) ?? [];
    for (let index = 0; index < counted.length; index += 2) this.rate.add(counted[index]!, -counted[index + 1]!);
    this.#counted.delete(bar);
    if (!streamed(bar)) return;
    const { times, tokens } = samplesOf(bar);
    for (let index = 0; index < times.length; index++) this.#add(bar, times[index]!, tokens[index]!);
    if (known) this.#counted.delete(bar);
  }

  #add(bar: Bar, time: number, tokens: number): void {
    const place = this.#axis.place(time);
    const counted = this.#counted.get(bar) ?? [];
    counted.push(place, tokens);
    this.#counted.set(bar, counted);
    this.rate.add(place, tokens);
  }
}
