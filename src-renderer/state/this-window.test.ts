import { expect, test } from 'vitest';
import { memoryStorage } from './storage.ts';
import { findThisWindow } from './this-window.ts';

/** Locks of one browser: each held until its holder is gone. */
function browser() {
  const held = new Set<string>();
  const locks = {
    request: (name: string, { signal }: { signal: AbortSignal }, run: () => Promise<unknown>) => {
      if (held.has(name))
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      held.add(name);
      return run();
    },
    query: async () => ({ held: [...held].map((name) => ({ name })), pending: [] }),
  } as unknown as LockManager;
  let count = 0;
  const patience = () => {
    const giveUp = new AbortController();
    queueMicrotask(() => giveUp.abort());
    return giveUp.signal;
  };
  const open = (storage = memoryStorage()) => findThisWindow({ locks, storage, newId: () => `w${++count}`, patience });
  return { open, close: (id: string) => held.delete(`choragus.window.${id}`) };
}

test('a window knows who lived when it opened, and keeps its name through a reload', async () => {
  const { open, close } = browser();
  const storage = memoryStorage();
  const one = await open(storage);
  const two = await open();
  expect(two.id).not.toBe(one.id);
  expect(two.lives(one.id)).toBe(true);
  close(one.id);
  expect((await open()).lives(one.id)).toBe(false);
  expect((await open(storage)).id).toBe(one.id);
});

test('a copy of a window is another window', async () => {
  const { open } = browser();
  const storage = memoryStorage();
  const one = await open(storage);
  const copy = await open(storage);
  expect(copy.id).not.toBe(one.id);
  expect(copy.lives(one.id)).toBe(true);
});

test('without locks it has a name, and nobody is known to live', async () => {
  const newId = () => 'w';
  const one = await findThisWindow({
    locks: undefined,
    storage: memoryStorage(),
    newId,
    patience: () => AbortSignal.abort(),
  });
  expect(one.id).toBe('w');
  expect(one.lives('v')).toBe(false);
});
