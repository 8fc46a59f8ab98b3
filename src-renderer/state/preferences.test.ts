import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { applyAppearance, preferencesIn, readAppearance } from './preferences.ts';
import { memoryStorage } from './storage.ts';

const chosen = {
  theme: 'dark',
  text: 'large',
  width: 'wide',
  density: 'compact',
  panel: false,
  target: { specialist: 'metis' },
} as const;

test('without a choice the computer decides, and the panel is there', () => {
  expect(preferencesIn(memoryStorage()).getState()).toEqual({
    theme: 'system',
    text: 'normal',
    width: 'normal',
    density: 'comfortable',
    panel: true,
    target: undefined,
  });
});

test('choices outlive a reload, and how it looks is read by another window', () => {
  const storage = memoryStorage();
  preferencesIn(storage).setState(chosen);
  expect(preferencesIn(storage).getState()).toEqual(chosen);
  expect(chosen).toMatchObject(readAppearance(storage));
});

test('a window that follows another one writes nothing, so that the newest choice stays', () => {
  const storage = memoryStorage();
  const [one, other] = [preferencesIn(storage), preferencesIn(storage)];
  const written: string[] = [];
  const follow = () => {
    const { set } = storage;
    storage.set = (key) => void written.push(key);
    other.setState(readAppearance(storage));
    storage.set = set;
  };
  const { set } = storage;
  storage.set = (key, value) => {
    set(key, value);
    follow();
  };
  one.setState({ text: 'large', width: 'wide' });
  one.setState({ text: 'largest' });
  expect(written).toEqual([]);
  expect(one.getState()).toMatchObject({ text: 'largest', width: 'wide' });
  expect(other.getState()).toEqual(one.getState());
});

test('the page looks the same before the first paint as after it', () => {
  const storage = memoryStorage();
  preferencesIn(storage).setState(chosen);
  const before: DOMStringMap = {};
  runInNewContext(readFileSync(join(import.meta.dirname, '../public/theme.js'), 'utf8'), {
    localStorage: { getItem: (key: string) => storage.get(key) },
    document: { documentElement: { dataset: before } },
  });
  const after: DOMStringMap = {};
  applyAppearance(after, readAppearance(storage));
  expect(before).toEqual(after);
  expect(after).toEqual({ theme: 'dark', text: 'large', width: 'wide', density: 'compact' });
});

test('what cannot be read is no choice', () => {
  const storage = memoryStorage();
  storage.set('choragus.theme', 'purple');
  storage.set('choragus.text', '');
  storage.set('choragus.target', '{');
  expect(preferencesIn(storage).getState()).toMatchObject({ theme: 'system', text: 'normal', target: undefined });
});
