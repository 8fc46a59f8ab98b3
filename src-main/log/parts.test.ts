import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event } from '#shared/domain/events.ts';
import { emptySession, foldSession } from '#shared/domain/session.ts';
import { choices, history } from '#shared/domain/testing/history.ts';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, part, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const HOUR = 3600_000;
const countParts = () =>
  folder.look(
    (db) => db.prepare<[], number>(`SELECT count(*) FROM named_events WHERE type = 'turn.part'`).pluck().get()!,
  );
const until = (count: number) => vi.waitFor(() => expect(countParts()).toBe(count), { interval: 5 });

const kept = (session: string) =>
  folder.look((db) => db.prepare('SELECT seq FROM named_events WHERE session = ? ORDER BY seq').pluck().all(session));

async function turn(log: Log, name: string, pieces: number, end = true): Promise<Event[]> {
  const written = [log.append(batch('s', [message(`m${name}`, 'Hello'), requested(name, `m${name}`)]))];
  for (let index = 0; index < pieces; index++) written.push(log.append(batch('s', [part(name, index, 'x')])));
  if (end) {
    const track = { type: 'turn.timed' as const, data: { turn: name, track: [1, 2, 3] } };
    written.push(log.append(batch('s', [finished(name, 'x'.repeat(pieces)), track])));
  }
  return (await Promise.all(written)).flat();
}

test('parts of an ended turn go after an hour, and no view changes by it', async () => {
  const log = folder.open();
  const events = [...(await log.append(batch('s', [created()])))];
  events.push(...(await turn(log, 'long', 1200)), ...(await turn(log, 'running', 30, false)));
  const before = await log.snapshot('s', 100);
  expect(countParts()).toBe(1230);

  folder.clock.advance(HOUR - 1);
  await new Promise(setImmediate);
  expect(countParts()).toBe(1230);
  folder.clock.advance(1);
  await until(30);
  expect(await log.snapshot('s', 100)).toEqual(before);
  expect(before!.view).toEqual(events.reduce(foldSession, emptySession('s')));
  expect(
    folder.look((db) => db.prepare(`SELECT count(*) FROM named_events WHERE type = 'turn.timed'`).pluck().get()),
  ).toBe(1);
});

test('of turns that ran at once each loses its own parts, when its own hour is over', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  for (const name of ['one', 'two', 'three']) await turn(log, name, 0, false);
  for (let index = 0; index < 1500; index++)
    for (const name of ['one', 'two', 'three']) void log.append(batch('s', [part(name, index, 'x')]));
  await log.append(batch('s', [finished('two', 'x'.repeat(1500))]));
  folder.clock.advance(HOUR / 2);
  await log.append(batch('s', [finished('one', 'x'.repeat(1500))]));
  folder.clock.advance(HOUR / 2);
  await until(3000);
  folder.clock.advance(HOUR / 2);
  await until(1500);
  expect((await log.turn('s', 'three'))!.text).toBe('x'.repeat(1500));
});

test('a follower whose cursor lies inside deleted parts gets the end with all of the text', async () => {
  const log = folder.open();
  const events = [...(await log.append(batch('s', [created()]))), ...(await turn(log, 't', 40))];
  folder.clock.advance(HOUR);
  await until(0);
  const whole = events.reduce(foldSession, emptySession('s'));
  for (const seen of [0, 2, 10, 30, events.length]) {
    const view = events.slice(0, seen).reduce(foldSession, emptySession('s'));
    expect(log.floor('s')).toBeLessThanOrEqual(view.seq);
    const follower = log.follow({ session: 's', after: view.seq, ready: () => {} });
    const rest = [...(await follower.read(3)), ...(await follower.read(100))];
    expect(rest.reduce(foldSession, view)).toEqual(whole);
    follower.close();
  }
});

test('whatever happened, snapshots stay the same and every old cursor leads to the same view', async () => {
  const log = folder.open();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(choices, fc.nat(300), async (steps, seen) => {
      const session = `s${++count}`;
      const events = (await Promise.all(history(steps).map((event) => log.append(batch(session, [event]))))).flat();
      const before = await log.snapshot(session, 1000);
      folder.clock.advance(HOUR);
      const ended = new Set(events.flatMap((event) => (event.type === 'turn.finished' ? [event.data.turn] : [])));
      const left = events.filter((event) => event.type !== 'turn.part' || !ended.has(event.data.turn));
      await vi.waitFor(() => expect(kept(session)).toEqual(left.map(({ seq }) => seq)), { interval: 2 });
      expect(await log.read({ session, limit: 1000 })).toEqual(left);
      expect(await log.snapshot(session, 1000)).toEqual(before);

      const view = events.slice(0, seen).reduce(foldSession, emptySession(session));
      const follower = log.follow({ session, after: view.seq, ready: () => {} });
      const rest: Event[] = [];
      for (let page = await follower.read(1000); page.length > 0; page = await follower.read(1000)) rest.push(...page);
      follower.close();
      expect(rest.reduce(foldSession, view)).toEqual(before!.view);
    }),
    { numRuns: 40 },
  );
});

test('opening looks once for what is old, and waits only while there is something to wait for', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  await log.indexed();
  // What is to be packed later, and no parts.
  expect(folder.clock.timers).toBe(1);
  await turn(log, 'one', 20);
  folder.clock.advance(HOUR / 2);
  await turn(log, 'two', 20);
  await log.indexed();
  await folder.close(log);
  expect(folder.clock.timers).toBe(0);

  folder.clock.advance(HOUR / 2);
  const again = folder.open();
  await until(20);
  await again.indexed();
  // One of parts, one of what is to be packed.
  await vi.waitFor(() => expect(folder.clock.timers).toBe(2), { interval: 5 });
  folder.clock.advance(HOUR / 2);
  await until(0);
  folder.clock.advance(2 * HOUR);
  await vi.waitFor(() => expect([kept('s'), folder.clock.timers]).toEqual([[], 0]), { interval: 5 });
});

test('a clock that was set back deletes nothing too early', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  folder.clock.jump(-24 * HOUR);
  await turn(log, 't', 20);
  folder.clock.jump(-HOUR);
  folder.clock.advance(HOUR);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(countParts()).toBe(20);
  folder.clock.advance(HOUR);
  await until(0);
});
