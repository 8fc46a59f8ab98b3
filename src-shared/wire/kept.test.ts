import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Problem } from '../domain/problem.ts';
import { countedIds } from '../kit/testing/ids.ts';
import type { Client } from './client.ts';
import type { CommandStore, KeptCommand } from './kept.ts';
import { memoryPipes } from './memory.ts';
import { MAX_CALLS } from './messages.ts';
import { Shelf } from './testing/commands.ts';
import { type Journal, journal } from './testing/journal.ts';
import { Rig, type TestContract } from './testing/rig.ts';

const newRig = () =>
  new Rig(async () => {
    const [client, server] = memoryPipes();
    return {
      server,
      client,
      toServer: (frame) => server.arrive(frame),
      toClient: (frame) => client.arrive(frame),
    };
  });

let rig: Rig;
let shelf: Shelf;
let newId: () => string;
let found: Journal<{ command: KeptCommand; outcome: unknown }>;
beforeEach(() => {
  rig = newRig();
  shelf = new Shelf();
  newId = countedIds();
  found = journal();
});
afterEach(() => rig.close());

const nobody = () => Promise.reject(new Problem('DISCONNECTED', 'Nobody is there.'));
const ended = (client: Client<TestContract>, note: Promise<unknown>) => {
  note.catch(() => {});
  client.close();
};
const note = (client: Client<TestContract>, text: string, keep = {}) =>
  client.call('note', { command: newId(), text }, { keep });
const loaded = async () => {
  for (let turn = 0; turn < 5; turn++) await settled();
};
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const options = () => ({
  kept: shelf,
  onKept: (command: KeptCommand, outcome: Promise<unknown>) => {
    outcome.then(
      (result) => found.add({ command, outcome: result }),
      (problem: Problem) => found.add({ command, outcome: problem.code }),
    );
  },
});
const start = (open?: () => Promise<never>) => rig.client(open, options());
const texts = () => rig.notes.entries.map(({ text }) => text);

it('a command is in the store until it is answered', async () => {
  const client = start();
  await loaded();
  const answer = note(client, 'once');
  expect(shelf.entries).toMatchObject([{ method: 'note', params: { text: 'once' } }]);
  await answer;
  expect(shelf.entries).toEqual([]);
});

it('what an earlier program left goes out in order, with its ids, before what is asked now', async () => {
  const before = start(nobody);
  await loaded();
  const left = [note(before, 'first'), note(before, 'second')];
  const ids = shelf.entries.map(({ id }) => id);
  for (const each of left) ended(before, each);
  const client = start();
  await note(client, 'third');
  expect(texts()).toEqual(['first', 'second', 'third']);
  expect(rig.notes.entries.slice(0, 2).map(({ command }) => command)).toEqual(ids);
  const told = await found.until((all) => all.length === 2);
  expect(told.map(({ command, outcome }) => [command.id, outcome])).toEqual([
    [ids[0], { notes: 1 }],
    [ids[1], { notes: 2 }],
  ]);
  expect(shelf.entries).toEqual([]);
});

it('what was answered while nobody heard it takes effect once', async () => {
  const deaf = rig.client(async () => {
    const { client } = await rig.accept();
    return {
      ...client,
      send: (batch) => client.send(batch),
      close: () => {},
      listen: (listener) => {
        client.listen({
          ...listener,
          message: (batch) => {
            if (rig.notes.entries.length === 0) listener.message(batch);
          },
        });
      },
    } as typeof client;
  }, options());
  const unheard = note(deaf, 'once');
  await rig.notes.until((all) => all.length === 1);
  ended(deaf, unheard);
  start();
  expect((await found.until((all) => all.length === 1))[0]?.outcome).toEqual({ notes: 1 });
  expect(texts()).toEqual(['once']);
});

it('a refusal drops it, or keeps it marked and unsent where that is wanted', async () => {
  rig.handlers.calls.note = async () => {
    throw new Problem('EXPIRED', 'That was too long ago.', 'Send it anew.');
  };
  const client = start();
  await loaded();
  await expect(note(client, 'gone')).rejects.toMatchObject({ code: 'EXPIRED' });
  await expect(note(client, 'kept', { refusals: true, about: { place: 'here' } })).rejects.toThrow();
  expect(shelf.entries).toMatchObject([
    {
      params: { text: 'kept' },
      keep: { about: { place: 'here' } },
      refused: { code: 'EXPIRED', next: 'Send it anew.' },
    },
  ]);
  client.close();
  const again = start();
  expect((await found.until((all) => all.length === 1))[0]).toMatchObject({ outcome: 'EXPIRED' });
  expect(again.forget(shelf.entries[0]!.id)).toBe(true);
  expect(shelf.entries).toEqual([]);
});

it('an answer that decides nothing keeps it, and it is asked again', async () => {
  const { note: real } = rig.handlers.calls;
  rig.handlers.calls.note = async () => {
    throw new Problem('TIMEOUT', 'It took too long.');
  };
  const client = start();
  const answer = note(client, 'patience');
  await loaded();
  expect(shelf.entries).toHaveLength(1);
  rig.handlers.calls.note = real;
  rig.clock.advance(2000);
  expect(await answer).toEqual({ notes: 1 });
});

