import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallParams, StreamItem } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { SessionView } from '#shared/domain/session.ts';
import type { Client } from '#shared/wire/client.ts';
import type { Frames } from './frames.ts';
import { addPage, type Loaded, missing, nothingLoaded, prune, take } from './loaded.ts';
import { nodeIn, type Page } from './spine.ts';

export interface OpenSession extends Loaded {
  /** Why it cannot be followed. */
  problem: ProblemBody | null;
}

interface Entry {
  shown: number;
  cursor: string | undefined;
  inbox: StreamItem<'session.follow'>[];
  follow: { close(): void } | undefined;
  cancelEviction: (() => void) | undefined;
  /** Pages under way, by the branch and the place where each begins. */
  asked: Set<string>;
}

/** How long a session that is off screen stays in memory. */
export const EVICT_MS = 5 * 60_000;
const PAGE = 50;
/** A page that could not be had is asked for again, by whoever still wants it, after this time. */
const AGAIN_MS = 2000;

type PathParams = Omit<CallParams<'sessions.path'>, 'session'>;

export interface OpenDependencies {
  client: Client;
  frames: Frames;
  after(ms: number, run: () => void): () => void;
  /** Called after each frame in which a session changed. */
  changed(view: SessionView): void;
}

/** The sessions on screen, each followed and folded; one that leaves the screen is kept a while, then let go. */
export class OpenSessions {
  readonly store: StoreApi<Readonly<Record<string, OpenSession>>> = createStore(() => ({}));
  readonly #deps: OpenDependencies;
  readonly #entries = new Map<string, Entry>();

  constructor(deps: OpenDependencies) {
    this.#deps = deps;
  }

  /** The session is on screen until the returned function is called. */
  show(session: string): () => void {
    const entry = this.#entry(session);
    entry.shown++;
    entry.cancelEviction?.();
    entry.cancelEviction = undefined;
    entry.follow ??= this.#follow(session, entry);
    return () => {
      if (--entry.shown > 0) return;
      entry.follow?.close();
      entry.follow = undefined;
      // What is not followed is not measured.
      this.#change(session, (open) => ({ ...open, figures: {} }));
      entry.cancelEviction = this.#deps.after(EVICT_MS, () => this.#evict(session));
    };
  }

  /** Follows it anew after the follow was refused. */
  again(session: string): void {
    const entry = this.#entries.get(session);
    if (entry === undefined || entry.shown === 0) return;
    entry.follow?.close();
    this.#change(session, (open) => ({ ...open, problem: null }));
    entry.follow = this.#follow(session, entry);
  }

  /** The reader is at these places of the branch on screen: what is not here of them is fetched. */
  look(session: string, place: { from: number; to: number } | null): void {
    const open = this.store.getState()[session];
    if (open === undefined) return;
    if (open.place?.from !== place?.from || open.place?.to !== place?.to)
      this.#change(session, (now) => ({ ...now, ...prune({ ...now, place }) }));
    const { head, length } = open.spine;
    if (!open.ready || head === null) return;
    if (length === null || nodeIn(open.view, head) === undefined)
      void this.#page(session, head, 'end', { to: head, limit: PAGE });
    if (length === null || place === null) return;
    const gap = missing(open, place.from, place.to);
    if (gap === undefined) return;
    // Whole pages, so that the ways of two looks meet.
    for (let from = gap.from - (gap.from % PAGE); from <= gap.to; from += PAGE)
      void this.#page(session, head, from, { to: head, from, limit: PAGE });
  }

  /**
   * Brings a node here, with what stands around it. Resolves with the end of the branch on which it stands, which may not
   * be the one on screen; null when the session has no such node. Rejects with a Problem.
   */
  async find(session: string, node: string): Promise<string | null> {
    try {
      const page = await this.#deps.client.call('sessions.path', { session, around: node, limit: PAGE });
      // The reader is led there: it stays here until that has happened.
      const place = { from: page.from, to: page.from + page.nodes.length };
      this.#change(session, (open) => ({ ...open, ...addPage({ ...open, place }, page) }));
      return page.head;
    } catch (error) {
      const problem = Problem.of(error);
      if (problem.code === 'NOT_FOUND') return null;
      throw problem;
    }
  }

  async #page(session: string, head: string, from: number | 'end', params: PathParams): Promise<void> {
    const entry = this.#entries.get(session);
    const key = `${head} ${from}`;
    if (entry === undefined || entry.asked.has(key)) return;
    entry.asked.add(key);
    try {
      this.#add(session, await this.#deps.client.call('sessions.path', { session, ...params }));
      entry.asked.delete(key);
    } catch {
      // The connection says what is wrong with it; what is still looked at is asked for again.
      this.#deps.after(AGAIN_MS, () => {
        entry.asked.delete(key);
        this.look(session, this.store.getState()[session]?.place ?? null);
      });
    }
  }

  #add(session: string, page: Page): void {
    this.#change(session, (open) => ({ ...open, ...addPage(open, page) }));
  }

  #entry(session: string): Entry {
    let entry = this.#entries.get(session);
    if (entry === undefined) {
      entry = {
        shown: 0,
        cursor: undefined,
        inbox: [],
        follow: undefined,
        cancelEviction: undefined,
        asked: new Set(),
      };
      this.#entries.set(session, entry);
      this.store.setState({ [session]: { ...nothingLoaded(session), problem: null } });
    }
    return entry;
  }

  #follow(session: string, entry: Entry): { close(): void } {
    return this.#deps.client.follow(
      'session.follow',
      () => (entry.cursor === undefined ? { session } : { session, cursor: entry.cursor }),
      (items) => {
        entry.cursor = items.at(-1)?.cursor ?? entry.cursor;
        entry.inbox.push(...items);
        this.#deps.frames.request(this.#apply);
      },
      { onProblem: (problem) => this.#change(session, (open) => ({ ...open, problem: problem.toBody() })) },
    );
  }

  /** All sessions that heard something since the last frame, as one snapshot. */
  readonly #apply = () => {
    const next: Record<string, OpenSession> = {};
    for (const [session, entry] of this.#entries) {
      const open = this.store.getState()[session];
      if (entry.inbox.length === 0 || open === undefined) continue;
      next[session] = { ...open, ...take(open, entry.inbox), problem: null };
      entry.inbox = [];
    }
    this.store.setState(next);
    for (const open of Object.values(next)) this.#deps.changed(open.view);
  };

  #change(session: string, change: (open: OpenSession) => OpenSession): void {
    const open = this.store.getState()[session];
    if (open !== undefined) this.store.setState({ [session]: change(open) });
  }

  #evict(session: string): void {
    this.#entries.delete(session);
    const { [session]: _, ...rest } = this.store.getState();
    this.store.setState(rest, true);
  }
}
