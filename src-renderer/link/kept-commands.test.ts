import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { KeptCommand } from '#shared/wire/kept.ts';
import { keptCommands } from './kept-commands.ts';

/** A local storage with so much room. */
class Shelf {
  #room: number;
  constructor(room = 100_000) {
    this.#room = room;
    Object.defineProperty(this, 'getItem', { enumerable: false, value: (name: string) => this[name] ?? null });
    Object.defineProperty(this, 'setItem', {
      enumerable: false,
      value: (name: string, text: string) => {
        if (text.length > this.#room) throw new DOMException('Full.', 'QuotaExceededError');
        this[name] = text;
      },
    });
    Object.defineProperty(this, 'removeItem', {
      enumerable: false,
      value: (name: string) => {
        delete this[name];
      },
    });
  }
  [name: string]: unknown;
  declare getItem: (name: string) => string | null;
  declare setItem: (name: string, text: string) => void;
  declare removeItem: (name: string) => void;
}

let shelf: Shelf;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  shelf = new Shelf();
});

const open = (clock = fakeClock()) => keptCommands({ clock, localStorage: () => shelf });
const command = (id: string, at = 1): KeptCommand => ({
  id,
  method: 'sessions.rename',
  params: { command: id, session: 's', title: 'Title' },
  at,
});

it('holds what was put and not removed, in order, for every window', async () => {
  const first = open();
  await Promise.all([first.put(command('b', 2)), first.put(command('a', 1)), first.put(command('c', 3))]);
  await first.remove('b');
  const refused = { ...command('c', 3), refused: { code: 'EXPIRED' as const, message: 'Too late.' } };
  await first.put(refused);
  expect(await open().load()).toEqual([command('a', 1), refused]);
  expect(Object.keys(shelf)).toEqual([]);
});

it('takes changes in the order in which they were asked for', async () => {
  const store = open();
  void store.put(command('a'));
  void store.remove('a');
  void store.put(command('b'));
  expect((await store.load()).map(({ id }) => id)).toEqual(['b']);
});

it.each([
  ['is closed', undefined],
  [
    'fails',
    {
      open: () => {
        throw new DOMException('No.', 'SecurityError');
      },
    },
  ],
])('where the database %s, the local storage holds them', async (_what, factory) => {
  globalThis.indexedDB = factory as unknown as IDBFactory;
  const store = open();
  await store.put(command('a'));
  await store.put(command('b', 2));
  await store.remove('a');
  expect(await open().load()).toEqual([command('b', 2)]);
});

it('a database that does not answer holds nobody up', async () => {
  globalThis.indexedDB = { open: () => ({}) } as unknown as IDBFactory;
  const clock = fakeClock();
  const store = open(clock);
  const loaded = store.load();
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(3000);
  expect(await loaded).toEqual([]);
  await store.put(command('a'));
  expect(Object.keys(shelf)).toEqual(['choragus.kept.a']);
});

it('says so when there is room nowhere', async () => {
  Reflect.deleteProperty(globalThis, 'indexedDB');
  shelf = new Shelf(10);
  await expect(open().put(command('a'))).rejects.toMatchObject({ code: 'STORAGE', next: expect.any(String) });
  const nowhere = keptCommands({ clock: fakeClock(), localStorage: () => undefined });
  await expect(nowhere.put(command('a'))).rejects.toMatchObject({ code: 'STORAGE' });
  expect(await nowhere.load()).toEqual([]);
});

it('takes over what an older version left, with its ids, and the refused ones as refused', async () => {
  const former = (id: string, more = {}) => {
    const message = {
      command: id,
      session: 's',
      message: `m${id}`,
      text: 'Hello',
      to: { specialist: 'apollo' },
      at: 1,
    };
    shelf.setItem(
      `choragus.outbox.${id}`,
      JSON.stringify({ ...message, whileRunning: 'queue', begins: true, state: 'kept', ...more }),
    );
  };
  former('a');
  former('b', { at: 2, replaces: 'old', begins: false, state: 'sending' });
  former('c', { at: 3, state: 'refused', problem: { code: 'NEEDS_MODEL', message: 'No model.' } });
  shelf.setItem('choragus.outbox.broken', '{');
  const said = (id: string) => ({
    command: id,
    session: 's',
    message: `m${id}`,
    text: 'Hello',
    to: { specialist: 'apollo' },
  });
  const keep = { about: { begins: true }, refusals: true };
  const taken = [
    { id: 'a', at: 1, method: 'messages.send', params: { ...said('a'), whileRunning: 'queue' }, keep },
    {
      ...{ id: 'b', at: 2, method: 'messages.edit', params: { ...said('b'), replaces: 'old' } },
      keep: { about: { begins: false }, refusals: true },
    },
    {
      ...{ id: 'c', at: 3, method: 'messages.send', params: { ...said('c'), whileRunning: 'queue' }, keep },
      refused: { code: 'NEEDS_MODEL', message: 'No model.' },
    },
  ];
  expect(await open().load()).toEqual(taken);
  expect(Object.keys(shelf)).toEqual(['choragus.outbox.broken']);
  expect(await open().load()).toEqual(taken);
});
