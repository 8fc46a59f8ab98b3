import { createStore, type StoreApi } from 'zustand/vanilla';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { TimelineEvent } from '#shared/domain/timeline.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Client } from '#shared/wire/client.ts';
import type { Frames } from '../frames.ts';
import { Timeline } from './model.ts';

export interface FollowedTimeline {
  /** Grows in place; `version` says when. Another one when all is told from the beginning. */
  timeline: Timeline;
  version: number;
  title: string;
  /** Events that were there when it began, about; null until that is known. */
  total: number | null;
  /** All that was there is here. */
  ready: boolean;
  /** The server's clock ahead of this computer's, as far as events have told. */
  skew: number;
  problem: ProblemBody | null;
}

interface Portion {
  events: readonly TimelineEvent[];
  taken: number;
}

interface Entry {
  shown: number;
  cursor: string | undefined;
  /** A title comes with the beginning, and the events behind it. */
  inbox: Portion[];
  /** Something came since the last frame. */
  heard: boolean;
  /** Called when little is left of the inbox. */
  emptied: (() => void)[];
  follow: { close(): void } | undefined;
  cancelSettling: (() => void) | undefined;
  cancelEviction: (() => void) | undefined;
}

export interface TimelineDependencies {
  client: Client;
  frames: Frames;
  clock: Clock;
}

/** So long a frame may take in events, and so many between two looks at the clock. */
const FRAME_MS = 5;
const SLICE = 200;
/** Events that may wait for the next frame before the server is held back. */
const READY = 4_000;
/** How long a timeline that is off screen stays in memory. */
export const EVICT_MS = 60_000;
/** The total is told about: when nothing more comes for so long, all of it is here. */
export const SETTLED_MS = 500;

const waiting = ({ inbox }: Entry): number => inbox.reduce((sum, { events, taken }) => sum + events.length - taken, 0);

const nothing = (): FollowedTimeline => ({
  timeline: new Timeline(),
  version: 0,
  title: '',
  total: null,
  ready: false,
  skew: 0,
  problem: null,
});

/** The timelines on screen, each followed and folded, a few milliseconds in each frame. */
export class FollowedTimelines {
  readonly store: StoreApi<Readonly<Record<string, FollowedTimeline>>> = createStore(() => ({}));
  readonly #deps: TimelineDependencies;
  readonly #entries = new Map<string, Entry>();

  constructor(deps: TimelineDependencies) {
    this.#deps = deps;
  }

  /** The timeline is on screen until the returned function is called. */
  show(session: string): () => void {
    let entry = this.#entries.get(session);
    if (entry === undefined) {
      entry = {
        shown: 0,
        cursor: undefined,
        inbox: [],
        heard: false,
        emptied: [],
        follow: undefined,
        cancelSettling: undefined,
        cancelEviction: undefined,
      };
      this.#entries.set(session, entry);
      this.store.setState({ [session]: nothing() });
    }
    const shown = entry;
    shown.shown++;
    shown.cancelEviction?.();
    shown.follow ??= this.#follow(session, shown);
    return () => {
      if (--shown.shown > 0) return;
      shown.follow?.close();
      shown.follow = undefined;
      shown.cancelEviction = this.#deps.clock.after(EVICT_MS, () => {
        this.#entries.delete(session);
        const { [session]: _, ...rest } = this.store.getState();
        this.store.setState(rest, true);
      });
    };
  }

  /** Follows it anew after the follow was refused. */
  again(session: string): void {
    const entry = this.#entries.get(session);
    if (entry === undefined || entry.shown === 0) return;
    entry.follow?.close();
    this.#change(session, { problem: null });
    entry.follow = this.#follow(session, entry);
  }

  #follow(session: string, entry: Entry): { close(): void } {
    return this.#deps.client.follow(
      'timeline.follow',
      () => (entry.cursor === undefined ? { session } : { session, cursor: entry.cursor }),
      async (items) => {
        for (const item of items) {
          entry.cursor = item.cursor;
          if (item.kind === 'events') entry.inbox.push({ events: item.events, taken: 0 });
          else if (item.recovered) this.#change(session, { total: item.total, title: item.title, problem: null });
          else {
            entry.inbox = [];
            this.#change(session, { ...nothing(), total: item.total, title: item.title });
          }
        }
        entry.heard = true;
        this.#deps.frames.request(this.#apply);
        // A frame's worth may lie ready; more is held back.
        if (waiting(entry) > READY) await new Promise<void>((resolve) => entry.emptied.push(resolve));
      },
      { onProblem: (problem) => this.#change(session, { problem: Problem.of(problem).toBody() }) },
    );
  }

  readonly #apply = () => {
    const { clock, frames } = this.#deps;
    const until = clock.monotonic() + FRAME_MS;
    let left = false;
    for (const [session, entry] of this.#entries) {
      if (!entry.heard) continue;
      this.#take(session, entry, until);
      if (waiting(entry) <= READY) for (const resolve of entry.emptied.splice(0)) resolve();
      if (entry.inbox.length > 0) left = true;
      else this.#emptied(session, entry);
    }
    if (left) frames.request(this.#apply);
  };

  #emptied(session: string, entry: Entry): void {
    entry.heard = false;
    entry.cancelSettling?.();
    const { total, ready } = this.store.getState()[session]!;
    if (total === null || ready) return;
    entry.cancelSettling = this.#deps.clock.after(SETTLED_MS, () => {
      if (entry.follow !== undefined && entry.inbox.length === 0) this.#change(session, { ready: true });
    });
  }

  #take(session: string, { inbox }: Entry, until: number): void {
    const { clock } = this.#deps;
    const followed = this.store.getState()[session];
    if (followed === undefined) return;
    const { timeline, total, ready } = followed;
    const before = timeline.events.length;
    while (inbox.length > 0 && (timeline.events.length === before || clock.monotonic() < until)) {
      const portion = inbox[0]!;
      const end = Math.min(portion.events.length, portion.taken + SLICE);
      timeline.take(portion.events, portion.taken, end);
      portion.taken = end;
      if (end === portion.events.length) inbox.shift();
    }
    const newest = timeline.events.at(-1);
    const live = ready && timeline.events.length > before && newest !== undefined;
    const skew = live ? newest.at - clock.now() : 0;
    this.#change(session, {
      version: timeline.version,
      ready: ready || (total !== null && inbox.length === 0 && timeline.events.length >= total),
      // It was at least this much ahead when the event was made.
      ...(live && { skew: followed.skew === 0 ? skew : Math.max(skew, followed.skew) }),
    });
  }

  #change(session: string, change: Partial<FollowedTimeline>): void {
    const followed = this.store.getState()[session];
    if (followed !== undefined) this.store.setState({ [session]: { ...followed, ...change } });
  }
}
