import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/wire/client.ts';

export interface Notice {
  message: string;
  next?: string | undefined;
}

/** What somebody should know since this window is connected: those of the start are told with the connection. */
export class FollowedNotices {
  readonly store: StoreApi<readonly Notice[]> = createStore<readonly Notice[]>(() => []);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Until the returned function is called. */
  show(): () => void {
    const follow = this.#client.follow(
      'topics.follow',
      () => {
        // All that still counts is told anew.
        this.store.setState([], true);
        return { topics: ['system.notice'] };
      },
      (items) => {
        const news = items.flatMap(({ topic, data }) => (topic === 'system.notice' ? [data as unknown as Notice] : []));
        const before = this.store.getState().filter(({ message }) => !news.some((each) => each.message === message));
        this.store.setState([...before, ...news], true);
      },
    );
    return () => follow.close();
  }
}
