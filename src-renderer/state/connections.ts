import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamItem } from '#shared/contract/contract.ts';
import type { ProblemBody } from '#shared/domain/problem.ts';
import type { Client } from '#shared/wire/client.ts';

interface Told {
  /** As it was told last; null until it was. */
  connected: StreamItem<'connections.follow'> | null;
  /** Why it cannot be followed. */
  problem: ProblemBody | null;
}

/** Who is connected, followed while that is on screen: the engines look only while somebody does. */
export class FollowedConnections {
  readonly store: StoreApi<Told> = createStore<Told>(() => ({ connected: null, problem: null }));
  readonly #client: Client;
  #shown = 0;
  #follow: { close(): void } | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** It is on screen until the returned function is called. What it was then is not shown as what it is later. */
  show(): () => void {
    this.#shown++;
    this.#follow ??= this.#begin();
    return () => {
      if (--this.#shown > 0) return;
      this.#letGo();
      this.store.setState({ connected: null, problem: null });
    };
  }

  /** Follows them anew after the follow was refused. */
  again(): void {
    if (this.#shown === 0) return;
    this.#letGo();
    this.store.setState({ problem: null });
    this.#follow = this.#begin();
  }

  #letGo(): void {
    this.#follow?.close();
    this.#follow = undefined;
  }

  #begin(): { close(): void } {
    return this.#client.follow(
      'connections.follow',
      () => ({}),
      (items) => this.store.setState({ connected: items.at(-1) ?? null, problem: null }),
      { onProblem: (problem) => this.store.setState({ problem: problem.toBody() }) },
    );
  }
}
