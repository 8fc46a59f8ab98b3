import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallParams, StreamItem } from '#shared/contract/contract.ts';
import type { Event } from '#shared/domain/events.ts';
import { emptySession, foldSession, path, type SessionView } from '#shared/domain/session.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { type Composed, composed } from '../testing/composed.ts';

const id = () => uuidv7(Date.now(), Math.random);
const to = { provider: 'sim', model: 'steady' };
const simulator = (options: object) => ({ id: 'sim', kind: 'simulator', name: 'Simulator', options });

let dir: string;
let app: Composed;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-api-'));
  const providers = [simulator({ rate: 100_000, firstTokenMs: 0, tokens: 20 })];
  app = await composed(dir, { config: { localServices: false, providers } });
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

const wish = (session: string, more: object = {}): CallParams<'sessions.begin'> => ({
  command: id(),
  session,
  to,
  history: [{ role: 'user', text: 'What is a rose?' }],
  ...more,
});

/** Follows a session; `until` resolves with the first view for which `test` holds. */
function follow(session: string) {
  let view: SessionView = emptySession(session);
  let heard = () => {};
  const types: string[] = [];
  const following = app.client.follow(
    'session.follow',
    () => ({ session }),
    (items) => {
      for (const item of items) {
        types.push(item.kind === 'event' ? item.event.type : 'snapshot');
        view = item.kind === 'event' ? foldSession(view, item.event as Event) : item.view;
      }
      heard();
    },
  );
  const until = async (test: (view: SessionView) => boolean) => {
    while (!test(view))
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    return view;
  };
  return { until, types, close: () => following.close() };
}

const answered = (view: SessionView) => {
  const last = path(view).at(-1);
  return last?.kind === 'turn' && last.state === 'done';
};

test('a program begins a session with what was said elsewhere; sent again it has begun once', async () => {
  const session = id();
  const asked = wish(session, { made: { by: 'program', metadata: { client: 'x' } }, system: 'Be brief.' });
  const first = await app.client.call('sessions.begin', asked);
  const view = await follow(session).until(answered);
  expect(path(view).map((node) => node.id)).toEqual([expect.any(String), first.turn]);
  expect(view).toMatchObject({ title: 'What is a rose?', made: { metadata: { client: 'x' } } });
  expect(await app.client.call('sessions.begin', asked)).toEqual(first);
  await expect(app.client.call('sessions.begin', wish(session))).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a deleted session leaves every list and every window, and deleting it again by the same command is harmless', async () => {
  const session = id();
  await app.client.call('sessions.begin', wish(session));
  const list: StreamItem<'sessions.follow'>[] = [];
  let heard = () => {};
  app.client.follow(
    'sessions.follow',
    () => ({}),
    (items) => {
      list.push(...items);
      heard();
    },
  );
  const until = async (test: () => boolean) => {
    while (!test())
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
  };
  const window = follow(session);
  await window.until(answered);
  await until(() => list.length > 0);
  const command = id();
  await app.client.call('sessions.delete', { command, session });
  expect(await window.until((view) => view.deleted)).toMatchObject({ title: '', nodes: {}, head: null });
  await until(() => list.at(-1)!.kind === 'gone');
  expect(list.at(-1)).toEqual({ kind: 'gone', session });
  expect((await app.client.call('sessions.list', {})).sessions).toEqual([]);
  expect(await app.client.call('sessions.delete', { command, session })).toEqual({});
  const again = { command: id(), session };
  await expect(app.client.call('sessions.delete', again)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(app.client.call('sessions.create', again)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a session that was made for one answer is told to no list', async () => {
  const [hidden, shown] = [id(), id()];
  const seen: string[] = [];
  let heard = () => {};
  app.client.follow(
    'sessions.follow',
    () => ({}),
    (items) => {
      for (const item of items) seen.push(...(item.kind === 'changed' ? [item.session.id] : [item.kind]));
      heard();
    },
  );
  await app.client.call('sessions.begin', wish(hidden, { made: { by: 'completion' } }));
  await follow(hidden).until(answered);
  await app.client.call('sessions.begin', wish(shown, { made: { by: 'program' } }));
  while (!seen.includes(shown))
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  expect(seen).not.toContain(hidden);
  expect((await app.client.call('sessions.list', {})).sessions.map((row) => row.id)).toEqual([shown]);
});

test('however many were made for one answer at once, what changed beside them is told', async () => {
  const shown = id();
  const told = new Promise<void>((resolve) => {
    app.client.follow(
      'sessions.follow',
      () => ({}),
      (items) => {
        if (items.some((item) => item.kind === 'changed' && item.session.id === shown)) resolve();
      },
    );
  });
  const create = (session: string, by: 'completion' | 'program') =>
    app.client.call('sessions.create', { command: id(), session, made: { by } });
  await Promise.all(Array.from({ length: 300 }, () => create(id(), 'completion')).concat(create(shown, 'program')));
  await told;
});

test('whoever follows a session is present in it; a request that has a look is not', async () => {
  const session = id();
  await app.client.call('sessions.create', { command: id(), session });
  const here: string[] = [];
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  app.client.follow(
    'session.presence',
    () => ({ session }),
    (items) => {
      here.push(...items.map((item) => item.here.map(({ kind }) => kind).join()));
      first.resolve();
      if (here.at(-1) !== '') second.resolve();
    },
  );
  await first.promise;
  const who = { address: 'test', token: null, scopes: 'user' as const, host: null };
  for (const kind of ['request', 'ws', 'rpc'] as const) {
    const guest = app.choragus.admit({ ...who, kind }, { name: kind, version: '' }, () => 0);
    const source = await guest.open('session.follow', { session });
    await source.pull(1);
    if (kind === 'rpc') break;
    source.close();
    guest.leave();
  }
  await second.promise;
  expect(here).toEqual(['', 'rpc']);
});
