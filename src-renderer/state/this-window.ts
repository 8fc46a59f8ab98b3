import type { KeyValue } from './storage.ts';

/** A window, among others of the same browser or desktop, that share its storage. */
export interface ThisWindow {
  /** The same through reloads. */
  readonly id: string;
  /** Whether another one was there when this one opened. */
  lives(id: string): boolean;
}

interface Options {
  /** Undefined where the browser has none for this page: then nobody is known to live. */
  locks: Pick<LockManager, 'request' | 'query'> | undefined;
  /** This window's alone; a window that was made as a copy of another one has its content as well. */
  storage: KeyValue;
  newId(): string;
  /** When to give up waiting for the page that this one takes the place of. */
  patience(): AbortSignal;
}

const KEY = 'choragus.window';
const nameOf = (id: string) => `${KEY}.${id}`;

/** Finds out which window this is. It holds a lock by its name as long as it lives. */
export async function findThisWindow({ locks, storage, newId, patience }: Options): Promise<ThisWindow> {
  const before = storage.get(KEY);
  let id = before ?? newId();
  if (locks !== undefined && !(await held(locks, id, patience()))) {
    // A copy: the other one goes by that name.
    id = newId();
    await held(locks, id, patience());
  }
  storage.set(KEY, id);
  const living = new Set((await locks?.query())?.held?.map(({ name }) => name));
  return { id, lives: (other) => living.has(nameOf(other)) };
}

function held(locks: Pick<LockManager, 'request'>, id: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const forever = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    locks.request(nameOf(id), { signal }, forever).catch(() => resolve(false));
  });
}
