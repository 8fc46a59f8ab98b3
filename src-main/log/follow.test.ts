import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event, EventType } from '#shared/domain/events.ts';
import { emptySession, foldSession, type Node, type SessionView } from '#shared/domain/session.ts';
import { choices, history } from '#shared/domain/testing/history.ts';
import { isRunning } from '#shared/domain/things.ts';
import { typeId } from './keys.ts';
import type { Follower, Log } from './log.ts';
import { batch, created, Folder, message, observed, part, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const quiet = () => {};

async function rest(follower: Follower, max: number): Promise<Event[]> {
  const found: Event[] = [];
  for (;;) {
    const events = await follower.read(max);
    if (events.length === 0) return found;
    expect(events.length).toBeLessThanOrEqual(max);
    found.push(...events);
    expect(found.length).toBeLessThan(20_000);
  }
}

/** Three sessions that stream at once, `rounds` times. */
async function stream(log: Log, rounds: number): Promise<void> {
  for (const session of ['a', 'b', 'c'])
    await log.append(batch(session, [created(), message('m', 'Hello'), requested('t', 'm')]));
  for (let round = 0; round < rounds; round++) {
    const parts = ['a', 'b', 'c'].map((session) => log.append(batch(session, [part('t', round, 'x')])));
    await Promise.all(parts);
  }
}

const stateOf = (node: Node | undefined) => (node?.kind === 'turn' && isRunning(node.state) ? 'running' : 'whole');

test('whoever follows from any cursor sees what the log says, once and in order, from disk and live', async () => {
  const log = folder.open();
  let count = 0;
  const types: EventType[] = ['message.added', 'turn.part'];
  await fc.assert(
    fc.asyncProperty(
      choices,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      async (steps, share, max, reads) => {
        const [mine, other] = [`mine${++count}`, `other${count}`];
        const start = log.position;
        const wanted = history(steps);
        const before = Math.floor(wanted.length * share);
        const mineOnDisk: Event[] = [];
        const both: Event[] = [];
        const write = async (index: number) => {
          const event = wanted[index]!;
          const written = await Promise.all([log.append(batch(mine, [event])), log.append(batch(other, [event]))]);
          mineOnDisk.push(...written[0]);
          both.push(...written.flat());
        };
        for (let index = 0; index < before; index++) await write(index);

        const one = log.follow({ session: mine, after: start, ready: quiet });
        const all = log.follow({ after: start, ready: quiet });
        const some = log.follow({ after: start, types, ready: quiet });
        const got: [Event[], Event[], Event[]] = [[], [], []];
        const fold = (events: Event[]) => events.reduce(foldSession, emptySession(mine));
        const check = () => {
          const view = fold(got[0]);
          const here = fold(mineOnDisk.filter(({ seq }) => seq <= one.position));
          // Of a turn whose end is still to be read, parts may be missing.
          const ended = fold(mineOnDisk).nodes;
          const settled = ({ nodes }: SessionView) =>
            Object.values(nodes).filter(({ id }) => stateOf(here.nodes[id]) === stateOf(ended[id]));
          expect(settled(view)).toEqual(settled(here));
          expect({ ...view, seq: 0, nodes: {} }).toEqual({ ...here, seq: 0, nodes: {} });
        };
        for (let index = before; index < wanted.length; index++) {
          if (reads[index % reads.length])
            for (const [which, follower] of [one, all, some].entries()) got[which]!.push(...(await follower.read(max)));
          check();
          await write(index);
        }
        for (const [which, follower] of [one, all, some].entries()) {
          got[which]!.push(...(await rest(follower, max)));
          expect(follower.position).toBe(log.position);
          follower.close();
        }

        expect(mineOnDisk.map(({ type, data }) => ({ type, data }))).toEqual(wanted);
        check();
        const ended = new Set(wanted.flatMap(({ type, data }) => (type === 'turn.finished' ? [data.turn] : [])));
        const lasting = mineOnDisk.filter(({ type, data }) => type !== 'turn.part' || !ended.has(data.turn));
        expect(await log.read({ session: mine, limit: 1000 })).toEqual(lasting);
        const given = new Set(got[0].map(({ seq }) => seq));
        expect(got[0]).toEqual(mineOnDisk.filter(({ seq }) => given.has(seq)));
        expect(lasting.filter(({ seq }) => !given.has(seq))).toEqual([]);
        expect(got[1]).toEqual(both);
        expect(got[2]).toEqual(both.filter(({ type }) => types.includes(type)));
      },
    ),
    { numRuns: 60 },
  );
});

test('a follower that fell out of memory is served from the disk and comes back without a gap', async () => {
  const log = folder.open();
  const slow = log.follow({ session: 'b', after: 0, ready: quiet });
  const everything = log.follow({ after: 0, ready: quiet });
  await stream(log, 2200);
  const first = await slow.read(5);
  const later = await rest(slow, 700);
  expect([...first, ...later]).toEqual(await log.read({ session: 'b', limit: 5000 }));
  expect((await rest(everything, 1000)).length).toBe(3 * 2203);
});

test('large and small events are read from the disk whole and in order, a few at once when they are large', async () => {
  const log = folder.open();
  const lengths = Array.from({ length: 300 }, (_, nth) => (nth % 3 === 0 ? 20_000 + nth : nth % 50));
  await log.append(batch('a', [created(), ...lengths.map((length, nth) => message(`m${nth}`, 'ß'.repeat(length)))]));
  for (const options of [{ session: 'a' }, {}, { types: ['message.added'] satisfies EventType[] }]) {
    const follower = log.follow({ ...options, after: 1, ready: quiet });
    const found: Event[] = [];
    for (let some = await follower.read(500); some.length > 0; some = await follower.read(500)) {
      expect(some.reduce((sum, { data }) => sum + ('text' in data ? data.text.length : 0), 0)).toBeLessThan(400_000);
      found.push(...some);
    }
    expect(found.map(({ data }) => ('text' in data ? data.text.length : -1))).toEqual(lengths);
  }
});

test('a commit wakes those whom it concerns, and nobody else', async () => {
  const log = folder.open();
  const woken: string[] = [];
  const follow = (name: string, options: { session?: string; types?: EventType[] }) =>
    log.follow({ ...options, after: log.position, ready: () => woken.push(name) });
  follow('a', { session: 'a' });
  follow('b', { session: 'b' });
  follow('all', {});
  follow('messages', { types: ['message.added'] });
  follow('messages of a', { session: 'a', types: ['message.added'] });
  const gone = follow('gone', { session: 'a' });
  gone.close();

  await log.append(batch('a', [created()]));
  expect(woken.splice(0).sort()).toEqual(['a', 'all']);
  await Promise.all([log.append(batch('a', [message('m', 'Hello')])), log.append(batch('a', [message('n', 'You')]))]);
  expect(woken.splice(0).sort()).toEqual(['a', 'all', 'messages', 'messages of a']);
  await log.append(batch('b', [created()]));
  expect(woken.splice(0).sort()).toEqual(['all', 'b']);
  expect(await gone.read(10)).toEqual([]);
});

test('one that fails when it is told does not keep the others from hearing', async () => {
  const told: string[] = [];
  const log = folder.open({
    logger: { info: quiet, warn: quiet, error: (_, what) => told.push(what) },
  });
  const broken = () => {
    throw new Error('broken');
  };
  log.follow({ session: 'a', after: 0, ready: broken });
  log.follow({ session: 'a', after: 0, ready: () => told.push('the second heard') });
  await log.append(batch('a', [created()]));
  expect(told).toEqual(['A follower failed when it was told of news.', 'the second heard']);
});

test('the cursor goes on although nothing concerns the follower', async () => {
  const log = folder.open();
  await log.append(observed('one'));
  const follower = log.follow({ session: 'a', after: 0, ready: quiet });
  expect(await follower.read(10)).toEqual([]);
  expect(follower.position).toBe(log.position);
  await log.append(observed('two'));
  expect(await follower.read(10)).toEqual([]);
  expect(follower.position).toBe(log.position);
});

test('events of types that this version does not know are kept and passed over', async () => {
  const log = folder.open();
  await log.append(batch('a', [created()]));
  await folder.close(log);
  folder.change((db) => {
    db.exec(`INSERT INTO event_types (id, name) VALUES (900, 'session.painted')`);
    const insert = db.prepare('INSERT INTO events (seq, session, type, version, at, data) VALUES (?, 1, ?, ?, 0, ?)');
    for (let seq = 2; seq < 600; seq++) insert.run(seq, 900, 1, '{"colour":"red"}');
    insert.run(600, typeId['session.renamed'], 99, '{"titles":[]}');
    insert.run(601, typeId['session.renamed'], 1, '{"title":"Known"}');
  });
  const again = folder.open();
  const follower = again.follow({ session: 'a', after: 0, ready: quiet });
  const found = [...(await follower.read(10)), ...(await follower.read(10))];
  expect(found.map(({ type, seq }) => [type, seq])).toEqual([
    ['session.created', 1],
    ['session.renamed', 601],
  ]);
  expect(folder.look((db) => db.prepare('SELECT count(*) FROM events').pluck().get())).toBe(601);
});

test('events are read by range, the first or the last of them', async () => {
  const log = folder.open();
  await stream(log, 5);
  const all = await log.read({ session: 'b', limit: 100 });
  const [first, second, third] = all;
  expect(await log.read({ session: 'b', after: first!.seq, limit: 2 })).toEqual([second, third]);
  expect(await log.read({ session: 'b', before: all.at(-1)!.seq, limit: 2 })).toEqual(all.slice(-3, -1));
  expect(await log.read({ session: 'b', after: first!.seq, before: third!.seq, limit: 9 })).toEqual([second]);
});
