import { expect, test } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { MAX_FRAME, streams } from '#shared/contract/contract.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import { Connections } from '../engines/connections/connections.ts';
import { connectionStreams } from './connections.ts';

type Item = StreamItem<'connections.follow'>;

async function setUp(before = 0) {
  const clock = fakeClock();
  let number = 0;
  const connections = new Connections({ clock, newId: () => `c${number++}`, most: 12_000 });
  let waiting = 0;
  const open = () =>
    connections.open({
      kind: 'rpc',
      address: '127.0.0.1:50000',
      token: { id: 't'.repeat(64), name: 'n'.repeat(100) },
      client: () => ({ name: 'n'.repeat(100), version: 'v'.repeat(50) }),
      waiting: () => waiting,
      follows: () => 1,
      close: () => {},
    });
  for (let i = 0; i < before; i++) open();
  const self = open();
  const streamsOf = connectionStreams(connections, clock, self);
  const context = {} as Parameters<(typeof streamsOf)['connections.follow']>[1];
  const source = (await streamsOf['connections.follow']({}, context)) as Source<Item>;
  let ready = 0;
  source.onReady(() => ready++);
  const pull = async () => (await source.pull(1))?.[0];
  return {
    clock,
    connections,
    open,
    self,
    source,
    pull,
    readied: () => ready,
    wait: (bytes: number) => (waiting = bytes),
  };
}

test('whoever asks is told at once, again when a figure has changed, and not while all is as it was', async () => {
  const { clock, pull, self, readied, wait, source } = await setUp();
  expect(await pull()).toMatchObject({ you: self.id, total: 1, connections: [{ id: self.id, waiting: 0 }] });
  expect(await pull()).toBeUndefined();
  wait(120_000);
  clock.advance(1000);
  expect(readied()).toBe(1);
  expect(await pull()).toMatchObject({ connections: [{ waiting: 120_000 }] });
  source.close();
  expect(clock.timers).toBe(0);
});

test('where somebody comes all the time it is told twice a second, no more and no less', async () => {
  const { clock, open, readied } = await setUp();
  for (let i = 0; i < 100; i++) {
    open();
    clock.advance(50);
  }
  expect(readied()).toBeGreaterThanOrEqual(9);
  expect(readied()).toBeLessThanOrEqual(11);
});

test('of very many the oldest are told, and the one that asks, in a frame', async () => {
  const { pull, self } = await setUp(12_000 - 1);
  const item = await pull();
  expect(item).toMatchObject({ you: self.id, total: 12_000 });
  expect(item?.connections).toHaveLength(200);
  expect(item?.connections[0]?.id).toBe('c0');
  expect(item?.connections.at(-1)?.id).toBe(self.id);
  expect(streams['connections.follow'].item.safeParse(item).success).toBe(true);
  expect(JSON.stringify(item).length).toBeLessThan(MAX_FRAME);
});
