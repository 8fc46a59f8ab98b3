import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Client, ClientState } from '#shared/wire/client.ts';
import { App, NEW } from './app.ts';
import { Frames } from './frames.ts';
import { parseRoute } from './route.ts';
import { memoryStorage } from './storage.ts';

const settled = () => new Promise((next) => setImmediate(next));

function setUp() {
  const calls: {
    method: string;
    params: Record<string, unknown>;
    resolve(value: object): void;
    reject(error: unknown): void;
  }[] = [];
  const client = {
    hello: null,
    call: (method: string, params: Record<string, unknown>) =>
      new Promise((resolve, reject) => {
        calls.push({ method, params, resolve, reject });
      }),
    follow: () => ({ close: () => {} }),
    retryNow: () => {},
  } as unknown as Client;
  let tell: (state: ClientState) => void = () => {};
  const route = createStore(() => parseRoute(''));
  const storage = memoryStorage();
  const app = new App({
    link: {
      client,
      state: { kind: 'connected', attempt: 0 },
      onState: (listener) => {
        tell = listener;
        return () => {};
      },
    },
    route,
    goTo: (href) => route.setState(parseRoute(href), true),
    clock: fakeClock(),
    random: Math.random,
    storage,
    frames: new Frames({ frame: () => () => {}, soon: () => () => {}, hidden: () => false, onHidden: () => {} }),
    visibility: { visible: () => true, onChange: () => {} },
  });
  return { app, calls, route, tell: (state: ClientState) => tell(state) };
}

const to = { specialist: 'apollo' };
const wish = { text: 'Hello', to, whileRunning: 'queue' as const };

test('the first message begins a session under an id made here, and shows it', () => {
  const { app, calls, route } = setUp();
  app.drafts.write(NEW, { text: 'Hello' });
  app.send({ ...wish, session: null });
  expect(calls.map(({ method }) => method)).toEqual(['messages.send']);
  expect(route.getState()).toMatchObject({ session: calls[0]?.params.session });
  expect(app.drafts.get(NEW).text).toBe('');
});

test('a message written while away goes out with the next connection, once', async () => {
  const { app, calls, tell } = setUp();
  tell({ kind: 'reconnecting', attempt: 1 });
  app.send({ ...wish, session: 's' });
  expect(calls).toHaveLength(0);
  tell({ kind: 'connected', attempt: 0 });
  calls[0]?.resolve({ turn: null });
  await settled();
  tell({ kind: 'reconnecting', attempt: 1 });
  tell({ kind: 'connected', attempt: 0 });
  expect(calls).toHaveLength(1);
});

test('other words for a message go as an edit that names the old one', () => {
  const { app, calls } = setUp();
  app.reword('s', 'old', 'Better', to);
  expect(calls[0]).toMatchObject({ method: 'messages.edit', params: { replaces: 'old', text: 'Better' } });
});

test('a refused message comes back in front of what stands in the composer', async () => {
  const { app, calls } = setUp();
  app.send({ ...wish, session: 's' });
  app.drafts.write('s', { text: 'More' });
  calls[0]?.reject(new Problem('LIMIT', 'Too many.'));
  await settled();
  app.takeBack(String(calls[0]?.params.message));
  expect(app.drafts.get('s')).toEqual({ text: 'Hello\n\nMore', to });
  expect(app.outbox.store.getState()).toEqual([]);
});

test('a refused first message comes back to the place where a conversation begins', async () => {
  const { app, calls, route } = setUp();
  app.send({ ...wish, session: null });
  calls[0]?.reject(new Problem('NEEDS_MODEL', 'Apollo needs a model.'));
  await settled();
  app.takeBack(String(calls[0]?.params.message));
  expect(route.getState()).toMatchObject({ session: null });
  expect(app.drafts.get(NEW).text).toBe('Hello');
});

test('what goes wrong with a command is kept for the place where it was given, until the next one there', async () => {
  const { app, calls } = setUp();
  const first = app.act('t', 'turns.retry', { session: 's', turn: 't' });
  calls[0]?.reject(new Problem('NEEDS_MODEL', 'Apollo needs a model.'));
  expect(await first).toBeUndefined();
  expect(app.troubles.getState().t?.code).toBe('NEEDS_MODEL');
  void app.act('t', 'turns.retry', { session: 's', turn: 't' });
  expect(app.troubles.getState()).toEqual({});
});

test('a button that is pressed twice gives its command once, and tells both how it went', async () => {
  const { app, calls } = setUp();
  const pressed = [1, 2].map(() => app.act('t', 'turns.retry', { session: 's', turn: 't' }));
  expect(calls).toHaveLength(1);
  expect(calls[0]?.params.command).toMatch(/^[0-9a-f-]{36}$/);
  calls[0]?.resolve({ turn: 'u' });
  expect(await Promise.all(pressed)).toEqual([{ turn: 'u' }, { turn: 'u' }]);
});

test('what is wanted otherwise while a command is under way is a command of its own, so the last wish counts', async () => {
  const { app, calls } = setUp();
  const given = (['local', 'any', 'local', 'local'] as const).map((automatic) =>
    app.act('automatic', 'automatic.set', { automatic }),
  );
  expect(calls.map(({ params }) => params.automatic)).toEqual(['local', 'any', 'local']);
  expect(new Set(calls.map(({ params }) => params.command)).size).toBe(3);
  for (const call of calls) call.resolve({});
  await Promise.all(given);
  void app.act('automatic', 'automatic.set', { automatic: 'local' });
  expect(calls).toHaveLength(4);
});

test('the same words said twice are told twice', () => {
  const { app } = setUp();
  app.say('Apollo has answered.');
  const first = app.said.getState();
  app.say('Apollo has answered.');
  expect(app.said.getState()).toEqual({ ...first, nth: first.nth + 1 });
});
