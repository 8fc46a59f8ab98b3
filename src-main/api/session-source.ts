import type { StreamItem } from '#shared/contract/contract.ts';
import type { Event } from '#shared/domain/events.ts';
import { joinParts } from '#shared/domain/parts.ts';
import { type Node, path, type SessionView } from '#shared/domain/session.ts';
import { fits } from '#shared/wire/frame.ts';
import type { Source } from '#shared/wire/source.ts';
import { Written } from '#shared/wire/written.ts';
import type { Follower, Log } from '../log/log.ts';
import { takeAnswer, textOf } from './answer.ts';
import { sequenceOf } from './cursor.ts';
import { noSession } from './there.ts';

type Item = StreamItem<'session.follow'>;

/** Nodes in a snapshot, at most. */
const SNAPSHOT_NODES = 200;
/** Events read at once; what does not fit into an answer waits here, so this is the bound of what is held. */
const PAGE = 256;

const nothing = Promise.resolve<Item[]>([]);

/** One session from a cursor on: a snapshot where there is no other way, then its events. */
export class SessionSource implements Source<Item> {
  readonly #log: Log;
  readonly #session: string;
  readonly #asked: string | undefined;
  #follower: Follower | undefined;
  #rest: Event[] = [];
  /** It has what others get now, too. */
  #live = false;
  #ready: () => void = () => {};
  #closed = false;

  constructor(log: Log, session: string, cursor: string | undefined) {
    this.#log = log;
    this.#session = session;
    this.#asked = cursor;
    const after = this.#servable(cursor);
    if (after !== undefined) this.#follow(after);
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  pull(max: number): Promise<Item[] | null> {
    const follower = this.#follower;
    if (this.#closed) return Promise.resolve(null);
    if (follower === undefined) return this.#begin();
    if (this.#rest.length > 0) return Promise.resolve(this.#take(max));
    // Asked again after each answer: mostly there is nothing more.
    return follower.position === this.#log.position ? nothing : this.#read(follower, max);
  }

  close(): void {
    this.#closed = true;
    this.#follower?.close();
    this.#rest = [];
  }

  async #begin(): Promise<Item[]> {
    return [await this.#snapshot()];
  }

  async #read(follower: Follower, max: number): Promise<Item[]> {
    while (this.#rest.length === 0) {
      const events = await follower.read(PAGE);
      if (events.length === 0) return [];
      this.#rest = joinParts(events.filter(({ type }) => type !== 'turn.timed'));
      this.#live = follower.position === this.#log.position;
    }
    return this.#take(max);
  }

  #take(max: number): Item[] {
    const { epoch } = this.#log;
    const itemOf = this.#live ? sharedItem : ownItem;
    return takeAnswer(this.#rest, max, textOf).map((event) => itemOf(event, epoch));
  }

  async #snapshot(): Promise<Item> {
    const taken = await this.#log.snapshot(this.#session, SNAPSHOT_NODES);
    if (taken === null) throw noSession(this.#session);
    const { seq } = taken;
    let { view, more } = taken;
    for (let half = newerHalf(view); half !== undefined && !fits(view); half = newerHalf(view)) {
      view = half;
      more = true;
    }
    if (!this.#closed) this.#follow(seq);
    const cursor = `${this.#log.epoch}:${seq}`;
    return { kind: 'snapshot', cursor, recovered: this.#asked === undefined, more, view };
  }

  #follow(after: number): void {
    const ready = () => this.#ready();
    this.#follower = this.#log.follow({ session: this.#session, after, ready });
  }

  /** The sequence to go on after; undefined where only a snapshot helps. */
  #servable(cursor: string | undefined): number | undefined {
    if (cursor === undefined) return undefined;
    const after = sequenceOf(this.#log, cursor);
    return after !== undefined && after >= this.#log.floor(this.#session) ? after : undefined;
  }
}

/** For all followers of an event. */
class SharedItem extends Written {
  readonly kind = 'event';
  readonly cursor: string;
  readonly event: Event;

  constructor(event: Event, epoch: string) {
    super();
    this.cursor = `${epoch}:${event.seq}`;
    this.event = event;
  }
}

const ownItem = (event: Event, epoch: string): Item => ({ kind: 'event', cursor: `${epoch}:${event.seq}`, event });

/** By events that the log holds in memory: followers who keep up get the same ones. */
const shared = new WeakMap<Event, Item>();

/** One object for all followers of an event, so that it is written as JSON once. */
function sharedItem(event: Event, epoch: string): Item {
  let item = shared.get(event);
  if (item === undefined) {
    item = new SharedItem(event, epoch);
    shared.set(event, item);
  }
  return item;
}

/** What is shown comes first, the newest of it; then other tries. Undefined when there is nothing to leave out. */
function newerHalf(view: SessionView): SessionView | undefined {
  const shown = new Set(path(view).map(({ id }) => id));
  const rank = ({ id, seq }: Node) => (shown.has(id) ? Number.MAX_SAFE_INTEGER / 2 : 0) + seq;
  const nodes = Object.values(view.nodes).sort((a, b) => rank(b) - rank(a));
  if (nodes.length < 2) return undefined;
  const kept = nodes.slice(0, Math.ceil(nodes.length / 2));
  return { ...view, nodes: Object.fromEntries(kept.map((node) => [node.id, node])) };
}
