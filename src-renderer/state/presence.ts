import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Presence } from '#shared/domain/connections.ts';
import type { Client } from '#shared/wire/client.ts';

interface Followed {
  shown: number;
  follow: { close(): void };
}

/** Who else has the sessions open that are on screen; of the others nothing is asked and nothing kept. */
export class FollowedPresence {
  /** By session. */
  readonly store: StoreApi<Readonly<Record<string, readonly Presence[]>>> = createStore(() => ({}));
  readonly #client: Client;
  readonly #followed = new Map<string, Followed>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The session is on screen until the returned function is called. */
  show(session: string): () => void {
    const followed = this.#followed.get(session) ?? { shown: 0, follow: this.#begin(session) };
    this.#followed.set(session, followed);
    followed.shown++;
    return () => {
      if (--followed.shown > 0) return;
      followed.follow.close();
      this.#followed.delete(session);
      const { [session]: _, ...rest } = this.store.getState();
      this.store.setState(rest, true);
    };
  }

  /** Where it cannot be followed nobody is shown: the conversation itself says what is wrong. */
  #begin(session: string): { close(): void } {
    return this.#client.follow(
      'session.presence',
      () => ({ session }),
      (items) => this.store.setState({ [session]: items.at(-1)?.here.filter(({ you }) => !you) ?? [] }),
    );
  }
}
