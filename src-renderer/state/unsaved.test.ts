import { expect, test } from 'vitest';
import { memoryStorage } from './storage.ts';
import { Unsaved } from './unsaved.ts';

test('what was typed into a form outlives a reload, a key does not and is nowhere in the storage', () => {
  const storage = memoryStorage();
  const unsaved = new Unsaved(storage);
  unsaved.write('provider/a', { name: 'Mine', key: 'sk-1' });
  expect(unsaved.get('provider/a')).toEqual({ name: 'Mine', key: 'sk-1' });
  expect(new Unsaved(storage).get('provider/a')).toEqual({ name: 'Mine' });
  expect(
    storage
      .keys('')
      .map((key) => storage.get(key))
      .join(),
  ).not.toContain('sk-1');
});

test('a field that is as it is saved leaves nothing behind', () => {
  const storage = memoryStorage();
  const unsaved = new Unsaved(storage);
  unsaved.write('a', { name: 'Mine', role: '' });
  unsaved.write('a', { name: undefined });
  expect(unsaved.get('a')).toEqual({ role: '' });
  unsaved.clear('a');
  expect(unsaved.store.getState()).toEqual({});
  expect(storage.keys('')).toEqual([]);
});

test('who types on while it is being saved keeps what is newer', () => {
  const unsaved = new Unsaved(memoryStorage());
  unsaved.write('a', { name: 'Mine', role: 'Helper' });
  const sent = unsaved.get('a');
  unsaved.write('a', { role: 'Helper of all' });
  unsaved.saved('a', sent);
  expect(unsaved.get('a')).toEqual({ role: 'Helper of all' });
});

test('what cannot be read is nothing typed', () => {
  const storage = memoryStorage();
  storage.set('choragus.unsaved.a', '{"name":1}');
  storage.set('choragus.unsaved.b', '{');
  expect(new Unsaved(storage).store.getState()).toEqual({});
});
