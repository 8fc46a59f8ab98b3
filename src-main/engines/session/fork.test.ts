import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '#shared/domain/events.ts';
import { emptySession, foldSession, type Node, path, type SessionView } from '#shared/domain/session.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Log } from '../../log/log.ts';
import { openLog } from '../../log/open.ts';
import { Jobs } from '../jobs/jobs.ts';
import { Forks, type ForkWish } from './fork.ts';

const to = { specialist: 'apollo' };
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const usage = { input: 7, output: 3 };
const timing = { queuedMs: 1, firstTokenMs: 20, durationMs: 90, tokensPerSecond: 42 };

const folders: string[] = [];
const open: Log[] = [];
afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function world(dir = mkdtempSync(join(tmpdir(), 'choragus-fork-'))) {
  if (!folders.includes(dir)) folders.push(dir);
  const clock = fakeClock();
  const log = openLog({ dir, clock, random: Math.random });
  open.push(log);
  let ids = 0;
  const newId = () => `${log.position}-${++ids}`;
  const logger = { warn: () => {} };
  const jobs = new Jobs({ clock, newId: () => `j${newId()}`, logger });
  const forks = new Forks({ log, jobs, newId, now: () => clock.now() });
  const append = async (...events: NewEvent[]) => {
    clock.advance(1000);
    const committed = await log.append({ session: 's', events, durable: false });
    return committed.at(-1)!.seq;
  };
  const remember = (name: string) => (result: unknown) => ({ id: name, hash: 'h', result });
  const fork = async (wish: Partial<ForkWish> & Pick<ForkWish, 'at'>) => {
    const { job } = await forks.start({ session: 's', into: 'f', ...wish }, remember(`c-${wish.into ?? 'f'}`));
    return (await jobs.ended(job))!;
  };
  const viewOf = async (session: string) => (await log.snapshot(session, 500))?.view;
  return { dir, log, clock, jobs, forks, append, fork, viewOf, remember };
}
type World = ReturnType<typeof world>;

const created: NewEvent = { type: 'session.created', data: { title: 'Roses', to } };
const said = (message: string, parent: string | null, text = message): NewEvent => ({
  type: 'message.added',
  data: { message, parent, text, to },
});
const asked = (turn: string, parent: string): NewEvent => ({
  type: 'turn.requested',
  data: { turn, parent, to, speaker, system: 'Be brief.' },
});
const part = (turn: string, offset: number, text: string): NewEvent => ({
  type: 'turn.part',
  data: { turn, offset, text },
});
const ended = (turn: string, text = `answer ${turn}`): NewEvent => ({
  type: 'turn.finished',
  data: {
    turn,
    state: 'done',
    text,
    reasoning: 'thought',
    seams: [{ offset: 2, reason: 'Stopped here.' }],
    finish: 'stop',
    problem: null,
    usage,
    timing,
    buffered: false,
  },
});
const timed = (turn: string, track: number[]): NewEvent => ({ type: 'turn.timed', data: { turn, track } });

/** Apart from ids, and from sequences, which are of the log. */
function words(nodes: readonly Node[]) {
  return nodes.map(({ id: _, parent: __, seq: ___, ...rest }) => rest);
}

/** What a window that had followed it up to then showed. */
async function shownAt({ log }: World, session: string, seq: number): Promise<SessionView> {
  const follower = log.follow({ session, after: 0, ready: () => {} });
  let view = emptySession(session);
  for (let events = await follower.read(100); events.length > 0; events = await follower.read(100))
    for (const event of events) if (event.seq <= seq) view = foldSession(view, event);
  follower.close();
  return view;
}

async function conversation(w: World) {
  await w.append(created);
  return talk(w);
}

async function talk({ append }: World) {
  await append(said('m1', null), asked('t1', 'm1'));
  await append({ type: 'turn.connecting', data: { turn: 't1', attempt: 2 } });
  await append(ended('t1'), timed('t1', [4, 0, 12, 1, 6, 3]));
  await append(said('m2', 't1'), asked('t2', 'm2'));
  return append(ended('t2'));
}

