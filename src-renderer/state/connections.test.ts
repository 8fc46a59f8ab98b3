import { expect, test } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Client } from '#shared/wire/client.ts';
import { FollowedConnections } from './connections.ts';

type Item = StreamItem<'connections.follow'>;

function setUp() {
  const told: string[] = [];
  let hear: (items: Item[]) => void = () => {};
  let refuse: (problem: Problem) => void = () => {};
  const client = {
    follow: (method: string, _: unknown, items: typeof hear, { onProblem }: { onProblem: typeof refuse }) => {
      told.push(method);
      hear = items;
      refuse = onProblem;
      return { close: () => told.push('let go') };
    },
  } as unknown as Client;
  const followed = new FollowedConnections(client);
  return { followed, told, hear: (...items: Item[]) => hear(items), refuse: (problem: Problem) => refuse(problem) };
}

const item = (total: number): Item => ({ you: 'a', total, connections: [] });

test('connections are followed once, as long as somebody shows them, and forgotten after', () => {
  const { followed, told, hear } = setUp();
  expect(told).toEqual([]);
  const one = followed.show();
  const other = followed.show();
  hear(item(1), item(2));
  expect(followed.store.getState().connected).toEqual(item(2));
  one();
  expect(told).toEqual(['connections.follow']);
  other();
  expect(told).toEqual(['connections.follow', 'let go']);
  expect(followed.store.getState().connected).toBeNull();
});

test('a refused follow says why, and is asked for again', () => {
  const { followed, told, hear, refuse } = setUp();
  followed.show();
  refuse(new Problem('BUSY', 'Too much.', 'Wait.'));
  expect(followed.store.getState().problem?.code).toBe('BUSY');
  followed.again();
  expect(followed.store.getState().problem).toBeNull();
  hear(item(1));
  expect(told).toEqual(['connections.follow', 'let go', 'connections.follow']);
  expect(followed.store.getState().connected).toEqual(item(1));
});
