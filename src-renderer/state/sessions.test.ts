import { expect, test } from 'vitest';
import type { SessionSummary } from '#shared/domain/summary.ts';
import { usualArrangement } from '#shared/domain/things.ts';
import { filterOf, type SessionList, standsOn, takeItem } from './sessions.ts';

const row = (
  id: string,
  updatedAt: number,
  arrangement: Partial<SessionSummary['arrangement']> = {},
): SessionSummary => ({
  id,
  title: id,
  createdAt: 0,
  updatedAt,
  messages: 1,
  to: null,
  last: null,
  arrangement: { ...usualArrangement, ...arrangement },
  trashedAt: null,
  units: 0,
  forked: null,
});
const empty: SessionList = { rows: [], more: false, ready: false, loading: false, problem: null };
const ids = (list: SessionList) => list.rows.map((each) => each.id).join('');

test('a changed session moves to its place, a new one comes in', () => {
  let list = takeItem(empty, { kind: 'list', sessions: [row('c', 3), row('b', 2), row('a', 1)], more: false });
  list = takeItem(list, { kind: 'changed', session: row('a', 4) });
  expect(ids(list)).toBe('acb');
  expect(ids(takeItem(list, { kind: 'changed', session: row('d', 5) }))).toBe('dacb');
});

test('the list that comes after a reconnect replaces what it covers and keeps older pages', () => {
  const loaded: SessionList = {
    ...empty,
    rows: [row('e', 5), row('d', 4), row('c', 3), row('b', 2), row('a', 1)],
    more: true,
  };
  const list = takeItem(loaded, { kind: 'list', sessions: [row('f', 6), row('d', 4)], more: true });
  expect(ids(list)).toBe('fdcba');
  expect(list.more).toBe(true);
});

test('a list without more is the whole list', () => {
  const loaded: SessionList = { ...empty, rows: [row('e', 5), row('a', 1)], more: true };
  const list = takeItem(loaded, { kind: 'list', sessions: [row('e', 5)], more: false });
  expect(ids(list)).toBe('e');
  expect(list.more).toBe(false);
});

test('a deleted session leaves the list, loaded or not', () => {
  const list = takeItem(empty, { kind: 'list', sessions: [row('b', 2), row('a', 1)], more: true });
  expect(takeItem(list, { kind: 'gone', session: 'b' })).toEqual({ ...list, rows: [row('a', 1)] });
  expect(takeItem(list, { kind: 'gone', session: 'older' })).toEqual(list);
});

test('a changed session that lies below what is loaded waits for its page: nothing is passed over', () => {
  const list = takeItem(empty, { kind: 'list', sessions: [row('c', 3), row('b', 2)], more: true });
  expect(takeItem(list, { kind: 'changed', session: row('a', 1) })).toEqual(list);
  const whole = { ...list, more: false };
  expect(ids(takeItem(whole, { kind: 'changed', session: row('a', 1) }))).toBe('cba');
});

test('what goes to the archive or to the trash leaves the list, and comes into theirs', () => {
  const list = takeItem(empty, { kind: 'list', sessions: [row('b', 2), row('a', 1)], more: false });
  const archived = { kind: 'changed', session: row('b', 2, { archived: true }) } as const;
  expect(ids(takeItem(list, archived))).toBe('a');
  expect(ids(takeItem(empty, archived, { kind: 'archived' }))).toBe('b');
  const trashed = { kind: 'changed', session: row('b', 2, { archived: true, trashed: true }) } as const;
  expect(ids(takeItem({ ...list, rows: [row('b', 2)] }, trashed, { kind: 'archived' }))).toBe('');
  expect(ids(takeItem(empty, trashed, { kind: 'trash' }))).toBe('b');
});

test('a shelf asks for what stands on it', () => {
  const kept = row('a', 1, { folder: 'Work', tags: ['gateway'] });
  expect([standsOn({ kind: 'folder', name: 'Work' }, kept), standsOn({ kind: 'folder', name: 'Home' }, kept)]).toEqual([
    true,
    false,
  ]);
  expect(standsOn({ kind: 'tag', name: 'gateway' }, kept)).toBe(true);
  expect(filterOf({ kind: 'tag', name: 'gateway' })).toEqual({ tag: 'gateway' });
  expect([filterOf({ kind: 'trash' }), filterOf({ kind: 'all' })]).toEqual([{ trashed: true }, {}]);
});
