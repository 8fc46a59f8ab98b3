import { expect, test } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import type { Client } from '#shared/wire/client.ts';
import type { KeptCommand } from '#shared/wire/kept.ts';
import { Outbox } from './outbox.ts';

interface Delivery {
  method: string;
  params: Record<string, unknown>;
  options: unknown;
  accept(): Promise<void>;
  refuse(problem: Problem): Promise<void>;
}

const id = (nth: number) => `019b8d0a-0000-7000-8000-00000000000${nth}`;

function setUp() {
  const deliveries: Delivery[] = [];
  const forgotten: string[] = [];
  const line = { sent: true };
  let ids = 0;
  const client = {
    call: (method: string, params: Record<string, unknown>, options: unknown) =>
      new Promise((resolve, reject) => {
        const settle = async (act: () => void) => {
          act();
          await new Promise((next) => setImmediate(next));
        };
        deliveries.push({
          ...{ method, params, options },
          accept: () => settle(() => resolve({})),
          refuse: (problem) => settle(() => reject(problem)),
        });
      }),
    forget: (command: string) => {
      const underWay = outbox.store.getState().some((each) => each.command === command && each.state === 'kept');
      if (underWay && line.sent) return false;
      forgotten.push(command);
      return true;
    },
  } as unknown as Client;
  const outbox = new Outbox({ client, newId: () => id(++ids) });
  return { outbox, deliveries, forgotten, line };
}

const message = (id: string, session = 's') => ({
  session,
  message: id,
  text: `Text of ${id}`,
  to: { specialist: 'apollo' },
  at: 1,
  whileRunning: 'queue' as const,
  begins: false,
});
const states = (outbox: Outbox) => outbox.store.getState().map((each) => [each.message, each.state]);

test('a message is shown at once, given to the client to keep, and gone when its event comes', async () => {
  const { outbox, deliveries } = setUp();
  outbox.add(message('a'));
  expect(states(outbox)).toEqual([['a', 'kept']]);
  expect(deliveries[0]).toMatchObject({
    method: 'messages.send',
    params: { command: id(1), session: 's', message: 'a', text: 'Text of a', whileRunning: 'queue' },
    options: { keep: { about: { begins: false }, refusals: true } },
  });
  await deliveries[0]?.accept();
  expect(states(outbox)).toEqual([['a', 'sent']]);
  outbox.arrived((each) => each.message === 'a');
  expect(states(outbox)).toEqual([]);
});

test('messages are given in the order in which they were written', () => {
  const { outbox, deliveries } = setUp();
  outbox.add(message('a'));
  outbox.add({ ...message('b'), replaces: 'old' });
  outbox.add(message('c', 'other'));
  expect(deliveries.map(({ method, params }) => [method, params.message])).toEqual([
    ['messages.send', 'a'],
    ['messages.edit', 'b'],
    ['messages.send', 'c'],
  ]);
});

test('a refusal stays at the message with its text; again gives it as a new command and lets go of the old one', async () => {
  const { outbox, deliveries, forgotten } = setUp();
  outbox.add(message('a'));
  await deliveries[0]?.refuse(new Problem('NEEDS_MODEL', 'Apollo needs a model.', 'Connect one.'));
  expect(outbox.store.getState()[0]).toMatchObject({
    state: 'refused',
    text: 'Text of a',
    problem: { code: 'NEEDS_MODEL', next: 'Connect one.' },
  });
  outbox.again('a');
  expect(states(outbox)).toEqual([['a', 'kept']]);
  expect(deliveries.map(({ params }) => params.command)).toEqual([id(1), id(2)]);
  expect(forgotten).toEqual([id(1)]);
});

test('a message that was refused or never sent can be taken back to the composer, one under way cannot', async () => {
  const { outbox, deliveries, forgotten, line } = setUp();
  outbox.add(message('a'));
  expect(outbox.take('a')).toBeUndefined();
  await deliveries[0]?.refuse(new Problem('CONFLICT', 'No.'));
  expect(outbox.take('a')?.text).toBe('Text of a');
  line.sent = false;
  outbox.add(message('b'));
  expect(outbox.take('b')?.text).toBe('Text of b');
  expect(states(outbox)).toEqual([]);
  expect(forgotten).toEqual([id(1), id(2)]);
});

test('a page that goes leaves its messages as they are', async () => {
  const { outbox, deliveries } = setUp();
  outbox.add(message('a'));
  await deliveries[0]?.refuse(new Problem('DISCONNECTED', 'This client was closed.'));
  expect(states(outbox)).toEqual([['a', 'kept']]);
});

test('what an earlier page left is shown as it was, with what becomes of it; what is no message is not', async () => {
  const { outbox } = setUp();
  const kept = (nth: number, method: string, params: object, keep?: KeptCommand['keep']): KeptCommand => ({
    ...{ id: id(nth), method, at: nth, params: { command: id(nth), session: 's', ...params } },
    ...(keep && { keep }),
  });
  const keep = { about: { begins: true }, refusals: true };
  const said = { message: 'a', text: 'Text', to: { specialist: 'apollo' } };
  expect(outbox.found(kept(1, 'messages.send', { ...said, whileRunning: 'steer' }, keep), Promise.resolve())).toBe(
    true,
  );
  const expired = Promise.reject(new Problem('EXPIRED', 'That was too long ago.'));
  const edit = kept(2, 'messages.edit', { ...said, message: 'b', replaces: 'old' }, keep);
  expect(outbox.found(edit, expired)).toBe(true);
  const stop = kept(3, 'turns.stop', { turn: 't' }, { about: { place: 't' } });
  expect(outbox.found(stop, Promise.resolve())).toBe(false);
  await new Promise((next) => setImmediate(next));
  const shown = { session: 's', text: 'Text', to: { specialist: 'apollo' }, begins: true, whileRunning: 'steer' };
  expect(outbox.store.getState()).toEqual([
    { ...shown, command: id(1), message: 'a', at: 1, state: 'sent' },
    {
      ...{ ...shown, command: id(2), message: 'b', at: 2, replaces: 'old', state: 'refused' },
      problem: { code: 'EXPIRED', message: 'That was too long ago.' },
    },
  ]);
});

test('an event that comes before the answer to the call leaves nothing behind', async () => {
  const { outbox, deliveries } = setUp();
  outbox.add(message('a'));
  outbox.arrived((each) => each.message === 'a');
  await deliveries[0]?.accept();
  expect(states(outbox)).toEqual([]);
});
