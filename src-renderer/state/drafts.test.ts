import { expect, test } from 'vitest';
import { Drafts } from './drafts.ts';
import { memoryStorage } from './storage.ts';

const window = (id: string, ...living: string[]) => ({ id, lives: (other: string) => living.includes(other) });

test('a draft and its addressee outlive a reload', () => {
  const storage = memoryStorage();
  const drafts = new Drafts(storage, window('w'));
  drafts.write('a', { text: 'Half a thought' });
  drafts.write('a', { to: { specialist: 'metis' } });
  const again = new Drafts(storage, window('w'));
  expect(again.store.getState()).toEqual({ a: { text: 'Half a thought', to: { specialist: 'metis' } } });
  expect(again.get('b')).toEqual({ text: '' });
});

test("two windows write about the same session, and neither sees or loses what is the other one's", () => {
  const storage = memoryStorage();
  const one = new Drafts(storage, window('one'));
  one.write('a', { text: 'Of one' });
  const two = new Drafts(storage, window('two', 'one'));
  expect(two.get('a')).toEqual({ text: '' });
  two.write('a', { text: 'Of two' });
  two.clear('a');
  expect(new Drafts(storage, window('one', 'two')).get('a')).toEqual({ text: 'Of one' });
});

test('what a window left that is gone goes to the first one that shows its session, once', () => {
  const storage = memoryStorage();
  const gone = new Drafts(storage, window('gone'));
  gone.write('a', { text: 'Left' });
  gone.write('b', { text: 'Also left' });
  const one = new Drafts(storage, window('one', 'two'));
  const two = new Drafts(storage, window('two', 'one'));
  expect(one.store.getState()).toEqual({});
  two.adopt('a');
  expect(two.store.getState()).toEqual({ a: { text: 'Left' } });
  one.adopt('a');
  one.adopt('b');
  expect(one.store.getState()).toEqual({ b: { text: 'Also left' } });
  expect(new Drafts(storage, window('two', 'one')).store.getState()).toEqual({ a: { text: 'Left' } });
});

test('what was left is not written over', () => {
  const storage = memoryStorage();
  storage.set('choragus.draft.a', '{"text":"Written by an older version"}');
  const drafts = new Drafts(storage, window('w'));
  drafts.write('a', { to: { specialist: 'metis' } });
  expect(drafts.get('a')).toEqual({ text: 'Written by an older version', to: { specialist: 'metis' } });
  const other = new Drafts(storage, window('v'));
  expect(other.get('a').text).toBe('Written by an older version');
});

test('an empty draft leaves nothing behind', () => {
  const storage = memoryStorage();
  const drafts = new Drafts(storage, window('w'));
  drafts.write('a', { text: 'x' });
  drafts.write('a', { text: '' });
  expect(storage.keys('')).toEqual([]);
  expect(drafts.store.getState()).toEqual({});
});

test('what cannot be read is no draft', () => {
  const storage = memoryStorage();
  storage.set('choragus.draft.a', '{"text":1}');
  storage.set('choragus.draft.b@w', '{');
  const drafts = new Drafts(storage, window('w'));
  expect(drafts.get('a')).toEqual({ text: '' });
  expect(drafts.store.getState()).toEqual({});
});
