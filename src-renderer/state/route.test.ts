import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRoute, parseRoute, type Route, sessionHref, sessionOf, settingsHref, timelineHref } from './route.ts';

test('an address names a session and a message in it', () => {
  expect(parseRoute('#/conversations/abc/def')).toEqual({ view: 'conversations', session: 'abc', node: 'def' });
  expect(parseRoute('#/conversations')).toEqual({ view: 'conversations', session: null, node: null });
  expect(sessionHref(null, 'x')).toBe('#/conversations');
});

test('an address names the timeline of a session and an event in it', () => {
  expect(parseRoute('#/timeline/abc/47')).toEqual({ view: 'timeline', session: 'abc', seq: 47 });
  expect(parseRoute('#/timeline/abc/x')).toEqual({ view: 'timeline', session: 'abc', seq: null });
  expect(parseRoute('#/timeline')).toEqual({ view: 'timeline', session: null, seq: null });
  expect(parseRoute(timelineHref('abc', 47))).toEqual({ view: 'timeline', session: 'abc', seq: 47 });
  expect(formatRoute(parseRoute('#/timeline/a%20b/3'))).toBe('#/timeline/a%20b/3');
  expect(sessionOf(parseRoute('#/timeline/abc/47'))).toBe('abc');
});

test('an address names a section of the settings and a thing in it', () => {
  expect(parseRoute('#/settings')).toEqual({ view: 'settings', section: null, item: null });
  expect(parseRoute(settingsHref('providers', 'ollama'))).toEqual({
    view: 'settings',
    section: 'providers',
    item: 'ollama',
  });
  expect(sessionOf(parseRoute('#/settings/providers'))).toBeNull();
});

test('no address and one of a view that does not exist lead to the beginning of a conversation', () => {
  for (const hash of ['', '#', '#/', '#/nowhere'])
    expect(parseRoute(hash)).toEqual({ view: 'conversations', session: null, node: null });
});

test('what was formatted is read back', () => {
  const id = fc.string({ minLength: 1 });
  const routes: fc.Arbitrary<Route> = fc.oneof(
    fc.record({ view: fc.constant('conversations' as const), session: id, node: fc.option(id) }),
    fc.record({ view: fc.constant('settings' as const), section: id, item: fc.option(id) }),
  );
  fc.assert(
    fc.property(routes, (route) => {
      expect(parseRoute(formatRoute(route))).toEqual(route);
    }),
  );
});

test('a broken address is no error', () => {
  expect(parseRoute('#/conversations/%E0%A4%A')).toMatchObject({ session: '%E0%A4%A' });
});
