import { expect, test } from 'vitest';
import type { Outgoing } from '../../../state/outbox.ts';
import { keptRows } from './rows.ts';

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
