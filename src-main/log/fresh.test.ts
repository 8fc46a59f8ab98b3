import { expect, test } from 'vitest';
import type { Event, NewEvent } from '#shared/domain/events.ts';
import { Fresh } from './fresh.ts';
import { created, Folder, finished, message, part, requested } from './testing/folder.ts';

const at = (seq: number, event: NewEvent, session = 's'): Event =>
  ({ seq, session, at: 0, version: 1, type: event.type, data: event.data }) as Event;
const answering = (turn: string, specialist: string): NewEvent => {
  const event = requested(turn, 'm');
  return event.type === 'turn.requested'
    ? { ...event, data: { ...event.data, speaker: { ...event.data.speaker, specialist } } }
    : event;
};
const sequences = (fresh: Fresh, seq = 0) => fresh.after(seq, 10_000).map(({ event }) => event.seq);

test('texts are at hand until they were used, with who speaks', () => {
  const fresh = new Fresh(4);
  expect(fresh.floor).toBe(4);
  expect(fresh.committed([at(5, created()), at(6, message('m', 'why?')), at(7, answering('t', 'owl'))])).toBe(true);
  expect(fresh.committed([at(8, part('t', 0, 'so'))])).toBe(false);
  expect(fresh.committed([at(9, finished('t', 'so')), at(10, finished('before', 'from before'))])).toBe(true);
  const found = fresh.after(4, 10).map(({ event, specialist }) => [event.seq, event.data.text, specialist]);
  expect(found).toEqual([
    [6, 'why?', undefined],
    [9, 'so', 'owl'],
    [10, 'from before', undefined],
  ]);
  expect(fresh.after(4, 1).map(({ event }) => event.seq)).toEqual([6]);
  fresh.used(8);
  expect(sequences(fresh)).toEqual([9, 10]);
  expect(fresh.floor).toBe(4);
});

test('a turn without a specialist is known to have none', () => {
  const fresh = new Fresh(0);
  fresh.committed([at(1, requested('t', 'm')), at(2, finished('t', 'so'))]);
  expect(fresh.after(0, 1)[0]!.specialist).toBeNull();
});

test('turns of the same name in two sessions are two', () => {
  const fresh = new Fresh(0);
  fresh.committed([at(1, answering('t', 'owl'), 'a'), at(2, answering('t', 'fox'), 'b')]);
  fresh.committed([at(3, finished('t', 'so'), 'a'), at(4, finished('t', 'so'), 'b')]);
  expect(fresh.after(0, 9).map(({ specialist }) => specialist)).toEqual(['owl', 'fox']);
});

test('what a deleted session said is gone', () => {
  const fresh = new Fresh(0);
  fresh.committed([at(1, message('a', 'mine'), 'a'), at(2, message('b', 'yours'), 'b')]);
  fresh.committed([at(3, { type: 'session.deleted', data: {} }, 'a')]);
  expect(sequences(fresh)).toEqual([2]);
});

test('what is too much is dropped, oldest first, and the floor says so', () => {
  const [many, long] = [new Fresh(0), new Fresh(0)];
  for (let seq = 1; seq <= 5000; seq++) many.committed([at(seq, message(`m${seq}`, 'x'))]);
  expect(many.floor).toBe(2049);
  expect(sequences(many, many.floor)).toEqual(Array.from({ length: 5000 - 2049 }, (_, index) => 2050 + index));

  for (let seq = 1; seq <= 3; seq++) long.committed([at(seq, message(`m${seq}`, 'x'.repeat(900_000)))]);
  expect([long.floor, sequences(long, long.floor)]).toEqual([2, [3]]);
  long.committed([at(4, message('m4', 'x'.repeat(3_000_000)))]);
  expect([long.floor, sequences(long, long.floor)]).toEqual([4, []]);
});

test('more than is kept is found all the same', async () => {
  const folder = new Folder();
  try {
    const log = folder.open();
    const texts = Array.from({ length: 5000 }, (_, index) => message(`m${index}`, `number${index}`));
    await log.append({ session: 's', events: [created(), ...texts], durable: false });
    await log.indexed();
    for (const index of [0, 1, 904, 905, 2951, 4999])
      expect((await log.search(`"number${index}"`, { limit: 5 })).map(({ node }) => node)).toEqual([`m${index}`]);
    const count = folder.look((db) => db.prepare('SELECT count(*) FROM search_0').pluck().get());
    expect(count).toBe(5000);
  } finally {
    await folder.remove();
  }
});
