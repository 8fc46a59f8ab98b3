import { expect, test } from 'vitest';
import { Drafts } from './drafts.ts';
import { memoryStorage } from './storage.ts';

test('a draft and its addressee outlive a reload', () => {
  const storage = memoryStorage();
  const drafts = new Drafts(storage);
  drafts.write('a', { text: 'Half a thought' });
  drafts.write('a', { to: { specialist: 'metis' } });
  expect(new Drafts(storage).get('a')).toEqual({ text: 'Half a thought', to: { specialist: 'metis' } });
  expect(new Drafts(storage).get('b')).toEqual({ text: '' });
});

test('an empty draft leaves nothing behind', () => {
  const storage = memoryStorage();
  const drafts = new Drafts(storage);
  drafts.write('a', { text: 'x' });
  drafts.write('a', { text: '' });
  expect(storage.keys('')).toEqual([]);
  expect(drafts.store.getState()).toEqual({});
});

test('what cannot be read is no draft', () => {
  const storage = memoryStorage();
  storage.set('choragus.draft.a', '{"text":1}');
  storage.set('choragus.draft.b', '{');
  expect(new Drafts(storage).store.getState()).toEqual({});
});
