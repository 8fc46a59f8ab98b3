import { expect, test } from 'vitest';
import type { CallParams, CallResult, StreamItem } from '#shared/contract/contract.ts';
import { emptySession, type MessageNode } from '#shared/domain/session.ts';
import type { Client } from '#shared/wire/client.ts';
import { Frames } from './frames.ts';
import { nodeAt } from './loaded.ts';
import { EVICT_MS, OpenSessions } from './open.ts';

type Items = StreamItem<'session.follow'>[];

const node = (place: number): MessageNode => ({
  kind: 'message',
  id: `n${place}`,
  parent: place === 0 ? null : `n${place - 1}`,
  depth: place,
  seq: place + 1,
  at: place,
  text: `${place}`,
  to: { specialist: 'apollo' },
});

function setUp() {
  const asked: CallParams<'sessions.path'>[] = [];
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
    call: async (_method: string, params: CallParams<'sessions.path'>): Promise<CallResult<'sessions.path'>> => {
      asked.push(params);
      const from = params.from ?? 0;
      const nodes = Array.from({ length: params.limit ?? 50 }, (_, index) => node(from + index));
      return { head: 'n999', length: 1000, from, nodes, families: {}, seq: 1 };
    },
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
  return { open, follows, timers, asked, paint: () => paint() };
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

test('whole pages around the reader are fetched, each once', async () => {
  const { open, follows, asked, paint } = setUp();
  open.show('s');
  const view = { ...emptySession('s'), head: 'n999', nodes: { n999: node(999) }, seq: 1000 };
  follows[0]?.items([{ ...snapshot(1000), view } as Items[number]]);
  paint();
  open.look('s', { from: 430, to: 470 });
  open.look('s', { from: 431, to: 471 });
  expect(asked.map(({ to, from, limit }) => [to, from, limit])).toEqual([
    ['n999', 400, 50],
    ['n999', 450, 50],
  ]);
  await Promise.resolve();
  await Promise.resolve();
  const loaded = open.store.getState().s!;
  expect(nodeAt(loaded, 430)?.id).toBe('n430');
  open.look('s', { from: 430, to: 470 });
  expect(asked).toHaveLength(2);
});

test('a message that is looked for stays here, however far from the reader it stands', async () => {
  const { open, follows, paint } = setUp();
  open.show('s');
  const view = { ...emptySession('s'), head: 'n999', nodes: {} as Record<string, MessageNode>, seq: 1000 };
  for (let place = 800; place < 1000; place++) view.nodes[`n${place}`] = node(place);
  follows[0]?.items([{ ...snapshot(1000), view } as Items[number]]);
  paint();
  open.look('s', { from: 980, to: 1000 });
  expect(await open.find('s', 'n20')).toBe('n999');
  expect(nodeAt(open.store.getState().s!, 20)?.id).toBe('n20');
  expect(nodeAt(open.store.getState().s!, 999)?.id).toBe('n999');
});
