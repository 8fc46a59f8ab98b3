import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallParams, CallResult, StreamItem } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import type { Client } from '#shared/wire/client.ts';
import type { Frames } from './frames.ts';

export interface SessionList {
  /** Newest first. */
  rows: readonly SessionSummary[];
  more: boolean;
  /** The first answer has come. */
  ready: boolean;
  loading: boolean;
  problem: ProblemBody | null;
}

/** What of the sessions is listed; `all` is everything that is neither archived nor in the trash. */
export type Shelf = { kind: 'all' | 'archived' | 'trash' } | { kind: 'folder' | 'tag'; name: string };

export type Groups = CallResult<'sessions.groups'>;

const PAGE = 100;
/** All pinned ones are there at once. */
const MOST_PINNED = 500;
const all: Shelf = { kind: 'all' };

const nothing: SessionList = { rows: [], more: false, ready: false, loading: false, problem: null };

/** The list of sessions: followed live, older pages on demand; beside it, one shelf of it that is looked at. */
export class Sessions {
  /** Everything that is neither archived nor in the trash. */
  readonly store: StoreApi<SessionList> = createStore(() => nothing);
  /** Those of it that are pinned, however old they are. */
  readonly pinned: StoreApi<{ rows: readonly SessionSummary[] }> = createStore(() => ({ rows: [] }));
  /** What the list shows; its rows are in `store` when it is `all`. */
  readonly shelf: StoreApi<{ shelf: Shelf; list: SessionList }> = createStore(() => ({ shelf: all, list: nothing }));
  /** Folders and tags that are in use, when they were last asked for. */
  readonly groups: StoreApi<{ groups: Groups | null }> = createStore(() => ({ groups: null }));
  readonly #client: Client;

  constructor(client: Client, frames: Frames) {
    this.#client = client;
    let inbox: StreamItem<'sessions.follow'>[] = [];
    const apply = () => {
      const items = inbox;
      inbox = [];
      this.store.setState((list) => ({ ...items.reduce((next, item) => takeItem(next, item), list), problem: null }));
      this.pinned.setState(({ rows }) => ({ rows: items.reduce(takePinned, rows) }));
      this.shelf.setState(({ shelf, list }) => ({ shelf, list: items.reduce(takerOf(shelf), list) }));
      if (!items.some(({ kind }) => kind === 'list')) return;
      void this.#loadPinned();
      if (this.shelf.getState().shelf.kind !== 'all') void this.#loadShelf();
    };
    client.follow(
      'sessions.follow',
      () => ({}),
      (items) => {
        inbox.push(...items);
        frames.request(apply);
      },
      { onProblem: (problem) => this.store.setState({ problem: problem.toBody() }) },
    );
  }

  /** Shows this shelf. */
  show(shelf: Shelf): void {
    if (sameShelf(shelf, this.shelf.getState().shelf)) return;
    this.shelf.setState({ shelf, list: nothing });
    if (shelf.kind !== 'all') void this.#loadShelf();
  }

  /** What the list shows, in its order. */
  listed(): readonly SessionSummary[] {
    const { shelf, list } = this.shelf.getState();
    if (shelf.kind !== 'all') return list.rows;
    const { rows } = this.pinned.getState();
    return [...rows, ...this.store.getState().rows.filter(({ arrangement }) => !arrangement.pinned)];
  }

  /** One that is here, wherever it is kept. */
  known(session: string): SessionSummary | undefined {
    const places = [this.store.getState(), this.pinned.getState(), this.shelf.getState().list];
    for (const { rows } of places) {
      const found = rows.find(({ id }) => id === session);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The next page of what the list shows. */
  async loadMore(): Promise<void> {
    const { shelf } = this.shelf.getState();
    if (shelf.kind !== 'all') return this.#loadShelf();
    const set = (change: (list: SessionList) => SessionList) => this.store.setState(change);
    await this.#page(shelf, this.store.getState(), set);
  }

  async loadGroups(): Promise<Groups> {
    const groups = await this.#client.call('sessions.groups', {});
    this.groups.setState({ groups });
    return groups;
  }

  async #loadShelf(): Promise<void> {
    const { shelf, list } = this.shelf.getState();
    await this.#page(shelf, list, (change) =>
      this.shelf.setState((now) => (now.shelf === shelf ? { shelf, list: change(now.list) } : now)),
    );
  }

