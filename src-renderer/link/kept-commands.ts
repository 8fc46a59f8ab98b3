import { createStore, del, set, type UseStore, values } from 'idb-keyval';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { byTime, type CommandStore, type KeptCommand } from '#shared/wire/kept.ts';
import { formerly } from './former-outbox.ts';

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & Record<string, unknown>;

export interface KeptCommandsOptions {
  clock: Clock;
  /** Throws, or says undefined, where a page may keep nothing. */
  localStorage: () => Shelf | undefined;
}

const PREFIX = 'choragus.kept.';
const FORMER = 'choragus.outbox.';
/** A database that says nothing for this long is done without: what is written now has to be sent. */
const PATIENCE_MS = 3000;

/**
 * The commands of the windows of one browser. They lie in its database; what that does not take lies in the local
 * storage. Windows share them: each sends what it finds when it opens, which takes effect once.
 */
export function keptCommands({ clock, localStorage }: KeptCommandsOptions): CommandStore {
  return new KeptCommands(clock, shelfOf(localStorage));
}

class KeptCommands implements CommandStore {
  readonly #clock: Clock;
  readonly #shelf: Shelf | undefined;
  #database: UseStore | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, shelf: Shelf | undefined) {
    this.#clock = clock;
    this.#shelf = shelf;
    if (typeof indexedDB !== 'undefined') this.#database = createStore('choragus', 'commands');
  }

  load(): Promise<KeptCommand[]> {
    return this.#next(async () => {
      const found = new Map<string, KeptCommand>();
      for (const command of (await this.#tried((store) => values<KeptCommand>(store)))?.[0] ?? [])
        found.set(command.id, command);
      for (const command of this.#shelved(PREFIX)) found.set(command.id, command);
      for (const command of this.#shelved(FORMER, formerly)) {
        const stays = found.has(command.id) ? Promise.resolve() : this.#put(command);
        await stays.then(
          () => this.#shelf?.removeItem(FORMER + command.id),
          () => {},
        );
        found.set(command.id, found.get(command.id) ?? command);
      }
      return [...found.values()].sort(byTime);
    });
  }

  put(command: KeptCommand): Promise<void> {
    return this.#next(() => this.#put(command));
  }

  remove(id: string): Promise<void> {
    return this.#next(async () => {
      for (const prefix of [PREFIX, FORMER]) this.#shelf?.removeItem(prefix + id);
      await this.#tried((store) => del(id, store));
    });
  }

  async #put(command: KeptCommand): Promise<void> {
    if ((await this.#tried((store) => set(command.id, command, store))) !== undefined) {
      this.#shelf?.removeItem(PREFIX + command.id);
      return;
    }
    try {
      if (this.#shelf === undefined) throw new Error('There is no local storage.');
      this.#shelf.setItem(PREFIX + command.id, JSON.stringify(command));
    } catch (cause) {
      const message = 'This browser has no room to keep what is not sent yet.';
      throw new Problem('STORAGE', message, 'Leave this window open until it is sent.', { cause });
    }
  }

  /** Undefined when the database took or gave nothing. One that does not answer is not asked again. */
  #tried<T>(work: (store: UseStore) => Promise<T>): Promise<[T] | undefined> {
    const database = this.#database;
    if (database === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const cancel = this.#clock.after(PATIENCE_MS, () => {
        this.#database = undefined;
        resolve(undefined);
      });
      Promise.resolve()
        .then(() => work(database))
        .then((result) => resolve([result]))
        .catch(() => resolve(undefined))
        .finally(cancel);
    });
  }

  #shelved(prefix: string, read = (value: unknown): KeptCommand | undefined => value as KeptCommand): KeptCommand[] {
    const names = Object.keys(this.#shelf ?? {}).filter((name) => name.startsWith(prefix));
    return names.flatMap((name) => parse(this.#shelf?.getItem(name) ?? null, read) ?? []);
  }

  /** In the order of asking. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

function shelfOf(localStorage: () => Shelf | undefined): Shelf | undefined {
  try {
    const shelf = localStorage();
    shelf?.getItem(PREFIX);
    return shelf;
  } catch {
    return undefined;
  }
}

function parse<T>(text: string | null, read: (value: unknown) => T | undefined): T | undefined {
  try {
    return text === null ? undefined : read(JSON.parse(text));
  } catch {
    return undefined;
  }
}
