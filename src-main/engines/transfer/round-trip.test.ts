import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptySession, foldSession, type SessionView } from '#shared/domain/session.ts';
import type { Log } from '../../log/log.ts';
import { SessionFile } from './format.ts';
import { plainSession, richSession } from './testing/rich-session.ts';
import { eventsOf, sessionIds, type Transfers, transfers } from './testing/transfers.ts';

let here: Transfers;
beforeEach(() => {
  here = transfers();
});
afterEach(() => here.close());

const fileOf = (bytes: Buffer) => SessionFile.parse(JSON.parse(bytes.toString('utf8')));

/** Ids in the order in which they are met, so that two files, or two views, differ in nothing but their ids. */
function renamed(value: unknown): unknown {
  const names = new Map<string, string>();
  const text = JSON.stringify(value);
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?:one|long)-[mtsq]\d+/g;
  return JSON.parse(
    text.replace(uuid, (id) => {
      if (!names.has(id)) names.set(id, `id${names.size}`);
      return names.get(id)!;
    }),
  );
}

/** As everybody folds it, without what only its place in the log is. */
async function folded(log: Log, session: string): Promise<unknown> {
  let view: SessionView = emptySession(session);
  for (const event of await eventsOf(log, session)) view = foldSession(view, event);
  const { id: _, seq: __, nodes, ...rest } = view;
  const plain = Object.values(nodes)
    .sort((a, b) => a.seq - b.seq)
    .map(({ seq: _, ...node }) => node);
  return renamed({ ...rest, nodes: plain });
}

describe('a session of one of everything', () => {
  it('is the same file after export, import and export, apart from ids', async () => {
    await richSession(here.log, 'one');
    const first = await here.exported('json', ['one']);
    expect(first).toMatchObject({ state: 'done', result: { sessions: 1, file: { type: 'application/json' } } });
    const before = fileOf(here.bytesOf(first));
    expect(before.nodes.map(({ id }) => id)).toEqual(['m1', 't1', 't2', 'm2', 't3', 'm3'].map((id) => `one-${id}`));
    expect(before.summaries).toHaveLength(2);
    expect(before.session).toMatchObject({
      head: 'one-t3',
      pinned: ['one-m1', 'one-t3'],
      arrangement: { pinned: true },
    });

    const imported = await here.imported(here.bytesOf(first));
    expect(imported).toMatchObject({ state: 'done', result: { sessions: 1 } });
    const copy = imported.result!.session!;
    const second = await here.exported('json', [copy]);
    const after = fileOf(here.bytesOf(second));
    expect(renamed(after)).toEqual(renamed(before));
    expect(after.nodes.some(({ id }) => before.nodes.some((each) => each.id === id))).toBe(false);
  });

  it('folds to the same after it was imported', async () => {
    await richSession(here.log, 'one');
    const job = await here.imported(here.bytesOf(await here.exported('json', ['one'])));
    expect(await folded(here.log, job.result!.session!)).toEqual(await folded(here.log, 'one'));
  });

  it('is read back as the log has it: pinned nodes, summaries, receipts and their system text', async () => {
    await richSession(here.log, 'one');
    const job = await here.imported(here.bytesOf(await here.exported('json', ['one'])));
    const session = job.result!.session!;
    const events = await eventsOf(here.log, session);
    const sent = events.find((event) => event.type === 'turn.sent')!;
    expect(sent.data.system).toEqual({ hash: expect.stringMatching(/^[\w-]{43}$/), tokens: 7 });
    expect(await here.log.systemText(session, sent.data.system!.hash)).toBe('You are Athena. Be brief.');
    expect(await here.log.summary(session, sent.data.summary!.summary)).toMatchObject({ text: 'They greeted.' });
    expect((await here.log.pinned(session, sent.data.turn)).map(({ at }) => at)).toHaveLength(2);
  });
});

it('a session with nothing in it, and one that only has a queue, come back', async () => {
  await here.log.append({
    session: 'empty',
    events: [{ type: 'session.created', data: { title: '' }, at: 5 }],
    durable: false,
  });
  const bytes = here.bytesOf(await here.exported('json', ['empty']));
  const job = await here.imported(bytes);
  expect(fileOf(here.bytesOf(await here.exported('json', [job.result!.session!])))).toEqual(fileOf(bytes));
});

it('a turn that runs is in the file as far as it had come, as interrupted', async () => {
  await plainSession(here.log, 'one', 2);
  const [, , request] = await eventsOf(here.log, 'one');
  const { speaker, to } = (request as Extract<typeof request, { type: 'turn.requested' }>).data;
  await here.log.append({
    session: 'one',
    durable: false,
    events: [
      { type: 'message.added', data: { message: 'm', parent: 'one-t0', text: 'More', to } },
      { type: 'turn.requested', data: { turn: 't', parent: 'm', to, speaker } },
      { type: 'turn.connecting', data: { turn: 't', attempt: 1 } },
      { type: 'turn.part', data: { turn: 't', offset: 0, text: 'So ' } },
      { type: 'turn.part', data: { turn: 't', offset: 3, text: 'far' } },
    ],
  });
  const { nodes } = fileOf(here.bytesOf(await here.exported('json', ['one'])));
  expect(nodes.at(-1)).toMatchObject({ id: 't', state: 'interrupted', text: 'So far', attempts: [{ attempt: 1 }] });
});

it('all sessions that are not in the trash go into one zip, and come back from it', async () => {
  for (let nth = 0; nth < 12; nth++) await plainSession(here.log, `s${nth}`, 6);
  await here.log.append({
    session: 's3',
    events: [{ type: 'session.arranged', data: { archived: true } }],
    durable: false,
  });
  await here.log.append({
    session: 's4',
    events: [{ type: 'session.arranged', data: { trashed: true } }],
    durable: false,
  });
  const job = await here.exported('json');
  expect(job.result).toMatchObject({
    sessions: 11,
    file: { name: 'choragus-2026-01-05.zip', type: 'application/zip' },
  });
  const before = await sessionIds(here.log);
  const imported = await here.imported(here.bytesOf(job), 'all.zip');
  expect(imported.state).toBe('done');
  expect(imported.result).toMatchObject({
    sessions: 11,
    notes: ['11 of these titles were here already; nothing was replaced.'],
  });
  expect(await sessionIds(here.log)).toHaveLength(before.length + 11);
});

it('a session of 2,000 messages comes back whole, read in pages', async () => {
  await plainSession(here.log, 'long', 2_000, 'Words. '.repeat(40));
  const job = await here.imported(here.bytesOf(await here.exported('json', ['long'])));
  expect(job.state).toBe('done');
  const [copy, original] = [await folded(here.log, job.result!.session!), await folded(here.log, 'long')];
  expect(Object.keys((copy as { nodes: object }).nodes)).toHaveLength(2_000);
  expect(isDeepStrictEqual(copy, original)).toBe(true);
});
