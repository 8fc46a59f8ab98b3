import { byTime, type CommandStore, type KeptCommand } from '../kept.ts';

/** Kept in memory, as JSON: what outlives a client in a test. */
export class Shelf implements CommandStore {
  readonly #kept = new Map<string, string>();

  get entries(): KeptCommand[] {
    return [...this.#kept.values()].map((text) => JSON.parse(text) as KeptCommand).sort(byTime);
  }

  /** Slower than a connection is made. */
  async load(): Promise<KeptCommand[]> {
    for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    return this.entries;
  }

  async put(command: KeptCommand): Promise<void> {
    this.#kept.set(command.id, JSON.stringify(command));
  }

  async remove(id: string): Promise<void> {
    this.#kept.delete(id);
  }
}
