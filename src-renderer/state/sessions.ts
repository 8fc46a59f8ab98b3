import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamItem } from '#shared/contract/contract.ts';
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

const PAGE = 100;

/** The list of sessions: followed live, older pages on demand. */
export class Sessions {
  readonly store: StoreApi<SessionList> = createStore(() => ({
    rows: [],
    more: false,
    ready: false,
    loading: false,
    problem: null,
  }));
  readonly #client: Client;

  constructor(client: Client, frames: Frames) {
    this.#client = client;
    let inbox: StreamItem<'sessions.follow'>[] = [];
    const apply = () => {
      const items = inbox;
      inbox = [];
      this.store.setState((list) => ({ ...items.reduce(takeItem, list), problem: null }));
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

  async loadMore(): Promise<void> {
    const { rows, more, loading } = this.store.getState();
    const last = rows.at(-1);
    if (!more || loading || last === undefined) return;
    this.store.setState({ loading: true });
    try {
      const before = { updatedAt: last.updatedAt, id: last.id };
      const page = await this.#client.call('sessions.list', { before, limit: PAGE });
      this.store.setState((list) => ({ rows: merge(list.rows, page.sessions), more: page.more, problem: null }));
    } catch (error) {
      this.store.setState({ problem: Problem.of(error).toBody() });
    } finally {
      this.store.setState({ loading: false });
    }
  }
}

export function takeItem(list: SessionList, item: StreamItem<'sessions.follow'>): SessionList {
  if (item.kind === 'changed') return { ...list, rows: merge(list.rows, [item.session]) };
  if (item.kind === 'gone') return { ...list, rows: list.rows.filter((row) => row.id !== item.session) };
  const oldest = item.sessions.at(-1);
  // Older pages that were loaded before stay; what the new list covers is the new list's.
  const below = item.more && oldest !== undefined ? list.rows.filter((row) => newestFirst(oldest, row) < 0) : [];
  const more = below.length > 0 ? list.more : item.more;
  return { ...list, rows: merge(below, item.sessions), more, ready: true };
}

const newestFirst = (a: SessionSummary, b: SessionSummary) =>
  b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

function merge(rows: readonly SessionSummary[], newer: readonly SessionSummary[]): SessionSummary[] {
  const ids = new Set(newer.map((row) => row.id));
  return [...rows.filter((row) => !ids.has(row.id)), ...newer].sort(newestFirst);
}
