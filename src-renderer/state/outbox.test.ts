import { expect, test } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import { type KeyValue, memoryStorage } from './storage.ts';

interface Delivery {
  message: Outgoing;
  accept(): Promise<void>;
  refuse(problem: Problem): Promise<void>;
}

function setUp(storage: KeyValue = memoryStorage()) {
  const deliveries: Delivery[] = [];
  const timers: (() => void)[] = [];
  const line = { connected: true };
  let ids = 0;
  const outbox = new Outbox({
    deliver: (message) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => async () => {
          act();
          await new Promise((next) => setImmediate(next));
        };
        deliveries.push({
          message,
          accept: settle(() => resolve({})),
          refuse: (problem) => settle(() => reject(problem))(),
        });
      }),
    connected: () => line.connected,
    newId: () => `command-${++ids}`,
    storage,
    after: (_ms, run) => {
      timers.push(run);
      return () => {};
    },
  });
  return { outbox, deliveries, timers, line, storage };
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

test('a message is shown at once and forgotten on disk as soon as the server has it', async () => {
  const { outbox, deliveries, storage } = setUp();
  outbox.add(message('a'));
  expect(states(outbox)).toEqual([['a', 'sending']]);
  expect(storage.keys('')).toHaveLength(1);
  await deliveries[0]?.accept();
  expect(states(outbox)).toEqual([['a', 'sent']]);
  expect(storage.keys('')).toHaveLength(0);
  outbox.arrived((each) => each.message === 'a');
  expect(states(outbox)).toEqual([]);
});

test('without a connection it is kept, and sent with the same command id when there is one', async () => {
  const { outbox, deliveries, line } = setUp();
  line.connected = false;
  outbox.add(message('a'));
  expect(states(outbox)).toEqual([['a', 'kept']]);
  expect(deliveries).toHaveLength(0);
  line.connected = true;
  outbox.flush();
  expect(deliveries.map((each) => each.message.command)).toEqual(['command-1']);
});

test('a connection lost in mid-call is answered by asking again with the same command id', async () => {
  const { outbox, deliveries, timers } = setUp();
  outbox.add(message('a'));
  await deliveries[0]?.refuse(new Problem('DISCONNECTED', 'The connection is gone.'));
  expect(states(outbox)).toEqual([['a', 'kept']]);
  timers[0]?.();
  expect(deliveries.map((each) => each.message.command)).toEqual(['command-1', 'command-1']);
});

test('messages of one session go one after the other, those of another do not wait for them', async () => {
  const { outbox, deliveries } = setUp();
  outbox.add(message('a'));
  outbox.add(message('b'));
  outbox.add(message('c', 'other'));
  expect(deliveries.map((each) => each.message.message)).toEqual(['a', 'c']);
  await deliveries[0]?.accept();
  expect(deliveries.map((each) => each.message.message)).toEqual(['a', 'c', 'b']);
});

test('a refusal stays at the message with its text; again sends it as a new command', async () => {
  const { outbox, deliveries } = setUp();
  outbox.add(message('a'));
  await deliveries[0]?.refuse(new Problem('NEEDS_MODEL', 'Apollo needs a model.', 'Connect one.'));
  expect(outbox.store.getState()[0]).toMatchObject({
    state: 'refused',
    text: 'Text of a',
    problem: { code: 'NEEDS_MODEL', next: 'Connect one.' },
  });
  outbox.again('a');
  expect(deliveries.map((each) => each.message.command)).toEqual(['command-1', 'command-2']);
});

test('a refused message can be taken back to the composer, one under way cannot', async () => {
  const { outbox, deliveries, storage } = setUp();
  outbox.add(message('a'));
  expect(outbox.take('a')).toBeUndefined();
  await deliveries[0]?.refuse(new Problem('CONFLICT', 'No.'));
  expect(outbox.take('a')?.text).toBe('Text of a');
  expect(states(outbox)).toEqual([]);
  expect(storage.keys('')).toEqual([]);
});

test('what an earlier page left behind is read back, in order, and sent with its old command id', () => {
  const { outbox, storage, line } = setUp();
  line.connected = false;
  outbox.add({ ...message('b'), at: 2 });
  outbox.add({ ...message('a'), at: 1 });
  storage.set('choragus.outbox.broken', '{');
  const next = setUp(storage);
  expect(states(next.outbox)).toEqual([
    ['a', 'kept'],
    ['b', 'kept'],
  ]);
  next.outbox.flush();
  expect(next.deliveries[0]?.message.command).toBe('command-2');
});

test('an event that comes before the answer to the call leaves nothing behind', async () => {
  const { outbox, deliveries, storage } = setUp();
  outbox.add(message('a'));
  outbox.arrived((each) => each.message === 'a');
  await deliveries[0]?.accept();
  expect(states(outbox)).toEqual([]);
  expect(storage.keys('')).toEqual([]);
});
