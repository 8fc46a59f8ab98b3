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

test('a button that is pressed twice gives its command once', () => {
  const { app, calls } = setUp();
  void app.act('t', 'turns.retry', { session: 's', turn: 't' });
  void app.act('t', 'turns.retry', { session: 's', turn: 't' });
  expect(calls).toHaveLength(1);
  expect(calls[0]?.params.command).toMatch(/^[0-9a-f-]{36}$/);
});
