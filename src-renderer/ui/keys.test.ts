import { expect, test } from 'vitest';
import { isPressed, type KeyPress, keyText } from './keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test('Mod is Command on a Mac and Ctrl elsewhere, and nothing else may be held', () => {
  expect(isPressed('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
  expect(isPressed('Mod+K', press('K', { metaKey: true }), true)).toBe(true);
  expect(isPressed('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false);
  expect(isPressed('Mod+K', press('k'), false)).toBe(false);
  for (const more of ['shiftKey', 'altKey', 'metaKey'])
    expect(isPressed('Mod+K', press('k', { ctrlKey: true, [more]: true }), false)).toBe(false);
});

test('with Alt a letter is known by its place, whatever it writes', () => {
  expect(isPressed('Alt+N', press('Dead', { code: 'KeyN', altKey: true }), true)).toBe(true);
  expect(isPressed('Alt+N', press('n', { code: 'KeyB', altKey: true }), true)).toBe(false);
});

test('a letter is known by its place on a keyboard of another script, and by what it writes on any Latin one', () => {
  for (const [key, code] of [
    ['л', 'KeyK'],
    ['Κ', 'KeyK'],
    ['ل', 'KeyK'],
    ['k', 'KeyV'],
  ] as const)
    expect(isPressed('Mod+K', press(key, { code, ctrlKey: true }), false)).toBe(true);
  for (const [key, code] of [
    ['л', 'KeyG'],
    ['t', 'KeyK'],
    ['é', 'KeyK'],
    [';', 'KeyK'],
  ] as const)
    expect(isPressed('Mod+K', press(key, { code, ctrlKey: true }), false)).toBe(false);
});

test('a sign may need Shift on some keyboards', () => {
  expect(isPressed('Mod+/', press('/', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
  expect(isPressed('?', press('?', { shiftKey: true }), false)).toBe(true);
  expect(isPressed('Enter', press('Enter', { shiftKey: true }), false)).toBe(false);
  expect(isPressed('Shift+Enter', press('Enter', { shiftKey: true }), false)).toBe(true);
});

test('keys are printed as the computer prints them', () => {
  const all = ['Mod+K', 'Alt+ArrowDown', 'Shift+Enter', 'Escape', 'Mod+,'];
  expect(all.map((each) => keyText(each, false))).toEqual(['Ctrl K', 'Alt ↓', 'Shift Enter', 'Esc', 'Ctrl ,']);
  expect(all.map((each) => keyText(each, true))).toEqual(['⌘K', '⌥↓', '⇧ Enter', 'Esc', '⌘,']);
});
