import { expect, test } from 'vitest';
import { type Visited, visit } from './visited.ts';

test('the session on screen is the first, and each one stands there once', () => {
  const seen = ['a', 'b', null, 'a', 'a', 'c'].reduce<Visited>(visit, []);
  expect(seen).toEqual(['c', 'a', 'b']);
});

test('the oldest are forgotten', () => {
  const seen = Array.from({ length: 200 }, (_, index) => `s${index}`).reduce<Visited>(visit, []);
  expect([seen.length, seen[0]]).toEqual([100, 's199']);
});
