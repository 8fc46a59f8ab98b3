import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { keptTopics, type Topic, topicNames, topics } from '#shared/contract/topics.ts';
import type { NewEvent } from '#shared/domain/events.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { Signal } from '#shared/kit/signal.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Caller } from '../compose.ts';
import { Connections } from '../engines/connections/connections.ts';
import { Notices } from '../engines/keeping/notices.ts';
import type { Log } from '../log/log.ts';
import { batch, created, Folder, observed, part, requested } from '../log/testing/folder.ts';
import { composed } from '../testing/composed.ts';
import { topicStreams } from './topics.ts';

type Item = StreamItem<'topics.follow'>;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const id = () => uuidv7(Date.now(), Math.random);
const user: Caller = { kind: 'rpc', address: 'test', token: null, scopes: 'user', host: null };

/** Takes items as they come, until there is one of each of the topics. */
async function until(source: Source<Item>, wanted: readonly Topic[], act: () => unknown = () => {}): Promise<Item[]> {
  const items: Item[] = [];
  let news = Promise.withResolvers<void>();
  source.onReady(() => news.resolve());
  const acting = Promise.resolve().then(act);
  while (!wanted.every((topic) => items.some((item) => item.topic === topic))) {
    const { promise } = news;
    const pulled = (await source.pull(100)) ?? [];
    items.push(...pulled);
    if (pulled.length > 0) continue;
    await promise;
    news = Promise.withResolvers();
  }
  await acting;
  return items;
}

test('every topic happens in an app at work, and what it tells is what its schema says', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'choragus-topics-'));
  ends.push(() => rmSync(dir, { recursive: true }));
  const simulator = { id: 'sim', kind: 'simulator', options: { rate: 2000, firstTokenMs: 1, tokens: 30, failures: 1 } };
  const { choragus, close } = await composed(dir, {
    config: { providers: [simulator], localServices: false },
    notices: [{ message: 'A damaged file was set aside.' }],
  });
  ends.push(close);

  const watcher = choragus.admit(user, { name: 'watcher', version: '1' }, () => 0);
  const source = await watcher.open('topics.follow', { topics: ['*'], cursor: 'elsewhere:7' });
  ends.push(() => source.close());
  const seen: Item[] = [];
  const during = async (wanted: Topic[], act: () => unknown = () => {}) =>
    seen.push(...(await until(source, wanted, act)));
  const { call } = choragus.admit(user, { name: 'actor', version: '1' }, () => 0);
  const to = (model: string) => ({ provider: 'sim', model });
  const session = id();

  await during(['system.reset', 'system.notice', 'specialist.status', 'connection.opened']);
  await during(['connection.closed'], () => watcher.leave());
  await during(['session.created', 'session.renamed'], async () => {
    await call('sessions.create', { command: id(), session });
    await call('sessions.rename', { command: id(), session, title: 'Named' });
  });
  await during(
    ['session.message', 'turn.requested', 'turn.connecting', 'turn.waiting', 'session.queued', 'session.requeued'],
    async () => {
      await call('messages.send', { command: id(), session, message: 'm1', text: 'One?', to: to('fails') });
      await call('messages.send', { command: id(), session, message: 'm2', text: 'Two?', to: to('steady') });
      await call('queue.edit', { command: id(), session, message: 'm2', text: 'Too?', to: to('steady') });
    },
  );
  await during(['session.unqueued'], () => call('queue.remove', { command: id(), session, message: 'm2' }));
  await during(['turn.part', 'turn.finished']);
  await during(['session.moved'], async () => {
    const reworded = { replaces: 'm1', message: 'm3', text: 'One, please.', to: to('steady') };
    await call('messages.edit', { command: id(), session, ...reworded });
    await call('sessions.select', { command: id(), session, node: 'm1' });
  });
  await during(['session.arranged'], () => call('sessions.arrange', { command: id(), session, pinned: true }));
  await during(['session.window'], async () => {
    const window = { exchanges: 3, tokens: null, summary: false, summarizer: null, since: null };
    await call('sessions.setWindow', { command: id(), session, window });
  });
  await during(['session.deleted'], () => call('sessions.delete', { command: id(), session }));

  expect([...new Set(seen.map(({ topic }) => topic))].sort()).toEqual([...topicNames].sort());
  for (const { topic, data } of seen) expect(topics[topic].strict().parse(data)).toEqual(data);
  expect(seen[0]!.topic).toBe('system.reset');
});

/** The stream over a real log, with nobody connected and no specialist unless a test says so. */
function follow(log: Log, more: Partial<Parameters<typeof topicStreams>[0]> = {}, mayFollowConnections = true) {
  const streams = topicStreams(
    {
      log,
      notices: new Notices(log.notices),
      roster: { view: () => ({ specialists: [], providers: [], automatic: 'any' }), changed: new Signal() },
      connections: new Connections({ clock: fakeClock(), newId: id, most: 100 }),
      clock: fakeClock(),
      ...more,
    },
    mayFollowConnections,
  );
  return (params: Parameters<(typeof streams)['topics.follow']>[0]) =>
    streams['topics.follow'](params, { client: { name: 'test', version: '0' }, signal: new AbortController().signal });
}

/** Everything there is for now. */
async function drain(source: Source<Item>, max = 100): Promise<Item[]> {
  const items: Item[] = [];
  for (;;) {
    const pulled = (await source.pull(max)) ?? [];
    expect(pulled.length).toBeLessThanOrEqual(max);
    items.push(...pulled);
    if (pulled.length === 0) return items;
  }
}

