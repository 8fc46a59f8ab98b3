import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Target } from '#shared/domain/things.ts';
import type { KeyValue } from './storage.ts';

/** What stands in the composer of a session, and whom it is for, if that was chosen. */
const Draft = z.object({ text: z.string(), to: Target.optional() });
export type Draft = z.infer<typeof Draft>;

const PREFIX = 'choragus.draft.';
const EMPTY: Draft = { text: '' };

/** Drafts per session; they outlive a reload of this client and are nobody else's. */
export class Drafts {
  readonly store: StoreApi<Readonly<Record<string, Draft>>>;
  readonly #storage: KeyValue;

  constructor(storage: KeyValue) {
    this.#storage = storage;
    const found: Record<string, Draft> = {};
    for (const key of storage.keys(PREFIX)) {
      const draft = parse(storage.get(key));
      if (draft !== undefined) found[key.slice(PREFIX.length)] = draft;
    }
    this.store = createStore(() => found);
  }

  get(session: string): Draft {
    return this.store.getState()[session] ?? EMPTY;
  }

  write(session: string, change: Partial<Draft>): void {
    const draft = { ...this.get(session), ...change };
    if (draft.text === '' && draft.to === undefined) {
      this.clear(session);
      return;
    }
    this.#storage.set(PREFIX + session, JSON.stringify(draft));
    this.store.setState({ [session]: draft });
  }

  clear(session: string): void {
    this.#storage.remove(PREFIX + session);
    const { [session]: _, ...rest } = this.store.getState();
    this.store.setState(rest, true);
  }
}

export const draftOf = (drafts: Readonly<Record<string, Draft>>, session: string): Draft => drafts[session] ?? EMPTY;

function parse(json: string | null): Draft | undefined {
  try {
    return Draft.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
