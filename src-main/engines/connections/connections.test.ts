import { expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { Connections, type Newcomer } from './connections.ts';

function some({ most = 10 } = {}) {
  let id = 0;
  const connections = new Connections({ clock: fakeClock(), newId: () => `c${++id}`, most });
  const closed: string[] = [];
  const open = (change: Partial<Newcomer> = {}) =>
    connections.open({
      kind: 'rpc',
      address: '127.0.0.1:1',
      token: null,
      client: () => ({ name: 'test', version: '1' }),
      waiting: () => 3,
      follows: () => 2,
      close: (reason) => closed.push(reason),
      ...change,
    });
  return { connections, open, closed };
}

it('shows who is there, as they are now', () => {
  const { connections, open } = some();
  let name = 'unknown';
  const first = open({ client: () => ({ name, version: '7' }), token: { id: 't', name: 'Editor' } });
  open({ kind: 'window', address: null });
  name = 'editor';
  first.roundTripMs = 4;
  expect(connections.list()).toEqual([
    {
      id: 'c1',
      kind: 'rpc',
      name: 'editor',
      version: '7',
      address: '127.0.0.1:1',
      token: { id: 't', name: 'Editor' },
      since: expect.any(Number),
      roundTripMs: 4,
      waiting: 3,
      follows: 2,
    },
    expect.objectContaining({ id: 'c2', kind: 'window', address: null }),
  ]);
  first.left();
  expect(connections.list().map(({ id }) => id)).toEqual(['c2']);
});

it('tells who came and went, each once', () => {
  const { connections, open } = some();
  const told: string[] = [];
  connections.opened.on(({ id }) => told.push(`+${id}`));
  connections.closed.on(({ id }) => told.push(`-${id}`));
  const one = open();
  one.left();
  one.left();
  expect(told).toEqual(['+c1', '-c1']);
});

it('has room for so many, and for a window of the desktop always', () => {
  const { open } = some({ most: 2 });
  const first = open();
  open();
  expect(() => open()).toThrow(expect.objectContaining({ code: 'LIMIT' }));
  open({ kind: 'window', address: null });
  first.left();
  open();
  expect(() => open()).toThrow(expect.objectContaining({ code: 'LIMIT' }));
});

it('closes one, or all that came in by a token', () => {
  const { connections, open, closed } = some();
  const one = open();
  open({ token: { id: 't', name: 'Editor' } });
  connections.close(one.id);
  connections.closeToken('t', 'The access token was removed.');
  expect(closed).toEqual(['It was closed in Settings.', 'The access token was removed.']);
  expect(() => connections.close('nobody')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

it('knows who has a session open, and tells when that changes', () => {
  const { connections, open } = some();
  const changes: string[] = [];
  connections.presenceChanged.on((session) => changes.push(session));
  const [one, other] = [open(), open({ kind: 'window', address: null })];
  const leave = one.enter('s');
  const leaveAgain = one.enter('s');
  other.enter('s');
  expect(connections.presence('s', other.id).map(({ connection, you }) => [connection, you])).toEqual([
    ['c1', false],
    ['c2', true],
  ]);
  leave();
  leave();
  expect(connections.presence('s', 'x').map(({ connection }) => connection)).toEqual(['c1', 'c2']);
  leaveAgain();
  other.left();
  expect(connections.presence('s', 'x')).toEqual([]);
  expect(changes).toEqual(['s', 's', 's', 's']);
});
