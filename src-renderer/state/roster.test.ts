import { expect, test } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Client } from '#shared/wire/client.ts';
import { FollowedRoster, LET_GO_MS } from './roster.ts';

function setUp() {
  const told: string[] = [];
  const clock = fakeClock();
  let visible = true;
  let changed = () => {};
  let hear: (items: unknown[]) => void = () => {};
  const client = {
    follow: (_: string, __: unknown, items: typeof hear) => {
      told.push('follow');
      hear = items;
      return { close: () => told.push('let go') };
    },
    call: async (method: string) => void told.push(method),
  } as unknown as Client;
  const { store } = new FollowedRoster({
    client,
    visibility: {
      visible: () => visible,
      onChange: (listener) => {
        changed = listener;
      },
    },
    after: (ms, run) => clock.after(ms, run),
  });
  const turn = (to: 'hidden' | 'visible') => {
    visible = to === 'visible';
    changed();
  };
  return { told, clock, store, turn, hear: (roster: unknown) => hear([roster]) };
}

test('a window that is hidden for a while lets go, keeps what it shows, and follows anew when it is seen', () => {
  const { told, clock, store, turn, hear } = setUp();
  hear({ specialists: [] });
  turn('hidden');
  clock.advance(LET_GO_MS);
  expect(told).toEqual(['follow', 'let go']);
  expect(store.getState().roster).toEqual({ specialists: [] });
  turn('visible');
  expect(told).toEqual(['follow', 'let go', 'follow', 'providers.look']);
});

test('a short look elsewhere ends nothing, and whoever comes back sees what was started meanwhile', () => {
  const { told, clock, turn } = setUp();
  turn('hidden');
  clock.advance(LET_GO_MS - 1);
  turn('visible');
  clock.advance(LET_GO_MS);
  expect(told).toEqual(['follow', 'providers.look']);
});
