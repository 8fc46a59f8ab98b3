import { expect, test } from 'vitest';
import type { Presence } from '#shared/domain/connections.ts';
import type { Client } from '#shared/wire/client.ts';
import { FollowedPresence } from './presence.ts';

function setUp() {
  const told: string[] = [];
  const hears = new Map<string, (items: { here: Presence[] }[]) => void>();
  const client = {
    follow: (_: string, params: () => { session: string }, items: (items: { here: Presence[] }[]) => void) => {
      const { session } = params();
      told.push(`follow ${session}`);
      hears.set(session, items);
      return { close: () => told.push(`let go ${session}`) };
    },
  } as unknown as Client;
  const presence = new FollowedPresence(client);
  const hear = (session: string, ...heres: Presence[][]) => hears.get(session)?.(heres.map((here) => ({ here })));
  return { presence, told, hear };
}

const somebody = (connection: string, you = false): Presence => ({
  connection,
  kind: 'window',
  name: 'window',
  since: 0,
  you,
});

test('of a session on screen the others are known, as they were told last', () => {
  const { presence, hear } = setUp();
  presence.show('s');
  expect(presence.store.getState()).toEqual({});
  hear('s', [somebody('a', true)], [somebody('a', true), somebody('b')]);
  expect(presence.store.getState()).toEqual({ s: [somebody('b')] });
  hear('s', [somebody('a', true)]);
  expect(presence.store.getState()).toEqual({ s: [] });
});

test('a session that leaves the screen is let go of, the next one is followed, and nobody is carried over', () => {
  const { presence, told, hear } = setUp();
  const leave = presence.show('s');
  const also = presence.show('s');
  hear('s', [somebody('b')]);
  leave();
  expect(presence.store.getState()).toEqual({ s: [somebody('b')] });
  also();
  expect(presence.store.getState()).toEqual({});
  presence.show('t');
  expect(told).toEqual(['follow s', 'let go s', 'follow t']);
});
