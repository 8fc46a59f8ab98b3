import type { StreamItem } from '#shared/contract/contract.ts';
import { keptTopics, type Topic } from '#shared/contract/topics.ts';
import { type Event, type EventOf, type EventType, reservedSessions } from '#shared/domain/events.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Follower, Log } from '../log/log.ts';
import { takeAnswer, textOf } from './answer.ts';
import { sequenceOf } from './cursor.ts';
import type { Present, Told } from './topics-present.ts';

type Item = StreamItem<'topics.follow'>;

/** Events read at once; what does not fit into an answer waits here, so this is the bound of what is held. */
const PAGE = 64;
/** Sessions of which it is remembered that they are whole. */
const MOST_WHOLE = 1000;
/** Sessions of one job that are told one by one. */
const MOST_FILLED = 50;

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
  /** Sessions that no job fills. */
  readonly #whole = new Set<string>();
  /** How the others began, to be told when they are whole. */
  readonly #filling = new Map<string, EventOf<'session.created'>>();
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
    if (types.includes('session.created')) types.push('job.finished');
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
      for (const event of events) this.#events.push(...(await this.#toTell(event)));
      if (this.#reset) return this.pull(max);
    }
    return takeAnswer(this.#events, max, textOf).map((event) => {
      this.#told = event.seq;
      const data = { session: event.session, ...event.data };
      return { ...this.#item({ topic: topicOf.get(event.type)!, data }), at: event.at };
    });
  }

  /** Of what a job fills nothing is told but that it is there, when all of it is whole. */
  async #toTell(event: Event): Promise<Event[]> {
    const { session, type } = event;
    if (type === 'job.finished') return this.#filled(event);
    if (reservedSessions.includes(session)) return [];
    if (type === 'session.deleted') this.#filling.delete(session);
    else if (!(await this.#isWhole(session))) {
      if (type === 'session.created') this.#filling.set(session, event);
      return [];
    }
    return [event];
  }

  /** Too many to be told one by one are looked for in the list. */
  #filled({ seq, data: { job } }: EventOf<'job.finished'>): Event[] {
    const filled = [...this.#filling.values()].filter(({ data }) => data.job === job);
    for (const { session } of filled) this.#filling.delete(session);
    if (filled.length > MOST_FILLED) this.#reset = true;
    return filled.length > MOST_FILLED ? [] : filled.map((created) => ({ ...created, seq }));
  }

  async #isWhole(session: string): Promise<boolean> {
    if (this.#whole.has(session)) return true;
    if ((await this.#log.shape(session))?.job) return false;
    if (this.#whole.size >= MOST_WHOLE) this.#whole.clear();
    this.#whole.add(session);
    return true;
  }

  #item({ topic, data }: Told): Item {
    return { topic, cursor: `${this.#log.epoch}:${this.#told}`, at: this.#clock.now(), data };
  }
}
