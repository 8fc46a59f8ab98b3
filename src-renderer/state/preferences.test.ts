import { expect, test } from 'vitest';
import { preferencesIn } from './preferences.ts';
import { memoryStorage } from './storage.ts';

test('without a choice the computer decides, and the panel is there', () => {
  expect(preferencesIn(memoryStorage()).getState()).toEqual({
    theme: 'system',
    density: 'comfortable',
    panel: true,
    target: undefined,
  });
});

test('choices outlive a reload; theme and density under the names that are read before the first paint', () => {
  const storage = memoryStorage();
  preferencesIn(storage).setState({ theme: 'dark', density: 'compact', panel: false, target: { specialist: 'metis' } });
  expect([storage.get('choragus.theme'), storage.get('choragus.density')]).toEqual(['dark', 'compact']);
  expect(preferencesIn(storage).getState()).toEqual({
    theme: 'dark',
    density: 'compact',
    panel: false,
    target: { specialist: 'metis' },
  });
});

test('what cannot be read is no choice', () => {
  const storage = memoryStorage();
  storage.set('choragus.theme', 'purple');
  storage.set('choragus.target', '{');
  expect(preferencesIn(storage).getState()).toMatchObject({ theme: 'system', target: undefined });
});