it('what is asked too often is asked again later, commands and streams alike', async () => {
  const { note: real } = rig.handlers.calls;
  const { numbers } = rig.handlers.streams;
  const tooOften = async () => {
    throw new Problem('RATE_LIMITED', 'Too many requests in a minute.');
  };
  rig.handlers.calls.note = tooOften;
  rig.handlers.streams.numbers = tooOften;
  rig.numbers.grow(3);
  const client = start();
  const came = journal<number>();
  client.follow(
    'numbers',
    () => ({ after: came.entries.at(-1) ?? 0 }),
    (items) => {
      for (const { n } of items) came.add(n);
    },
    { onProblem: () => expect.unreachable() },
  );
  const answer = note(client, 'patience');
  await loaded();
  rig.handlers.calls.note = real;
  rig.handlers.streams.numbers = numbers;
  rig.clock.advance(2000);
  expect(await answer).toEqual({ notes: 1 });
  expect(await came.until((all) => all.length === 3)).toEqual([1, 2, 3]);
});

it('whoever stops waiting leaves the command to go on', async () => {
  let open: () => Promise<never> = nobody;
  const client = rig.client(() => open(), options());
  const answer = client.call('note', { command: newId(), text: 'late' }, { timeoutMs: 10 });
  rig.clock.advance(10);
  await expect(answer).rejects.toMatchObject({ code: 'TIMEOUT' });
  open = async () => (await rig.accept()).client as never;
  rig.clock.advance(250);
  await rig.notes.until((all) => all.length === 1);
});

it('a refused connection is told to who only asked, and waited out by who keeps', async () => {
  const client = rig.client(() => Promise.reject(new Problem('UNAUTHORIZED', 'No.')), options());
  await expect(client.call('note', { command: newId(), text: 'asked' })).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  });
  const kept = client.call('note', { command: newId(), text: 'kept' }, { keep: { about: 1 } });
  kept.catch(() => {});
  await loaded();
  expect(shelf.entries.map(({ params }) => params)).toMatchObject([{ text: 'asked' }, { text: 'kept' }]);
  client.close();
  await expect(kept).rejects.toMatchObject({ code: 'DISCONNECTED' });
  expect(shelf.entries).toHaveLength(2);
});

it('what was never sent can be taken back, what is under way cannot', async () => {
  const client = start(nobody);
  const command = newId();
  const never = client.call('note', { command, text: 'never' });
  expect(client.forget(command)).toBe(true);
  await expect(never).rejects.toMatchObject({ code: 'STOPPED' });
  expect(shelf.entries).toEqual([]);

  rig.handlers.calls.note = () => new Promise(() => {});
  const online = start();
  await loaded();
  const other = newId();
  online.call('note', { command: other, text: 'under way' }).catch(() => {});
  expect(online.forget(other)).toBe(false);
  expect(shelf.entries).toHaveLength(1);
});

it('more than one connection may ask at once are asked as answers come', async () => {
  const before = start(nobody);
  const left = Array.from({ length: MAX_CALLS + 50 }, (_, i) => note(before, `${i}`, { about: i }));
  for (const each of left) each.catch(() => {});
  await loaded();
  before.close();
  rig.limits = { maxCalls: MAX_CALLS };
  start();
  await found.until((all) => all.length === left.length);
  expect(texts()).toEqual(left.map((_, i) => `${i}`));
});

it('a store that fails stops nothing, and is told', async () => {
  const full = new Problem('STORAGE', 'The disk is full.');
  const broken: CommandStore = {
    load: () => Promise.reject(full),
    put: () => Promise.reject(full),
    remove: () => Promise.reject(full),
  };
  const told = journal<unknown>();
  const client = rig.client(undefined, { kept: broken, onUnkept: (error) => told.add(error) });
  expect(await note(client, 'anyway')).toEqual({ notes: 1 });
  expect(await told.until((all) => all.length === 4)).toEqual([full, full, full, full]);
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('give' as const) },
  { weight: 2, arbitrary: fc.constantFrom('cut by the server' as const, 'cut by the client' as const) },
  { weight: 2, arbitrary: fc.constant('restart the client' as const) },
  { weight: 1, arbitrary: fc.constant('send it from a second window' as const) },
  { weight: 4, arbitrary: fc.constant('turn' as const) },
  { weight: 1, arbitrary: fc.constant('grow' as const) },
);

it('through cuts and restarts of either side each command has one effect, in order, and each item comes once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      rig = newRig();
      shelf = new Shelf();
      const came: number[] = [];
      const given: string[] = [];
      const open = () => {
        const client = rig.client(undefined, { kept: shelf });
        client.follow(
          'numbers',
          () => ({ after: came.at(-1) ?? 0 }),
          (items) => {
            for (const { n } of items) came.push(n);
          },
        );
        return client;
      };
      let client = open();
      try {
        for (const each of steps) {
          if (each === 'give') {
            given.push(`${given.length}`);
            note(client, given.at(-1)!).catch(() => {});
          } else if (each === 'grow') rig.numbers.grow(100);
          else if (each === 'cut by the server') rig.peers.entries.at(-1)?.close();
          else if (each === 'cut by the client') rig.pairs.at(-1)?.client.close();
          else if (each === 'send it from a second window') rig.client(undefined, { kept: shelf });
          else if (each === 'restart the client') {
            client.close();
            rig.clock.advance(100);
            client = open();
          } else await settled();
        }
        while (shelf.entries.length > 0 || came.length < rig.numbers.items.length) {
          await settled();
          if (client.state.retryAt !== undefined) client.retryNow();
        }
        expect(texts()).toEqual(given);
        expect(came).toEqual(rig.numbers.items.map(({ n }) => n));
      } finally {
        rig.close();
      }
    }),
    { numRuns: 150 },
  );
});
