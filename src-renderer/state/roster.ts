import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProblemBody } from '#shared/domain/problem.ts';
import type { Roster } from '#shared/domain/summary.ts';
import type { Client } from '#shared/wire/client.ts';
import type { Visibility } from './browser.ts';

/** How long a window is hidden before it lets go. */
export const LET_GO_MS = 30_000;

interface FollowRosterOptions {
  client: Client;
  visibility: Visibility;
  after(ms: number, run: () => void): () => void;
}

/**
 * Specialists, providers and models, followed while somebody may look: the engines ask AI services on this computer how
 * they are only while somebody follows. What is shown stays. Whoever comes back sees what was started meanwhile.
 */
export class FollowedRoster {
  readonly store: StoreApi<{ roster: Roster | null; problem: ProblemBody | null }> = createStore(() => ({
    roster: null as Roster | null,
    problem: null as ProblemBody | null,
  }));
  readonly #client: Client;
  #follow: { close(): void } | undefined;
  #cancel: (() => void) | undefined;

  constructor({ client, visibility, after }: FollowRosterOptions) {
    this.#client = client;
    this.#follow = this.#begin();
    visibility.onChange(() => {
      this.#cancel?.();
      this.#cancel = undefined;
      if (visibility.visible()) this.#comeBack();
      else this.#cancel = after(LET_GO_MS, () => this.#letGo());
    });
  }

  /** Follows it anew after the follow was refused. */
  again(): void {
    this.#letGo();
    this.#follow = this.#begin();
  }

  #comeBack(): void {
    this.#follow ??= this.#begin();
    // Whether anything was found is told by the roster.
    this.#client.call('providers.look', {}).catch(() => {});
  }

  #letGo(): void {
    this.#follow?.close();
    this.#follow = undefined;
  }

  #begin(): { close(): void } {
    return this.#client.follow(
      'roster.follow',
      () => ({}),
      (items) => this.store.setState({ roster: items.at(-1) ?? null, problem: null }),
      { onProblem: (problem) => this.store.setState({ problem: problem.toBody() }) },
    );
  }
}
