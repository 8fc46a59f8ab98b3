import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import { slim, type TimelineEvent } from '#shared/domain/timeline.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Follower, Log } from '../log/log.ts';
import { takeAnswer } from './answer.ts';
import { sequenceOf } from './cursor.ts';

type Item = StreamItem<'timeline.follow'>;
type Beginning = Pick<Extract<Item, { kind: 'begin' }>, 'recovered' | 'title' | 'total'>;

/** Events read at once: a few milliseconds of work. */
const PAGE = 256;
/** Of a timing track, in numbers: with more of them it would not fit a frame, and no picture could show them. */
const MOST_TRACK = 60_000;

/** What happened in a session, without the texts: from a cursor on or from the beginning, then live. */
export class TimelineSource implements Source<Item> {
  readonly #log: Log;
  readonly #follower: Follower;
  readonly #begin: Beginning;
  #begun = false;
  #rest: TimelineEvent[] = [];
  #told: number;
  #ready: () => void = () => {};

  /** Rejects with NOT_FOUND where there is no such session. */
  static async open(log: Log, session: string, cursor: string | undefined): Promise<TimelineSource> {
    const asked = cursor === undefined ? undefined : sequenceOf(log, cursor);
    const after = asked !== undefined && asked >= log.floor(session) ? asked : undefined;
    const [shape, total] = await Promise.all([log.shape(session), log.eventCount(session)]);
    if (shape === null || shape.job !== null)
      throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'It may have been deleted; choose another.');
    const recovered = cursor === undefined || after !== undefined;
    return new TimelineSource(log, session, after ?? 0, { recovered, title: shape.title, total });
  }

  private constructor(log: Log, session: string, after: number, begin: Beginning) {
    this.#log = log;
    this.#begin = begin;
    this.#told = after;
    this.#follower = log.follow({ session, after, ready: () => this.#ready() });
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(): Promise<Item[]> {
    if (!this.#begun) {
      this.#begun = true;
      return [{ kind: 'begin', cursor: this.#cursor(), ...this.#begin }];
    }
    if (this.#rest.length === 0) this.#rest = (await this.#follower.read(PAGE)).map((event) => thinned(slim(event)));
    if (this.#rest.length === 0) return [];
    const events = takeAnswer(this.#rest, PAGE, unitsOf);
    this.#told = events.at(-1)!.seq;
    return [{ kind: 'events', cursor: this.#cursor(), events }];
  }

  close(): void {
    this.#follower.close();
    this.#rest = [];
  }

  #cursor(): string {
    return `${this.#log.epoch}:${this.#told}`;
  }
}

/** Roughly, as JSON: what is long of an event without texts is a track, or a list of what was pinned. */
function unitsOf({ data }: TimelineEvent): number {
  let units = 0;
  for (const value of Object.values(data)) {
    if (typeof value === 'string') units += value.length;
    else if (Array.isArray(value)) units += value.length * (typeof value[0] === 'number' ? 6 : 100);
    else if (typeof value === 'object') units += 300;
  }
  return units;
}

/** A very long track with every second piece joined to the one before, as often as it takes. */
function thinned(event: TimelineEvent): TimelineEvent {
  if (event.type !== 'turn.timed') return event;
  let track = event.data.track as readonly number[];
  if (track.length <= MOST_TRACK) return event;
  while (track.length > MOST_TRACK) {
    const half: number[] = [];
    for (let index = 0; index < track.length; index += 6)
      for (let each = 0; each < 3; each++) half.push(track[index + each]! + (track[index - 3 + each] ?? 0));
    track = half;
  }
  return { ...event, data: { ...event.data, track } };
}
