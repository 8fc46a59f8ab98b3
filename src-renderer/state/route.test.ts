import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRoute, parseRoute, sessionHref } from './route.ts';

test('an address names a session and a message in it', () => {
  expect(parseRoute('#/conversations/abc/def')).toEqual({ view: 'conversations', session: 'abc', node: 'def' });
  expect(parseRoute('#/conversations')).toEqual({ view: 'conversations', session: null, node: null });
  expect(parseRoute('')).toEqual({ view: 'conversations', session: null, node: null });
  expect(sessionHref(null, 'x')).toBe('#/conversations');
});

test('what was formatted is read back', () => {
  const id = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(id, id, fc.option(id), (view, session, node) => {
      expect(parseRoute(formatRoute({ view, session, node }))).toEqual({ view, session, node });
    }),
  );
});

test('a broken address is no error', () => {
  expect(parseRoute('#/conversations/%E0%A4%A').session).toBe('%E0%A4%A');
});
