import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Client, ClientState } from '#shared/wire/client.ts';
import type { KeptCommand } from '#shared/wire/kept.ts';
import { App, NEW, wishKey } from './app.ts';
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
    forget: (command: string) => forgotten.push(command) > 0,
  } as unknown as Client;
  const forgotten: string[] = [];
  let found: (command: KeptCommand, outcome: Promise<unknown>) => void = () => {};
  let tell: (state: ClientState) => void = () => {};
  let paint = () => {};
  const frame = (run: () => void) => {
    paint = run;
    return () => {};
  };
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
      onKept: (listener) => {
        found = listener;
        return () => {};
      },
      onUnkept: () => () => {},
    },
    route,
    goTo: (href) => route.setState(parseRoute(href), true),
    clock: fakeClock(),
    random: Math.random,
    storage,
    window: { id: 'w', lives: () => false },
    frames: new Frames({ frame, soon: () => () => {}, hidden: () => false, onHidden: () => {} }),
    visibility: { visible: () => true, onChange: () => {} },
    saver: { save: async () => {} },
  });
  return {
    app,
    paint: () => paint(),
    calls,
    route,
    forgotten,
    found: (...told: Parameters<typeof found>) => found(...told),
    tell: (state: ClientState) => tell(state),
  };
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

test('a message written while away is given to the client at once, which keeps it for the next connection', () => {
  const { app, calls, tell } = setUp();
  tell({ kind: 'reconnecting', attempt: 1 });
  app.send({ ...wish, session: 's' });
  expect(calls.map(({ params }) => params.text)).toEqual(['Hello']);
  tell({ kind: 'connected', attempt: 0 });
  expect(calls).toHaveLength(1);
});

test('other words for a message go as an edit that names the old one', () => {
  const { app, calls } = setUp();
  app.reword('s', 'old', 'Better', to);
  expect(calls[0]).toMatchObject({ method: 'messages.edit', params: { replaces: 'old', text: 'Better' } });
});

test('a refused message comes back in front of what stands in the composer', async () => {
  const { app, calls, forgotten } = setUp();
  app.send({ ...wish, session: 's' });
  app.drafts.write('s', { text: 'More' });
  calls[0]?.reject(new Problem('LIMIT', 'Too many.'));
  await settled();
  app.takeBack(String(calls[0]?.params.message));
  expect(app.drafts.get('s')).toEqual({ text: 'Hello\n\nMore', to });
  expect(forgotten).toEqual([calls[0]?.params.command]);
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

test('what an earlier page gave and is refused now is told at its place, and its text comes back', async () => {
  const { app, found } = setUp();
  const command = '019b8d0a-0000-7000-8000-000000000000';
  app.drafts.write('s', { text: 'More' });
  found(
    {
      ...{ id: command, at: 1, method: 'queue.edit', keep: { about: { place: 'm' } } },
      params: { command, session: 's', message: 'm', text: 'Other words', to },
    },
    Promise.reject(new Problem('NOT_FOUND', 'It was sent meanwhile.')),
  );
  await settled();
  expect(app.troubles.getState().m?.code).toBe('NOT_FOUND');
  expect(app.drafts.get('s').text).toBe('Other words\n\nMore');
  expect(app.outbox.store.getState()).toEqual([]);
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

test('what is done is shown as a wish until the frame after the answer, and only the newest counts', async () => {
  const { app, calls, paint } = setUp();
  const rename = (title: string) => app.act('rename s', 'sessions.rename', { session: 's', title });
  const shown = () => app.wishes.getState()[wishKey('rename s', 'sessions.rename')];
  const given = ['One', 'Two'].map(rename);
  calls[0]?.resolve({});
  await given[0];
  paint();
  expect(shown()).toMatchObject({ title: 'Two' });
  calls[1]?.reject(new Problem('NOT_FOUND', 'There is no such session.'));
  await given[1];
  expect(shown()).toMatchObject({ title: 'Two' });
  paint();
  expect(shown()).toBeUndefined();
});

test('the same words said twice are told twice', () => {
  const { app } = setUp();
  app.say('Apollo has answered.');
  const first = app.said.getState();
  app.say('Apollo has answered.');
  expect(app.said.getState()).toEqual({ ...first, nth: first.nth + 1 });
});
