import { expect, test } from 'vitest';
import { pressed, type ShortcutName, shortcuts, shortcutsByPlace } from './shortcuts.ts';

const press = (key: string, ctrlKey = false) => ({
  key,
  code: '',
  ctrlKey,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  target: null,
});

test('no key does two things in one place, on the desktop or anywhere', () => {
  for (const { where, rows } of shortcutsByPlace(true, false)) {
    const keys = rows.flatMap((row) => row.keys);
    expect({ where, keys: [...new Set(keys)] }).toEqual({ where, keys });
  }
});

test('on the desktop the list names every shortcut once; a browser keeps some for itself', () => {
  const listed = (desktop: boolean) => shortcutsByPlace(desktop, false).flatMap(({ rows }) => rows);
  expect(listed(true)).toHaveLength(Object.keys(shortcuts).length);
  expect(listed(false).map(({ does }) => does)).not.toContain('New window');
  expect(listed(false).find(({ does }) => does === 'New conversation')?.keys).toEqual(['Alt N']);
  expect(listed(true).find(({ does }) => does === 'New conversation')?.keys).toEqual(['Ctrl N', 'Alt N']);
});

test('a shortcut is known by any of its keys', () => {
  const known = (event: ReturnType<typeof press>) =>
    (Object.keys(shortcuts) as ShortcutName[]).filter((name) => pressed(event, name, false));
  expect(known(press('/', true))).toEqual(['shortcuts']);
  expect(known(press('?'))).toEqual(['shortcuts']);
  expect(known(press('n', true))).toEqual(['newConversation']);
  expect(known(press('q', true))).toEqual([]);
});
