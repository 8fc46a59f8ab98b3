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

test('what was typed goes from one form to another, without what is made already', () => {
  const storage = memoryStorage();
  const unsaved = new Unsaved(storage);
  unsaved.write('new', { name: 'Clio', role: 'Keeps' });
  const sent = unsaved.get('new');
  unsaved.write('new', { role: 'Keeps the annals' });
  unsaved.saved('new', sent);
  unsaved.move('new', 'clio');
  expect(unsaved.store.getState()).toEqual({ clio: { role: 'Keeps the annals' } });
  expect(new Unsaved(storage).store.getState()).toEqual({ clio: { role: 'Keeps the annals' } });
});

test('keys are forgotten in a form and those below it, and nothing else is', () => {
  const unsaved = new Unsaved(memoryStorage());
  const typed = { name: 'Mine', key: 'sk-1' };
  for (const form of ['p/+', 'p/+/a', 'p/+b']) unsaved.write(form, typed);
  unsaved.forgetKeys('p/+');
  expect(unsaved.store.getState()).toEqual({ 'p/+': { name: 'Mine' }, 'p/+/a': { name: 'Mine' }, 'p/+b': typed });
});

test('what another window has typed into the same form is still there when this one lets go of its own', () => {
  const storage = memoryStorage();
  const [here, there] = [new Unsaved(storage), new Unsaved(storage)];
  there.write('a', { persona: 'You are terse.' });
  here.clear('a');
  here.write('a', { key: 'sk-1' });
  here.clear('a');
  expect(new Unsaved(storage).get('a')).toEqual({ persona: 'You are terse.' });
  there.clear('a');
  expect(storage.keys('')).toEqual([]);
});

test('what cannot be read is nothing typed', () => {
  const storage = memoryStorage();
  storage.set('choragus.unsaved.a', '{"name":1}');
  storage.set('choragus.unsaved.b', '{');
  expect(new Unsaved(storage).store.getState()).toEqual({});
});
