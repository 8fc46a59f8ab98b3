import type { Event, EventType } from '#shared/domain/events.ts';
import type { Follower } from './log.ts';
import type { Logger, Rows } from './rows.ts';
import { units } from './units.ts';

/** Newest events kept in memory for each followed session, and for all when all are followed; for a while twice as many. */
const TAIL_EVENTS = 1024;
/** The same in UTF-16 units of text. */
const TAIL_TEXT = 512 * 1024;
const ALL = Symbol('every session');

/**
 * Followers by what they follow, and the newest committed events for them. Whoever keeps up reads from memory; whoever
 * is behind reads pages from the disk. Only what is followed is kept.
 */
export class Followers {
  readonly #channels = new Map<string | typeof ALL, Channel>();
  readonly #touched = new Set<Channel>();
  readonly #rows: Rows;
  readonly #logger: Logger;
  /** Undefined when the disk can be read: see `Rebuild`. */
  readonly #whole: () => Promise<void> | undefined;
  #position: number;

  constructor(rows: Rows, logger: Logger, position: number, whole: () => Promise<void> | undefined) {
    this.#rows = rows;
    this.#whole = whole;
    this.#logger = logger;
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  follow(options: { session?: string; types?: EventType[]; after: number; ready: () => void }): Follower {
    const key = options.session ?? ALL;
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      channel = new Channel(options.session, this.#position);
      this.#channels.set(key, channel);
    }
    const members = channel.members;
    const member = new Cursor(options, channel, this.#rows, this.#whole, () => this.#position);
    member.onClose = () => {
      members.delete(member);
      if (members.size === 0 && this.#channels.get(key)?.members === members) this.#channels.delete(key);
    };
    members.add(member);
    return member;
  }

  /** Committed events, in order: from now on they can be read. */
  remember(events: readonly Event[]): void {
    const all = this.#channels.get(ALL);
    for (const event of events) {
      const channel = this.#channels.get(event.session);
      if (event.type === 'session.deleted') for (const each of [channel, all]) each?.forget(event.session);
      if (channel !== undefined) this.#add(channel, event);
      if (all !== undefined) this.#add(all, event);
      this.#position = event.seq;
    }
  }

  /** Calls `ready` of those whom the remembered events concern. */
  tell(): void {
    for (const channel of this.#touched) {
      const { news } = channel;
      channel.news = new Set();
      for (const member of channel.members) {
        if (!member.wants(news)) continue;
        try {
          member.ready();
        } catch (error) {
          this.#logger.error({ error }, 'A follower failed when it was told of news.');
        }
      }
    }
    this.#touched.clear();
  }

  close(): void {
    for (const channel of this.#channels.values()) for (const member of channel.members) member.close();
  }

  #add(channel: Channel, event: Event): void {
    channel.add(event);
    this.#touched.add(channel);
  }
}

/** The newest events of one session, or of all, all those after `floor`. */
class Channel {
  readonly session: string | undefined;
  readonly members = new Set<Cursor>();
  readonly events: Event[] = [];
  floor: number;
  /** Types of what came since the members were last told. */
  news = new Set<EventType>();
  #text = 0;

  constructor(session: string | undefined, floor: number) {
    this.session = session;
    this.floor = floor;
  }

  add(event: Event): void {
    this.events.push(event);
    this.news.add(event.type);
    this.#text += units(event);
    // Drops half at once, so that dropping costs little per event.
    if (this.events.length > 2 * TAIL_EVENTS || this.#text > 2 * TAIL_TEXT) this.#drop();
  }

  /** It is on the disk no more, and not to be had from here. */
  forget(session: string): void {
    const kept = this.events.filter((event) => event.session !== session);
    this.events.splice(0, this.events.length, ...kept);
    this.#text = kept.reduce((sum, event) => sum + units(event), 0);
  }

  /** Index of the first event after `seq`. */
  after(seq: number): number {
    const { events } = this;
    let low = 0;
    for (let high = events.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (events[middle]!.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(): void {
    let count = 0;
    while (this.events.length - count > TAIL_EVENTS || this.#text > TAIL_TEXT)
      this.#text -= units(this.events[count++]!);
    this.floor = this.events[count - 1]!.seq;
    this.events.splice(0, count);
  }
}

class Cursor implements Follower {
  readonly #types: ReadonlySet<EventType> | undefined;
  readonly ready: () => void;
  onClose = () => {};
  #position: number;
  #closed = false;
  readonly #channel: Channel;
  readonly #rows: Rows;
  readonly #whole: () => Promise<void> | undefined;
  readonly #end: () => number;

  constructor(
    options: { types?: EventType[]; after: number; ready: () => void },
    channel: Channel,
    rows: Rows,
    whole: () => Promise<void> | undefined,
    end: () => number,
  ) {
    this.#types = options.types && new Set(options.types);
    this.ready = options.ready;
    this.#position = options.after;
    this.#channel = channel;
    this.#rows = rows;
    this.#whole = whole;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  async read(max: number): Promise<Event[]> {
    if (this.#closed || max <= 0) return [];
    while (this.#position < this.#end()) {
      const behind = this.#position < this.#channel.floor;
      if (behind) await this.#whole();
      if (this.#closed) return [];
      const found = behind ? this.#fromDisk(max) : this.#fromMemory(max);
      if (found.length > 0) return found;
      // A page without anything of interest: the loop goes on elsewhere before the next one.
      if (this.#position < this.#end()) await new Promise(setImmediate);
    }
    return [];
  }

  wants(news: ReadonlySet<EventType>): boolean {
    if (this.#types === undefined) return true;
    for (const type of this.#types) if (news.has(type)) return true;
    return false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose();
  }

  #fromMemory(max: number): Event[] {
    const { events } = this.#channel;
    const found: Event[] = [];
    for (let index = this.#channel.after(this.#position); index < events.length; index++) {
      const event = events[index]!;
      if (this.#types !== undefined && !this.#types.has(event.type)) continue;
      found.push(event);
      if (found.length === max) {
        this.#position = event.seq;
        return found;
      }
    }
    this.#position = this.#end();
    return found;
  }

  #fromDisk(max: number): Event[] {
    const { events, seq, end } = this.#rows.page(this.#channel.session, this.#types, this.#position, max);
    this.#position = end ? this.#end() : seq;
    return events;
  }
}
