import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/wire/client.ts';

/** Asked for at once. */
const PAGE = 50;
/** So many texts stay in memory; the oldest go. */
const MOST = 400;

/** The texts of turns that have ended, fetched when they are wanted. */
export class Texts {
  /** By turn; null: there is none to be had. */
  readonly store: StoreApi<ReadonlyMap<string, string | null>> = createStore<ReadonlyMap<string, string | null>>(
    () => new Map(),
  );
  readonly #client: Client;
  readonly #wanted = new Map<string, Set<string>>();
  readonly #underWay = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** What is wanted in one turn of the event loop is asked for together. */
  want(session: string, turns: readonly string[]): void {
    const missing = turns.filter((turn) => !this.store.getState().has(turn) && !this.#underWay.has(turn));
    if (missing.length === 0) return;
    const wanted = this.#wanted.get(session) ?? new Set();
    for (const turn of missing) {
      this.#underWay.add(turn);
      wanted.add(turn);
    }
    if (this.#wanted.has(session)) return;
    this.#wanted.set(session, wanted);
    queueMicrotask(() => void this.#ask(session));
  }

  async #ask(session: string): Promise<void> {
    const turns = [...(this.#wanted.get(session) ?? [])];
    this.#wanted.delete(session);
    for (let from = 0; from < turns.length; from += PAGE) {
      const page = turns.slice(from, from + PAGE);
      try {
        const { nodes } = await this.#client.call('sessions.nodes', { session, nodes: page });
        const found = new Map(nodes.map(({ id, text }) => [id, text]));
        this.#keep(page.map((turn) => [turn, found.get(turn) ?? null]));
      } catch {
        // Whoever wants them again asks again; what is wrong with the connection is told elsewhere.
      } finally {
        for (const turn of page) this.#underWay.delete(turn);
      }
    }
  }

  #keep(texts: readonly (readonly [string, string | null])[]): void {
    const all = [...this.store.getState(), ...texts];
    this.store.setState(new Map(all.slice(-MOST)), true);
  }
}
