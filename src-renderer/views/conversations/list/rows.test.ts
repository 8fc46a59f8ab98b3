import { expect, test } from 'vitest';
import type { Outgoing } from '../../../state/outbox.ts';
import { keptRows, linesOf, type Row } from './rows.ts';

const first = (session: string, change: Partial<Outgoing> = {}): Outgoing => ({
  command: 'c',
  session,
  message: 'm',
  text: 'The first line\nand another',
  to: { specialist: 'apollo' },
  at: 7,
  whileRunning: 'queue',
  begins: true,
  state: 'kept',
  ...change,
});

test('a conversation that has begun only here has a row with its first line', () => {
  expect(keptRows([first('a'), first('b', { state: 'refused' })], [])).toMatchObject([
    { id: 'a', title: 'The first line', updatedAt: 7, kept: 'kept' },
    { id: 'b', kept: 'refused' },
  ]);
});

test('once the server lists it, and for later messages, there is no such row', () => {
  expect(keptRows([first('a')], [{ id: 'a' } as never])).toEqual([]);
  expect(keptRows([first('a', { begins: false })], [])).toEqual([]);
});

test('what is pinned stands first, then the days; rows keep their order, and empty sections are left out', () => {
  const now = new Date('2026-11-22T12:00').getTime();
  const day = 86_400_000;
  const row = (id: string, updatedAt: number, pinned = false) =>
    ({ id, updatedAt, arrangement: { pinned } }) as unknown as Row;
  const rows = [row('a', now), row('b', now - 1000), row('p', now - 40 * day, true), row('c', now - 30 * day)];
  const told = linesOf(rows, now).map((line) => (line.kind === 'heading' ? line.text : line.row.id));
  expect(told).toEqual(['Pinned', 'p', 'Today', 'a', 'b', 'Earlier', 'c']);
});
