import { beforeEach, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '../kit/testing/clock.ts';
import { Feed } from './feed.ts';
import { Outbox } from './outbox.ts';

let clock: FakeClock;
let congested: boolean;
/** What the source has. */
let stock: number[];
let sent: { method: string; params: { items?: number[]; error?: { data: { code: string } } } }[];
let tell: () => void;
let feed: Feed;
beforeEach(async () => {
  clock = fakeClock();
  congested = false;
  stock = [];
  sent = [];
  feed = new Feed({
    id: 1,
    clock,
    outbox: new Outbox({
      send: (batch) => void sent.push(...(batch as typeof sent)),
      sent: () => feed.sent(),
    }),
    congested: () => congested,
    over: () => {},
    log: (what) => expect.unreachable(what),
  });
  feed.open({
    pull: async (max) => stock.splice(0, max),
    onReady: (ready) => {
      tell = ready;
    },
    close: () => {},
  });
  await settled();
});
const settled = () => new Promise(setImmediate);

it('a stream that is idle when credit comes through a clogged pipe is not ended', async () => {
  congested = true;
  feed.give(1);
  expect(clock.timers).toBe(0);
  clock.advance(120_000);
  congested = false;
  stock = [7];
  tell();
  await settled();
  expect(sent.map(({ params }) => params.items)).toEqual([[7]]);
});

it('a stream that has something for a clogged pipe is ended after a minute', async () => {
  congested = true;
  stock = [7];
  tell();
  clock.advance(59_999);
  await settled();
  expect(sent).toEqual([]);
  clock.advance(1);
  await settled();
  expect(sent.map(({ params }) => params.error?.data.code)).toEqual(['TIMEOUT']);
});

it('a pipe that is free again ends the wait, even when there was nothing after all', async () => {
  congested = true;
  tell();
  expect(clock.timers).toBe(1);
  congested = false;
  feed.step();
  await settled();
  expect(clock.timers).toBe(0);
  clock.advance(120_000);
  expect(sent).toEqual([]);
});
