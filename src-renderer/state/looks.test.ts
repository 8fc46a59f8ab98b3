import { expect, test } from 'vitest';
import type { Roster } from '#shared/domain/summary.ts';
import type { Look, Speaker } from '#shared/domain/things.ts';
import { lookOf, sessionLook, targetLook } from './looks.ts';

const today: Look = { colour: 'terma', glyph: 'hermes' };
const then: Look = { colour: 'numa', glyph: 'numa' };
const roster = { specialists: [{ id: 'mine', look: today }] } as unknown as Roster;

test('somebody looks as the roster says today, also in an old message', () => {
  expect(lookOf(roster, { specialist: 'mine', look: then })).toEqual(today);
});

test('somebody who is gone looks as it was then', () => {
  expect(lookOf(roster, { specialist: 'gone', look: then })).toEqual(then);
  expect(lookOf(null, { specialist: 'mine', look: then })).toEqual(then);
});

test('in events from before looks were kept a shipped one is known by its name, nobody else is', () => {
  expect(lookOf(null, { specialist: 'apollo' })).toEqual({ colour: 'apollo', glyph: 'apollo' });
  expect(lookOf(roster, { specialist: 'gone' })).toBeUndefined();
});

test('a plain model looks like nobody', () => {
  expect(lookOf(roster, {})).toBeUndefined();
  expect(targetLook(roster, { provider: 'p', model: 'apollo' })).toBeUndefined();
  expect(targetLook(roster, { specialist: 'mine' })).toEqual(today);
});

test('a session looks like who answered last in it, before any answer like whom it is for', () => {
  const to = { specialist: 'mine' };
  const last = { speaker: { specialist: 'apollo' } as Speaker, state: 'done' as const };
  expect(sessionLook(roster, { to, last: null })).toEqual(today);
  expect(sessionLook(roster, { to, last })).toEqual({ colour: 'apollo', glyph: 'apollo' });
  expect(sessionLook(roster, { to: null, last: null })).toBeUndefined();
});
