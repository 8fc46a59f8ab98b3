import { expect, test } from 'vitest';
import type { CallResult, StreamItem } from '#shared/contract/contract.ts';
import { emptySession } from '#shared/domain/session.ts';
import type { Client } from '#shared/wire/client.ts';
import { Frames } from './frames.ts';
import { EVICT_MS, OpenSessions } from './open.ts';

type Items = StreamItem<'session.follow'>[];

function setUp() {
  let paint = () => {};
  const frames = new Frames({
    frame: (run) => {
      paint = run;
      return () => {};
    },
    soon: () => () => {},
    hidden: () => false,
    onHidden: () => {},
  });
  const follows: { params(): unknown; items(items: Items): void; closed: boolean }[] = [];
  const timers: { ms: number; run: () => void; cancelled: boolean }[] = [];
  const client = {
    follow: (_method: string, params: () => unknown, items: (items: Items) => void) => {
      const follow = { params, items, closed: false };
      follows.push(follow);
      return {
        close: () => {
          follow.closed = true;
        },
      };
    },
    call: async (): Promise<CallResult<'sessions.older'>> => ({ events: [], more: false }),
  } as unknown as Client;
  const open = new OpenSessions({
    client,
    frames,
    changed: () => {},
    after: (ms, run) => {
      const timer = { ms, run, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
  });
  return { open, follows, timers, paint: () => paint() };
}

const snapshot = (seq: number): Items[number] => ({
  kind: 'snapshot',
  cursor: `e:${seq}`,
  recovered: true,
  more: true,
  view: { ...emptySession('s'), title: `Title ${seq}`, seq },
});

test('what arrives between two frames is one snapshot', () => {
  const { open, follows, paint } = setUp();
  let told = 0;
  open.show('s');
  open.store.subscribe(() => {
    told++;
  });
  follows[0]?.items([snapshot(1)]);
  follows[0]?.items([snapshot(2)]);
  expect(open.store.getState().s?.ready).toBe(false);
  paint();
  expect(open.store.getState().s?.view.title).toBe('Title 2');
  expect(told).toBe(1);
});

test('a session that comes back to the screen in time is followed from its cursor', () => {
  const { open, follows, timers, paint } = setUp();
  const leave = open.show('s');
  expect(follows[0]?.params()).toEqual({ session: 's' });
  follows[0]?.items([snapshot(7)]);
  paint();
  leave();
  expect(follows[0]?.closed).toBe(true);
  open.show('s');
  expect(follows[1]?.params()).toEqual({ session: 's', cursor: 'e:7' });
  expect(timers.map(({ ms, cancelled }) => [ms, cancelled])).toEqual([[EVICT_MS, true]]);
});

test('a session off screen is let go of after five minutes', () => {
  const { open, follows, timers, paint } = setUp();
  const leave = open.show('s');
  follows[0]?.items([snapshot(7)]);
  paint();
  leave();
  timers[0]?.run();
  expect(open.store.getState()).toEqual({});
  open.show('s');
  expect(follows[1]?.params()).toEqual({ session: 's' });
});

test('a session that two views show is followed once and until both have left', () => {
  const { open, follows } = setUp();
  const first = open.show('s');
  const second = open.show('s');
  expect(follows).toHaveLength(1);
  first();
  expect(follows[0]?.closed).toBe(false);
  second();
  expect(follows[0]?.closed).toBe(true);
});
