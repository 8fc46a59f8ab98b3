import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallParams, StreamItem } from '#shared/contract/contract.ts';
import type { Job } from '#shared/domain/jobs.ts';
import type { path } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { systemClock } from '../hosts/clock.ts';
import { openLog } from '../log/open.ts';
import { type Composed, composed } from '../testing/composed.ts';

const id = () => uuidv7(Date.now(), Math.random);
const to = (model = 'steady') => ({ provider: 'sim', model });

let dir: string;
let app: Composed;
const open = async () => {
  const options = { rate: 100_000, firstTokenMs: 0, tokens: 20 };
  const slow = { id: 'slow', kind: 'simulator', options: { rate: 20, firstTokenMs: 0, tokens: 10_000 } };
  const providers = [{ id: 'sim', kind: 'simulator', options }, slow];
  app = await composed(dir, { config: { localServices: false, providers } });
};
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-kept-'));
  await open();
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

const call: Composed['client']['call'] = (...args) => app.client.call(...args);

/** Items of a stream as they come; `until` resolves with the first of all of them for which `test` holds. */
function follow<S extends 'sessions.follow' | 'jobs.follow' | 'session.follow'>(stream: S, params: object = {}) {
  const items: StreamItem<S>[] = [];
  let heard = () => {};
  app.client.follow(
    stream,
    () => params as never,
    (more) => {
      items.push(...(more as StreamItem<S>[]));
      heard();
    },
  );
  const until = async (test: (item: StreamItem<S>) => boolean) => {
    for (;;) {
      const found = items.find(test);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { items, until };
}

async function ended(job: string): Promise<Job> {
  const isEnd = ({ jobs }: StreamItem<'jobs.follow'>) => jobs.some((each) => each.id === job && each.endedAt !== null);
  const { jobs } = await follow('jobs.follow').until(isEnd);
  return jobs.find((each) => each.id === job)!;
}

const send = (session: string, text: string, more: Partial<CallParams<'messages.send'>> = {}) =>
  call('messages.send', { command: id(), session, message: id(), text, to: to(), ...more });

/** Says something and waits for the answer. */
async function talk(session: string, text: string): Promise<string> {
  const { turn } = await send(session, text);
  await answered(session, turn!);
  return turn!;
}

async function answered(session: string, turn: string): Promise<void> {
  for (;;) {
    const { nodes } = await call('sessions.nodes', { session, nodes: [turn] });
    if (nodes[0]?.kind === 'turn' && !isRunning(nodes[0].state)) return;
    await new Promise(setImmediate);
  }
}

const arrange = (session: string, change: object) => call('sessions.arrange', { command: id(), session, ...change });
const listed = async (filter: CallParams<'sessions.list'>['filter'] = {}) =>
  (await call('sessions.list', { filter })).sessions.map((each) => each.id);

describe('where sessions are kept', () => {
  it('is asked for by folder, tag, pin and title, and told with each row', async () => {
    const [one, two, three] = [id(), id(), id()];
    for (const [session, text] of [
      [one, 'Roses'],
      [two, 'Bees'],
      [three, 'Robots'],
    ] as const)
      await talk(session, text);
    await arrange(one, { folder: 'Garden', tags: ['red', 'red', 'thorny'], pinned: true });
    await arrange(two, { folder: 'Garden' });
    expect((await listed({ folder: 'Garden' })).sort()).toEqual([one, two].sort());
    expect(await listed({ folder: null })).toEqual([three]);
    expect(await listed({ tag: 'thorny' })).toEqual([one]);
    expect(await listed({ pinned: true })).toEqual([one]);
    expect((await listed({ title: 'RO' })).sort()).toEqual([one, three].sort());
    const { sessions } = await call('sessions.list', { sort: 'title' });
    expect(sessions.map(({ title }) => title)).toEqual(['Bees', 'Robots', 'Roses']);
    expect(sessions[2]!.arrangement).toMatchObject({ folder: 'Garden', tags: ['red', 'thorny'], pinned: true });
    expect(await call('sessions.groups', {})).toMatchObject({
      folders: [{ name: 'Garden', sessions: 2 }],
      tags: [
        { name: 'red', sessions: 1 },
        { name: 'thorny', sessions: 1 },
      ],
      archived: 0,
      trashed: 0,
    });
  });

  it('moves with its folder; the same command again answers the same', async () => {
    const [one, two] = [id(), id()];
    for (const session of [one, two]) await talk(session, 'Hello');
    await arrange(one, { folder: 'Work' });
    await arrange(two, { folder: 'Work', trashed: true });
    const command = id();
    const renamed = { command, from: 'Work', to: 'Office' };
    expect(await call('folders.rename', renamed)).toEqual({ sessions: 2 });
    expect(await call('folders.rename', renamed)).toEqual({ sessions: 2 });
    expect(await listed({ folder: 'Office' })).toEqual([one]);
    await expect(call('folders.rename', { ...renamed, to: null })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await call('folders.rename', { command: id(), from: 'Office', to: null })).toEqual({ sessions: 2 });
    expect((await call('sessions.groups', {})).folders).toEqual([]);
  });

  it('leaves no event behind where nothing changed', async () => {
    const session = id();
    await talk(session, 'Hello');
    await arrange(session, { archived: true });
    const seen = follow('session.follow', { session });
    await seen.until(({ kind }) => kind === 'snapshot');
    await arrange(session, { archived: true, pinned: false });
    await arrange(session, { pinned: true });
    await seen.until((item) => item.kind === 'event' && item.event.type === 'session.arranged');
    const events = seen.items.flatMap((item) => (item.kind === 'event' ? [item.event.data] : []));
    expect(events).toEqual([{ pinned: true }]);
  });
});

describe('archive and trash', () => {
  it('take a session out of the list, and a message brings it back', async () => {
    const session = id();
    await talk(session, 'Hello');
    await arrange(session, { archived: true });
    expect([await listed(), await listed({ archived: true })]).toEqual([[], [session]]);
    await arrange(session, { trashed: true });
    expect([await listed({ archived: true }), await listed({ trashed: true })]).toEqual([[], [session]]);
    const { sessions } = await call('sessions.list', { filter: { trashed: true } });
    expect(sessions[0]!.trashedAt).toBeGreaterThan(0);
    await talk(session, 'Are you there?');
    expect([await listed(), await listed({ trashed: true })]).toEqual([[session], []]);
  });

  it('stop what runs before a session goes into the trash', async () => {
    const session = id();
    const { turn } = await send(session, 'Talk for long', { to: { provider: 'slow', model: 'steady' } });
    await arrange(session, { trashed: true });
    const { nodes } = await call('sessions.nodes', { session, nodes: [turn!] });
    expect(nodes[0]).toMatchObject({ kind: 'turn', state: 'stopped' });
    expect(await listed({ trashed: true })).toEqual([session]);
  });

  it('are emptied as a job, which leaves the others; the same command is the same job', async () => {
    const sessions = [id(), id(), id()];
    for (const session of sessions) await talk(session, 'Hello');
    const [kept, ...gone] = sessions;
    for (const session of gone) await arrange(session, { trashed: true });
    const list = follow('sessions.follow');
    await list.until(({ kind }) => kind === 'list');
    const command = id();
    const { job } = await call('sessions.emptyTrash', { command });
    expect(await ended(job)).toMatchObject({ kind: 'delete', state: 'done', done: 2, of: 2, result: { sessions: 2 } });
    for (const session of gone) await list.until((item) => item.kind === 'gone' && item.session === session);
    expect([await listed(), await listed({ trashed: true })]).toEqual([[kept], []]);
    await arrange(kept!, { trashed: true });
    expect(await call('sessions.emptyTrash', { command })).toEqual({ job });
    expect(await listed({ trashed: true })).toEqual([kept]);
    await expect(call('sessions.path', { session: gone[0]! })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keep what is taken out while they are emptied', async () => {
    const session = id();
    await talk(session, 'Hello');
    await arrange(session, { trashed: true });
    const [{ job }] = await Promise.all([
      call('sessions.emptyTrash', { command: id() }),
      arrange(session, { trashed: false }),
    ]);
    const { result } = await ended(job);
    const left = await listed();
    expect([left.length, result]).toEqual([1 - result!.sessions!, { sessions: 1 - left.length }]);
  });
});

describe('branches', () => {
  it('begin with an edit or a retry, are listed, named, shown and paged', async () => {
    const session = id();
    const first = id();
    await answered(session, (await send(session, 'One', { message: first })).turn!);
    const turn = await talk(session, 'Two');
    const { turn: again } = await call('turns.retry', { command: id(), session, turn });
    await answered(session, again);
    const reworded = id();
    const edited = await call('messages.edit', {
      command: id(),
      session,
      replaces: first,
      message: reworded,
      text: 'Another one',
      to: to(),
    });
    await answered(session, edited.turn);
    const { branches, total } = await call('sessions.branches', { session });
    expect(total).toBe(3);
    const by = new Map(branches.map((each) => [each.branch, each]));
    expect(by.get(first)).toMatchObject({ depth: 0, nodes: 4, parent: null, name: null, shown: false, head: turn });
    expect(by.get(again)).toMatchObject({ depth: 3, nodes: 1, head: again, shown: false });
    expect(by.get(reworded)).toMatchObject({ depth: 0, nodes: 2, parent: null, head: edited.turn, shown: true });

    const name = { command: id(), session, branch: again, name: ' A better try ' };
    await call('sessions.nameBranch', name);
    await call('sessions.nameBranch', name);
    await expect(call('sessions.nameBranch', { ...name, command: id(), branch: turn })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await call('sessions.select', { command: id(), session, node: first });
    const shown = (await call('sessions.branches', { session })).branches.find((each) => each.shown);
    expect(shown).toMatchObject({ branch: again, name: 'A better try' });

    const page = await call('sessions.path', { session });
    expect(page).toMatchObject({ head: again, length: 4, from: 0 });
    expect(page.families[again]).toEqual([turn, again]);
    const middle = await call('sessions.path', { session, from: 1, limit: 2 });
    expect([middle.from, middle.nodes.map(({ id }) => id)]).toEqual([1, page.nodes.slice(1, 3).map(({ id }) => id)]);
    const elsewhere = await call('sessions.path', { session, around: edited.turn });
    expect([elsewhere.head, elsewhere.length]).toEqual([edited.turn, 2]);
    await expect(call('sessions.path', { session, to: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(call('sessions.select', { command: id(), session, node: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('become a session of their own, which is told to who follows the list, once it is whole', async () => {
    const session = id();
    const turn = await talk(session, 'Hello');
    const list = follow('sessions.follow');
    await list.until(({ kind }) => kind === 'list');
    const into = id();
    const fork = { command: id(), session, into, at: { node: turn }, title: 'A copy' };
    const { job } = await call('sessions.fork', fork);
    expect(await ended(job)).toMatchObject({ kind: 'fork', state: 'done', result: { session: into } });
    const item = await list.until((each) => each.kind === 'changed' && each.session.id === into);
    expect(item).toMatchObject({ session: { title: 'A copy', forked: session, messages: 1 } });
    expect(list.items.filter(({ kind }) => kind === 'list')).toHaveLength(1);
    expect(await call('sessions.fork', fork)).toEqual({ job });
    // It goes its own way.
    await talk(into, 'And now?');
    expect((await call('sessions.path', { session: into })).length).toBe(4);
    expect((await call('sessions.path', { session })).length).toBe(2);
    const { view } = (await follow('session.follow', { session: into }).until(({ kind }) => kind === 'snapshot')) as {
      view: Parameters<typeof path>[0] & { forked: object };
    };
    expect(view.forked).toEqual({ session, seq: expect.any(Number) });
    await call('sessions.delete', { command: id(), session });
    expect((await call('sessions.path', { session: into })).length).toBe(4);
  });

  it('of which half a copy was made when everything ended are gone after the next start', async () => {
    const session = id();
    const turn = await talk(session, 'Hello');
    await app.close();
    const log = openLog({ dir, clock: systemClock, random: Math.random });
    const [half, job] = [id(), id()];
    const to = { provider: 'sim', model: 'steady' };
    const speaker = { name: 'm', provider: 'sim', providerName: 'Simulator', model: 'steady', offline: false };
    await log.append({
      session: half,
      events: [
        { type: 'session.created', data: { title: 'Half', job } },
        { type: 'message.added', data: { message: 'm1', parent: null, text: 'Hello', to } },
        { type: 'turn.requested', data: { turn: 't1', parent: 'm1', to, speaker } },
      ],
      durable: true,
    });
    await log.close();
    await open();
    const isGone = (error: unknown) => (error as { code?: string }).code === 'NOT_FOUND';
    while (!(await call('sessions.branches', { session: half }).then(() => false, isGone)))
      await new Promise(setImmediate);
    expect(await listed()).toEqual([session]);
    expect((await call('sessions.path', { session })).head).toBe(turn);
  });
});