  async #page(shelf: Shelf, list: SessionList, set: (change: (list: SessionList) => SessionList) => void) {
    const last = list.rows.at(-1);
    if (list.loading || (list.ready && !list.more)) return;
    set((now) => ({ ...now, loading: true }));
    try {
      const before = last === undefined ? {} : { before: { updatedAt: last.updatedAt, id: last.id } };
      const page = await this.#client.call('sessions.list', { filter: filterOf(shelf), ...before, limit: PAGE });
      set((now) => ({ ...now, rows: merge(now.rows, page.sessions), more: page.more, ready: true, problem: null }));
    } catch (error) {
      set((now) => ({ ...now, problem: Problem.of(error).toBody() }));
    } finally {
      set((now) => ({ ...now, loading: false }));
    }
  }

  /** What goes wrong with it is wrong with the connection, after which it is asked again. */
  async #loadPinned(): Promise<void> {
    const page = await this.#client
      .call('sessions.list', { filter: { pinned: true }, limit: MOST_PINNED })
      .catch(() => undefined);
    if (page !== undefined) this.pinned.setState({ rows: page.sessions });
  }
}

const sameShelf = (a: Shelf, b: Shelf): boolean =>
  a.kind === b.kind && ('name' in a ? a.name : '') === ('name' in b ? b.name : '');

export function filterOf(shelf: Shelf): CallParams<'sessions.list'>['filter'] & {} {
  if (shelf.kind === 'archived') return { archived: true };
  if (shelf.kind === 'trash') return { trashed: true };
  if (shelf.kind === 'folder') return { folder: shelf.name };
  return shelf.kind === 'tag' ? { tag: shelf.name } : {};
}

/** Whether a session stands on this shelf. */
export function standsOn(shelf: Shelf, { arrangement }: SessionSummary): boolean {
  const { trashed, archived, folder, tags } = arrangement;
  if (shelf.kind === 'trash') return trashed;
  if (trashed || archived !== (shelf.kind === 'archived')) return false;
  if (shelf.kind === 'folder') return folder === shelf.name;
  return shelf.kind === 'tag' ? tags.includes(shelf.name) : true;
}

export function takeItem(list: SessionList, item: StreamItem<'sessions.follow'>, shelf: Shelf = all): SessionList {
  if (item.kind === 'gone') return without(list, item.session);
  if (item.kind === 'changed') {
    const { session } = item;
    if (!standsOn(shelf, session)) return without(list, session.id);
    const last = list.rows.at(-1);
    // It comes with its page: what stands between would be passed over.
    if (list.more && last !== undefined && newestFirst(last, session) < 0) return without(list, session.id);
    return { ...list, rows: merge(list.rows, [session]) };
  }
  const oldest = item.sessions.at(-1);
  // Older pages that were loaded before stay; what the new list covers is the new list's.
  const below = item.more && oldest !== undefined ? list.rows.filter((row) => newestFirst(oldest, row) < 0) : [];
  const more = below.length > 0 ? list.more : item.more;
  return { ...list, rows: merge(below, item.sessions), more, ready: true };
}

/** A shelf that is not followed as a whole hears of single sessions only. */
const takerOf =
  (shelf: Shelf) =>
  (list: SessionList, item: StreamItem<'sessions.follow'>): SessionList => {
    if (!list.ready) return list;
    return item.kind === 'list' ? { ...list, rows: [], more: true } : takeItem(list, item, shelf);
  };

function takePinned(rows: readonly SessionSummary[], item: StreamItem<'sessions.follow'>): readonly SessionSummary[] {
  if (item.kind === 'list') return rows;
  const id = item.kind === 'gone' ? item.session : item.session.id;
  const others = rows.filter((row) => row.id !== id);
  if (item.kind === 'gone' || !item.session.arrangement.pinned || !standsOn(all, item.session))
    return others.length === rows.length ? rows : others;
  return [...others, item.session].sort(newestFirst);
}

function without(list: SessionList, session: string): SessionList {
  const rows = list.rows.filter((row) => row.id !== session);
  return rows.length === list.rows.length ? list : { ...list, rows };
}

const newestFirst = (a: SessionSummary, b: SessionSummary) =>
  b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

function merge(rows: readonly SessionSummary[], newer: readonly SessionSummary[]): SessionSummary[] {
  const ids = new Set(newer.map((row) => row.id));
  return [...rows.filter((row) => !ids.has(row.id)), ...newer].sort(newestFirst);
}