describe('a fork', () => {
  it('has the same words, times, speakers and measures under new ids, and says where it comes from', async () => {
    const w = world();
    const seq = await conversation(w);
    const job = await w.fork({ at: { node: 't2' } });
    expect(job).toMatchObject({
      kind: 'fork',
      state: 'done',
      about: 'Roses',
      done: 4,
      of: 4,
      result: { session: 'f' },
    });
    const [source, copy] = [await w.viewOf('s'), await w.viewOf('f')];
    expect(words(path(copy!))).toEqual(words(path(source!)));
    expect(path(copy!)[1]).toMatchObject({ kind: 'turn', attempt: 2, usage, timing, speaker, reasoning: 'thought' });
    expect(copy).toMatchObject({ title: 'Roses', forked: { session: 's', seq }, to });
    const ids = new Set(Object.keys(source!.nodes));
    expect(Object.keys(copy!.nodes).filter((id) => ids.has(id))).toEqual([]);
    const events = await w.log.read({ session: 'f', after: 0, limit: 100 });
    const tracks = events.flatMap((event) => (event.type === 'turn.timed' ? [event.data.track] : []));
    expect(tracks).toEqual([[0, 0, 12, 0, 6, 3]]);
    expect(events.find(({ type }) => type === 'turn.requested')!.data).toMatchObject({ system: 'Be brief.' });
  });

  it('takes one path only, and may have a title of its own; the original stays as it was', async () => {
    const w = world();
    await conversation(w);
    await w.append(said('m2b', 't1', 'other words'), asked('t2b', 'm2b'), ended('t2b'));
    const before = await w.viewOf('s');
    await w.fork({ at: { node: 'm2' }, title: 'Roses, again' });
    expect(path((await w.viewOf('f'))!).map(({ text }) => text)).toEqual(['m1', 'answer t1', 'm2']);
    expect(await w.viewOf('f')).toMatchObject({ title: 'Roses, again' });
    expect(await w.viewOf('s')).toEqual(before);
    expect((await w.log.branches('f', 10)).total).toBe(1);
  });

  it('shows what the session showed after an event', async () => {
    const w = world();
    const first = await conversation(w);
    await w.append(said('m2b', 't1', 'other words'), asked('t2b', 'm2b'), ended('t2b'));
    const moved = await w.append({ type: 'head.moved', data: { head: 't2' } });
    await w.append({ type: 'head.moved', data: { head: 't2b' } });
    for (const [into, seq, last] of [
      ['f1', first, 'answer t2'],
      ['f2', moved - 1, 'answer t2b'],
      ['f3', moved, 'answer t2'],
      ['f4', 2, 'm1'],
    ] as const) {
      await w.fork({ into, at: { seq } });
      expect(path((await w.viewOf(into))!).at(-1)?.text).toBe(last);
    }
    await expect(w.fork({ into: 'f5', at: { seq: 1 } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps pins, window, folder and tags, and the name of its branch; not the queue, nor that it was pinned', async () => {
    const w = world();
    await w.append(created);
    await w.append({ type: 'session.arranged', data: { folder: 'Work', tags: ['garden'], pinned: true } });
    await talk(w);
    await w.append({ type: 'branch.named', data: { branch: 'm1', name: 'first try' } });
    const window = { exchanges: 3, tokens: null, summary: false, summarizer: null, since: 'm2' };
    await w.append(
      { type: 'node.pinned', data: { node: 't1', pinned: true } },
      { type: 'window.set', data: { window } },
    );
    await w.append({ type: 'queue.added', data: { message: 'q1', text: 'later', to } });
    await w.fork({ at: { node: 't2' } });
    const copy = (await w.viewOf('f'))!;
    const [m1, t1, m2] = path(copy).map(({ id }) => id);
    expect(copy.pinned).toEqual([t1]);
    expect(copy.window).toEqual({ ...window, since: m2 });
    expect(copy.branchNames).toEqual({ [m1!]: 'first try' });
    expect(copy.arrangement).toMatchObject({ folder: 'Work', tags: ['garden'], pinned: false });
    expect(copy.queue).toEqual([]);
  });

  it('of a program’s session has its window, and no lifetime', async () => {
    const w = world();
    const made = { by: 'program', window: 2, lifetimeMs: 1000 } as const;
    await w.append({ type: 'session.created', data: { title: 'Bot', made } }, said('m1', null));
    await w.fork({ at: { node: 'm1' } });
    expect(await w.viewOf('f')).toMatchObject({ made: null, window: { exchanges: 2, summary: false } });
  });

  it('has what was sent for its turns: the same system text, under the new ids', async () => {
    const w = world();
    await w.append(created, said('m1', null), asked('t1', 'm1'));
    const sent: NewEvent = {
      type: 'turn.sent',
      data: {
        turn: 't1',
        provider: 'p',
        model: 'm',
        window: (await w.viewOf('s'))!.window,
        budget: { tokens: 100, of: 'model' },
        system: { hash: 'abc', tokens: 2 },
        summary: null,
        pinned: [{ node: 'm1', tokens: 1 }],
        first: 'm1',
        messages: 1,
        tokens: 1,
        goesOn: null,
        parameters: {},
        leftOut: null,
        total: 4,
        estimated: true,
        digest: 'd',
      },
    };
    await w.append({ type: 'system.told', data: { hash: 'abc', text: 'Be brief.' } }, sent, ended('t1'));
    await w.fork({ at: { node: 't1' } });
    const [m1, t1] = path((await w.viewOf('f'))!).map(({ id }) => id);
    expect(await w.log.systemText('f', 'abc')).toBe('Be brief.');
    expect(await w.log.sent('f', t1!)).toMatchObject({ turn: t1, first: m1, pinned: [{ node: m1 }], digest: 'd' });
  });
});

describe('a turn that ran then', () => {
  it('and still runs is in it as far as it has come, as stopped', async () => {
    const w = world();
    await w.append(created, said('m1', null), asked('t1', 'm1'));
    await w.append({ type: 'turn.connecting', data: { turn: 't1', attempt: 1 } });
    await w.append(part('t1', 0, 'One '));
    const second = await w.append(part('t1', 4, 'two '));
    await w.append(part('t1', 8, 'three'));
    await w.fork({ at: { seq: second } });
    const turn = path((await w.viewOf('f'))!)[1];
    expect(turn).toMatchObject({ text: 'One two ', state: 'stopped', finish: null, usage: null, seams: [] });
    await w.fork({ into: 'f2', at: { node: 't1' } });
    expect(path((await w.viewOf('f2'))!)[1]).toMatchObject({ text: 'One two three', state: 'stopped' });
    expect((await w.log.shape('s', ['t1']))!.nodes.get('t1')!.state).toBe('streaming');
  });

  it('and has ended since is cut where the next part began', async () => {
    const w = world();
    await w.append(created, said('m1', null), asked('t1', 'm1'));
    const first = await w.append(part('t1', 0, 'One '));
    await w.append(part('t1', 4, 'two'));
    await w.append(ended('t1', 'One two'), timed('t1', [first, 0, 10, 1, 4, 10]));
    await w.fork({ at: { seq: first } });
    expect(path((await w.viewOf('f'))!)[1]).toMatchObject({ text: 'One ', state: 'stopped' });
  });

  it('and has ended long since is cut where its timing track says', async () => {
    const w = world();
    await w.append(created, said('m1', null));
    const request = await w.append(asked('t1', 'm1'));
    // Its parts were taken away: their sequences are gaps.
    for (let gap = 0; gap < 3; gap++)
      await w.log.append({ session: 'other', events: [said(`x${gap}`, null)], durable: false });
    await w.append(ended('t1', 'One two three'), timed('t1', [request + 1, 0, 10, 1, 4, 10, 1, 4, 10]));
    for (const [into, seq, text] of [
      ['f0', request, ''],
      ['f1', request + 1, 'One '],
      ['f2', request + 2, 'One two '],
      ['f3', request + 3, 'One two three'],
    ] as const) {
      await w.fork({ into, at: { seq } });
      expect(path((await w.viewOf(into))!)[1]).toMatchObject({ text, state: 'stopped' });
    }
  });

  it('and went on from a broken one keeps what it began with, with its seam', async () => {
    const w = world();
    await w.append(created, said('m1', null), asked('t1', 'm1'), ended('t1', 'Half'));
    const seams = [{ offset: 4, reason: 'Stopped here.' }];
    const from = { turn: 't1', text: 'Half', reasoning: 'so', seams };
    await w.append({ type: 'turn.requested', data: { turn: 't2', parent: 'm1', to, speaker, from } });
    await w.append(part('t2', 4, ' and more'));
    await w.fork({ at: { node: 't2' } });
    const turn = path((await w.viewOf('f'))!)[1];
    expect(turn).toMatchObject({ text: 'Half and more', reasoning: 'so', seams, state: 'stopped' });
    // What it went on from is not in the copy, which refers to nothing outside of itself.
    const request = await w.log.request('f', turn!.id);
    expect(request!.from).toEqual({ ...from, turn: turn!.id });
  });

  it('in a copy, too, is cut where it stood: all of it came with its end', async () => {
    const w = world();
    await conversation(w);
    await w.fork({ at: { node: 't2' } });
    const events = await w.log.read({ session: 'f', after: 0, limit: 100 });
    const connecting = events.find(({ type }) => type === 'turn.connecting')!.seq;
    await w.fork({ session: 'f', into: 'g', at: { seq: connecting } });
    expect(path((await w.viewOf('g'))!)[1]).toMatchObject({ text: '', reasoning: '', state: 'stopped' });
    await w.fork({ session: 'f', into: 'h', at: { seq: connecting + 1 } });
    expect(path((await w.viewOf('h'))!)[1]).toMatchObject({ text: 'answer t1', state: 'done' });
  });
});

describe('a fork is there as a whole, or not at all', () => {
  it('takes no command, and is in no list, until it is whole', async () => {
    const w = world();
    await conversation(w);
    w.clock.advance(1000);
    const { finish, seen } = await haltBeforeTheEnd(w);
    const { job } = await w.forks.start({ session: 's', into: 'f', at: { node: 't2' } }, w.remember('c'));
    await seen;
    expect((await w.log.shape('f'))?.job).toBe(job);
    expect((await w.log.summaries({ limit: 9 })).sessions.map(({ id }) => id)).toEqual(['s']);
    await expect(w.fork({ session: 'f', into: 'g', at: { node: 'm1' } })).rejects.toMatchObject({ code: 'BUSY' });
    expect(await w.log.command('c')).toBeNull();
    finish();
    expect((await w.jobs.ended(job))?.state).toBe('done');
    expect(await w.log.command('c')).toEqual({ hash: 'h', result: { job } });
    const { sessions } = await w.log.summaries({ limit: 9 });
    expect(sessions.map(({ id, forked }) => [id, forked])).toEqual([
      ['f', 's'],
      ['s', null],
    ]);
  });

  it('leaves nothing when it is cancelled; the same command may come again while it runs', async () => {
    const w = world();
    await conversation(w);
    const { finish, seen } = await haltBeforeTheEnd(w);
    const wish = { session: 's', into: 'f', at: { node: 't2' } };
    const { job } = await w.forks.start(wish, w.remember('c'));
    expect(await w.forks.start(wish, w.remember('c'))).toEqual({ job });
    const other = (result: unknown) => ({ id: 'c', hash: 'of another body', result });
    await expect(w.forks.start({ ...wish, into: 'g' }, other)).rejects.toMatchObject({ code: 'CONFLICT' });
    await seen;
    w.jobs.cancel(job);
    finish();
    expect(await w.jobs.ended(job)).toMatchObject({ state: 'cancelled', result: null });
    expect([await w.log.shape('f'), await w.log.filling(), await w.log.command('c')]).toEqual([null, [], null]);
  });

  it('leaves nothing when the original is deleted in the middle', async () => {
    const w = world();
    await conversation(w);
    for (let n = 0; n < 200; n++) await w.append(said(`x${n}`, n === 0 ? 't2' : `x${n - 1}`));
    const { finish, seen } = await haltBeforeTheEnd(w);
    const { job } = await w.forks.start({ session: 's', into: 'f', at: { node: 'x199' } }, w.remember('c'));
    await seen;
    await w.log.delete({ session: 's' });
    finish();
    expect(await w.jobs.ended(job)).toMatchObject({ state: 'failed', problem: { code: 'NOT_FOUND' } });
    expect([await w.log.shape('f'), await w.log.filling()]).toEqual([null, []]);
  });

  it('says what is not there to be copied, and what is taken', async () => {
    const w = world();
    await conversation(w);
    await expect(w.fork({ at: { node: 'x' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(w.fork({ session: 'none', at: { node: 'x' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(w.fork({ into: 's', at: { node: 'm1' } })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await w.log.filling()).toEqual([]);
  });
});

/** The log holds back `job.finished` until the test lets it go. */
async function haltBeforeTheEnd({ log }: World) {
  const { append } = log;
  const gate = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<void>();
  log.append = async (batch) => {
    if (batch.session !== 'f') return append(batch);
    const events = await append(batch);
    seen.resolve();
    await gate.promise;
    return events;
  };
  return { finish: gate.resolve, seen: seen.promise };
}

describe('whatever has happened', () => {
  /** A step: somebody says something, or an answer comes, at any place of the tree. */
  const step = fc.record({
    what: fc.constantFrom('say', 'say', 'answer', 'answer', 'run', 'move', 'pin', 'window'),
    where: fc.nat(),
    text: fc.string({ maxLength: 12 }),
  });

  it('folding the fork is folding the original’s path up to then, apart from ids', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(), async (steps, when) => {
        const w = world();
        await w.append(created, said('m0', null));
        const nodes: { id: string; kind: 'message' | 'turn' }[] = [{ id: 'm0', kind: 'message' }];
        let running: { turn: string; text: string } | undefined;
        for (const [index, { what, where, text }] of steps.entries()) {
          const of = (kind: 'message' | 'turn') => nodes.filter((node) => node.kind === kind);
          const pick = (some: typeof nodes) => some[where % Math.max(1, some.length)]?.id;
          const [message, turn] = [pick(of('message')), pick(of('turn'))];
          if (what === 'pin')
            await w.append({ type: 'node.pinned', data: { node: pick(nodes)!, pinned: where % 3 > 0 } });
          else if (what === 'window') {
            const window = { exchanges: 1 + (where % 9), tokens: null, summary: true, summarizer: null, since: null };
            await w.append({ type: 'window.set', data: { window } });
          } else if (what === 'move') await w.append({ type: 'head.moved', data: { head: pick(nodes)! } });
          else {
            if (running !== undefined) await w.append(ended(running.turn, running.text));
            running = undefined;
            if (what === 'say') {
              await w.append(said(`m${index}x`, turn ?? null, text));
              nodes.push({ id: `m${index}x`, kind: 'message' });
            } else {
              const id = `t${index}`;
              await w.append(asked(id, message!));
              nodes.push({ id, kind: 'turn' });
              if (text !== '') await w.append(part(id, 0, text));
              await w.append(part(id, text.length, 'more'));
              if (what === 'answer') await w.append(ended(id, `${text}more`));
              else running = { turn: id, text: `${text}more` };
            }
          }
        }
        const seq = 2 + (when % (w.log.position - 1));
        const before = await shownAt(w, 's', seq);
        expect((await w.fork({ at: { seq } })).state).toBe('done');
        const after = await shownAt(w, 'f', w.log.position);
        const stopped = (node: Node) =>
          node.kind === 'turn' && (node.state === 'queued' || node.state === 'streaming' || node.state === 'connecting')
            ? { ...node, state: 'stopped' as const }
            : node;
        expect(words(path(after))).toEqual(words(path(before).map(stopped)));
        expect(after.window).toEqual(before.window);
        const pins = (view: SessionView) => path(view).map(({ id }) => view.pinned.includes(id));
        expect(pins(after)).toEqual(pins(before));
        expect(Object.keys(after.nodes)).toHaveLength(path(after).length);
        // What the log computes of it is what it is folded to.
        expect(path((await w.viewOf('f'))!)).toEqual(path(after));
        await w.log.close();
        open.splice(open.indexOf(w.log), 1);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

it('copies 10,000 messages in small steps, between which everything else goes on', async () => {
  const w = world();
  await w.append(created, said('m0', null));
  let parent = 'm0';
  for (let n = 0; n < 5000; n += 100) {
    const events: NewEvent[] = [];
    for (let each = n; each < n + 100; each++) {
      events.push(asked(`t${each}`, parent), ended(`t${each}`, 'x'.repeat(200)), said(`n${each}`, `t${each}`));
      parent = `n${each}`;
    }
    await w.append(...events);
  }
  let turns = 0;
  let over = false;
  const watch = () => {
    turns++;
    if (!over) setImmediate(watch);
  };
  setImmediate(watch);
  const job = await w.fork({ at: { node: parent } });
  over = true;
  expect(job).toMatchObject({ state: 'done', done: 10_001, of: 10_001 });
  // Fifty events or so in each.
  expect(turns).toBeGreaterThan(300);
  expect(path((await w.viewOf('f'))!)).toHaveLength(500);
}, 60_000);
