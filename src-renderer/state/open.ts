import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { SessionView } from '#shared/domain/session.ts';
import type { Client } from '#shared/wire/client.ts';
import type { Frames } from './frames.ts';
import { addOlder, type Loaded, nothingLoaded, oldestSeq, take } from './loaded.ts';

export interface OpenSession extends Loaded {
  loadingOlder: boolean;
  /** Why it cannot be followed. */
  problem: ProblemBody | null;
}

interface Entry {
  shown: number;
  cursor: string | undefined;
  inbox: StreamItem<'session.follow'>[];
  follow: { close(): void } | undefined;
  cancelEviction: (() => void) | undefined;
}

/** How long a session that is off screen stays in memory. */
export const EVICT_MS = 5 * 60_000;
const PAGE = 100;

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

  async loadOlder(session: string): Promise<void> {
    const loaded = this.store.getState()[session];
    if (loaded === undefined || !loaded.more || loaded.loadingOlder) return;
    this.#change(session, (open) => ({ ...open, loadingOlder: true }));
    try {
      const page = await this.#deps.client.call('sessions.older', { session, before: oldestSeq(loaded), limit: PAGE });
      this.#change(session, (open) => ({ ...open, ...addOlder(open, page), loadingOlder: false }));
    } catch (error) {
      const problem = Problem.of(error).toBody();
      this.#change(session, (open) => ({ ...open, loadingOlder: false, problem }));
    }
  }

  #entry(session: string): Entry {
    let entry = this.#entries.get(session);
    if (entry === undefined) {
      entry = { shown: 0, cursor: undefined, inbox: [], follow: undefined, cancelEviction: undefined };
      this.#entries.set(session, entry);
      this.store.setState({ [session]: { ...nothingLoaded(session), loadingOlder: false, problem: null } });
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