function openFolder(): Folder {
  const folder = new Folder();
  ends.push(() => folder.remove());
  return folder;
}

test('from every cursor on, what is kept comes once and in order, and what belongs to no session never', async () => {
  const some: fc.Arbitrary<{ session: string; event: NewEvent }> = fc.record({
    session: fc.constantFrom('a', 'b'),
    event: fc.constantFrom<NewEvent>(
      part('t', 0, 'x'),
      { type: 'session.renamed', data: { title: 'T' } },
      { type: 'turn.connecting', data: { turn: 't', attempt: 1 } },
      { type: 'queue.removed', data: { message: 'm', reason: 'sent' } },
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(some, { maxLength: 20 }),
      fc.array(some, { maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(undefined, 'a'),
      async (before, later, max, session) => {
        const folder = new Folder();
        try {
          const log = folder.open();
          for (const each of ['a', 'b']) await log.append(batch(each, [created(), requested('t', 'm')]));
          const start = `${log.epoch}:${log.position}`;
          const source = await follow(log)({ topics: ['session.*', 'turn.*'], session, cursor: start });
          const live: Item[] = [];
          for (const { session, event } of before) await log.append(batch(session, [event]));
          await log.append(observed('quiet'));
          live.push(...(await drain(source, max)));
          for (const { session, event } of later) await log.append(batch(session, [event]));
          live.push(...(await drain(source, max)));
          source.close();

          const all = [...before, ...later].filter((each) => session === undefined || each.session === session);
          const expected = all.map(({ session, event }) => [
            Object.keys(keptTopics).find((topic) => keptTopics[topic as keyof typeof keptTopics] === event.type),
            { session, ...event.data },
          ]);
          const told = (items: Item[]) => items.map(({ topic, data }) => [topic, data]);
          expect(told(live)).toEqual(expected);
          for (let index = 0; index < live.length; index++) {
            const again = await follow(log)({ topics: ['*'], session, cursor: live[index]!.cursor });
            expect(told(await drain(again, max))).toEqual(expected.slice(index + 1));
            again.close();
          }
        } finally {
          await folder.remove();
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a cursor of another epoch, or beyond the log, is told first, whatever is followed; then what comes from now on', async () => {
  const log = openFolder().open();
  await log.append(batch('a', [created()]));
  for (const cursor of [() => `${log.epoch}x:0`, () => `${log.epoch}:${log.position + 1}`]) {
    const source = await follow(log)({ topics: ['session.created'], cursor: cursor() });
    expect(await drain(source)).toEqual([
      { topic: 'system.reset', cursor: `${log.epoch}:${log.position}`, at: expect.any(Number), data: {} },
    ]);
    await log.append(batch(`a${log.position}`, [created()]));
    expect(await drain(source)).toMatchObject([{ topic: 'session.created' }]);
    source.close();
  }
});

test('what is present changes once, however often it changed while nobody looked', async () => {
  const log = openFolder().open();
  const clock = fakeClock();
  const connections = new Connections({ clock, newId: id, most: 100 });
  const changed = new Signal();
  let model = 'small';
  let there = true;
  const look = { colour: 'apollo', glyph: 'apollo' } as const;
  const specialist = () => ({
    ...{ id: 'own', name: 'Own', role: '', look, primary: [], origin: 'own' as const, chosen: null },
    binding: { provider: 'near', providerName: 'Near', model, offline: false },
  });
  const roster = {
    view: () => ({ specialists: there ? [specialist()] : [], providers: [], automatic: 'any' as const }),
    changed,
  };
  const arrive = (name: string) =>
    connections.open({
      ...{ kind: 'rpc', address: 'here', token: null, waiting: () => 0, follows: () => 0, close() {} },
      client: () => ({ name, version: '1' }),
    });
  const first = arrive('first');
  const source = await follow(log, { roster, connections, clock })({ topics: ['*'] });
  const told = async () => (await drain(source)).map(({ topic, data }) => [topic, data.model ?? data.name ?? data.id]);
  expect(await told()).toEqual([
    ['specialist.status', 'small'],
    ['connection.opened', 'first'],
  ]);

  for (model of ['big', 'bigger', 'biggest']) changed.emit();
  for (let times = 0; times < 50; times++) arrive('passes by').left();
  arrive('second');
  first.left();
  expect(await told()).toEqual([
    ['specialist.status', 'biggest'],
    ['connection.closed', first.id],
  ]);
  // Whoever came may say who it is first.
  clock.advance(100);
  expect(await told()).toEqual([['connection.opened', 'second']]);
  there = false;
  changed.emit();
  expect((await drain(source)).map(({ data }) => data.status)).toEqual(['gone']);
  changed.emit();
  expect(await drain(source)).toEqual([]);
  source.close();
});

test('who is connected is for those who may see it; `*` leaves it out for others', async () => {
  const log = openFolder().open();
  const clock = fakeClock();
  const connections = new Connections({ clock, newId: id, most: 100 });
  connections.open({
    ...{ kind: 'rpc', address: 'here', token: null, waiting: () => 0, follows: () => 0, close() {} },
    client: () => ({ name: 'one', version: '1' }),
  });
  for (const topic of ['connection.*', 'connection.opened'] as const)
    await expect(follow(log, {}, false)({ topics: [topic] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  for (const may of [true, false]) {
    const source = await follow(log, { connections, clock }, may)({ topics: ['*'] });
    expect((await drain(source)).map(({ topic }) => topic)).toEqual(may ? ['connection.opened'] : []);
    source.close();
  }
});
