import { expect, test } from 'vitest';
import { holderCan, least } from './scopes.ts';

test('admin says it all, the others stand in one order', () => {
  expect(least(['chat', 'admin', 'read'])).toEqual(['admin']);
  expect(least(['read', 'chat'])).toEqual(['chat', 'read']);
  expect(least([])).toEqual([]);
});

test('what the holder of a token can do is said as far as its scopes go', () => {
  expect(holderCan(['read'])).toBe('read everything here');
  expect(holderCan(['chat'])).toMatch(/^talk here, in sessions whose id they know/);
  expect(holderCan(['chat', 'read'])).toBe('read and send everything here');
  expect(holderCan(['admin'])).toMatch(/change all but the gateway$/);
});
