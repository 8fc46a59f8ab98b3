import { expect, test } from 'vitest';
import { ago, groupOf, messageTime, nextMidnight, shortTime } from './time.ts';

const at = (text: string) => new Date(text).getTime();
const now = at('2026-11-22T00:30');

test('groups follow the calendar, not a count of hours', () => {
  const moments = [
    '2026-11-22T00:01',
    '2026-11-21T23:59',
    '2026-11-21T00:00',
    '2026-11-20T23:59',
    '2026-11-15T00:00',
    '2026-11-14T23:59',
  ];
  expect(moments.map((moment) => groupOf(at(moment), now))).toEqual([
    'Today',
    'Yesterday',
    'Yesterday',
    'Last week',
    'Last week',
    'Earlier',
  ]);
});

test('a clock that is a little ahead still says today', () => {
  expect(groupOf(at('2026-11-23T00:10'), at('2026-11-22T23:50'))).toBe('Today');
});

test('a time is as short as its group allows', () => {
  const moments = ['2026-11-22T00:05', '2026-11-21T10:00', '2026-11-03T10:00', '2025-11-03T10:00'];
  expect(moments.map((moment) => shortTime(at(moment), now))).toEqual(['00:05', 'Sat', '3 Nov', '3 Nov 2025']);
  expect(messageTime(at('2026-11-21T10:41'), now)).toBe('Sat, 10:41');
});

test('groups change at midnight', () => {
  expect(nextMidnight(now)).toBe(at('2026-11-23T00:00'));
});

test('what lasts is told by its age, and a server whose clock is ahead is not in the future', () => {
  const aged = (ms: number) => ago(now - ms, now);
  const minute = 60_000;
  expect([-minute, 59_999, minute, 59 * minute].map(aged)).toEqual(['just now', 'just now', '1 min ago', '59 min ago']);
  const hour = 60 * minute;
  expect([hour, 24 * hour - 1, 24 * hour, 49 * hour].map(aged)).toEqual([
    '1 h ago',
    '23 h ago',
    '1 day ago',
    '2 days ago',
  ]);
});
