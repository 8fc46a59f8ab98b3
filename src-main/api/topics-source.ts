import type { StreamItem } from '#shared/contract/contract.ts';
import { keptTopics, type Topic } from '#shared/contract/topics.ts';
import { type Event, type EventType, reservedSessions } from '#shared/domain/events.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Follower, Log } from '../log/log.ts';
import { takeAnswer, textOf } from './answer.ts';
import { sequenceOf } from './cursor.ts';
import type { Present, Told } from './topics-present.ts';

type Item = StreamItem<'topics.follow'>;

/** Events read at once; what does not fit into an answer waits here, so this is the bound of what is held. */
const PAGE = 64;

const topicOf = new Map<EventType, Topic>(
  (Object.entries(keptTopics) as [Topic, EventType][]).map(([topic, type]) => [type, topic]),
);

export interface TopicsWish {
  wanted: ReadonlySet<Topic>;
  /** Of what is kept that of this session only. */
  session: string | undefined;
  cursor: string | undefined;
}

/**
 * What happens, by topic: what is kept, from a cursor of the log on, and what is present. Each item carries the sequence
 * up to which everything kept has been told, so that any of them can be gone on from.
 */
export class TopicsSource implements Source<Item> {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #present: Present;
  readonly #follower: Follower | undefined;
  /** The cursor could not be served from, which is told first. */
  #reset: boolean;
  #told: number;
  #news: Told[] = [];
  #events: Event[] = [];
  #ready: () => void = () => {};

  constructor(log: Log, clock: Clock, present: Present, { wanted, session, cursor }: TopicsWish) {
    this.#log = log;
    this.#clock = clock;
    this.#present = present;
    present.onReady(() => this.#ready());
    const after = cursor === undefined ? undefined : sequenceOf(log, cursor);
    this.#reset = cursor !== undefined && after === undefined;
    this.#told = after ?? log.position;
    const types = [...topicOf].filter(([, topic]) => wanted.has(topic)).map(([type]) => type);
    const ready = () => this.#ready();
    if (types.length > 0)
      this.#follower = log.follow({ ...(session !== undefined && { session }), types, after: this.#told, ready });
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(max: number): Promise<Item[]> {
    if (this.#reset) {
      this.#reset = false;
      return [this.#item({ topic: 'system.reset', data: {} })];
    }
    if (this.#news.length === 0) this.#news = this.#present.look();
    if (this.#news.length > 0) return this.#news.splice(0, max).map((told) => this.#item(told));
    return this.#kept(max);
  }

  close(): void {
    this.#follower?.close();
    this.#present.close();
    this.#news = [];
    this.#events = [];
  }

  async #kept(max: number): Promise<Item[]> {
    if (this.#follower === undefined) return [];
    while (this.#events.length === 0) {
      const events = await this.#follower.read(PAGE);
      if (events.length === 0) {
        this.#told = this.#follower.position;
        return [];
      }
      this.#events = events.filter(({ session }) => !reservedSessions.includes(session));
    }
    return takeAnswer(this.#events, max, textOf).map((event) => {
      this.#told = event.seq;
      const data = { session: event.session, ...event.data };
      return { ...this.#item({ topic: topicOf.get(event.type)!, data }), at: event.at };
    });
  }

  #item({ topic, data }: Told): Item {
    return { topic, cursor: `${this.#log.epoch}:${this.#told}`, at: this.#clock.now(), data };
  }
}
