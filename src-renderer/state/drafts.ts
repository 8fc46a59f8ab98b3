import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Target } from '#shared/domain/things.ts';
import type { KeyValue } from './storage.ts';
import type { ThisWindow } from './this-window.ts';

/** What stands in the composer of a session, and whom it is for, if that was chosen. */
const Draft = z.object({ text: z.string(), to: Target.optional() });
export type Draft = z.infer<typeof Draft>;

const PREFIX = 'choragus.draft.';
/** Between session and window; no id has it. */
const OF = '@';
const EMPTY: Draft = { text: '' };

/**
 * Drafts per session; they outlive this window and are no other's while it lives. A draft of a window that is gone goes
 * to the first one that shows its session.
 */
export class Drafts {
  readonly store: StoreApi<Readonly<Record<string, Draft>>>;
  readonly #storage: KeyValue;
  readonly #window: ThisWindow;
  /** Session to where a draft lies that nobody has. */
  readonly #left = new Map<string, string>();

  constructor(storage: KeyValue, window: ThisWindow) {
    this.#storage = storage;
    this.#window = window;
    const found: Record<string, Draft> = {};
    for (const key of storage.keys(PREFIX)) {
      const [session = '', of] = key.slice(PREFIX.length).split(OF);
      const draft = parse(storage.get(key));
      if (draft === undefined) continue;
      if (of === window.id) found[session] = draft;
      else if (of === undefined || !window.lives(of)) this.#left.set(session, key);
    }
    this.store = createStore(() => found);
  }

  get(session: string): Draft {
    this.adopt(session);
    return this.store.getState()[session] ?? EMPTY;
  }

  write(session: string, change: Partial<Draft>): void {
    const draft = { ...this.get(session), ...change };
    if (draft.text === '' && draft.to === undefined) this.clear(session);
    else this.#keep(session, draft);
  }

  clear(session: string): void {
    this.#storage.remove(this.#keyOf(session));
    const { [session]: _, ...rest } = this.store.getState();
    this.store.setState(rest, true);
  }

  /** The session is shown here: what a window that is gone left for it is this one's now. */
  adopt(session: string): void {
    const key = this.#left.get(session);
    if (key === undefined || this.store.getState()[session] !== undefined) return;
    this.#left.delete(session);
    // Another window may have been first.
    const draft = parse(this.#storage.get(key));
    if (draft === undefined) return;
    this.#keep(session, draft);
    this.#storage.remove(key);
  }

  #keep(session: string, draft: Draft): void {
    this.#storage.set(this.#keyOf(session), JSON.stringify(draft));
    this.store.setState({ [session]: draft });
  }

  #keyOf = (session: string) => `${PREFIX}${session}${OF}${this.#window.id}`;
}

export const draftOf = (drafts: Readonly<Record<string, Draft>>, session: string): Draft => drafts[session] ?? EMPTY;

function parse(json: string | null): Draft | undefined {
  try {
    return Draft.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
