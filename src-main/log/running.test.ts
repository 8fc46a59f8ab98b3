import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '#shared/domain/events.ts';
import { emptySession, foldSession } from '#shared/domain/session.ts';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, part, requested, withConnection } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const connecting: NewEvent = { type: 'turn.connecting', data: { turn: 't', attempt: 1 } };

/** Two turns that run in one session, and one that ended. */
async function streamed(log: Log, pieces: number): Promise<void> {
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('old', 'm'), part('old', 0, 'old')]));
  await log.append(batch('s', [finished('old', 'old'), requested('t', 'm'), connecting, requested('u', 'm')]));
  for (let index = 0; index < pieces; index++) {
    void log.append(batch('s', [part('t', index, 'x')]));
    if (index % 2 === 0) void log.append(batch('s', [part('u', index / 2, 'y')]));
  }
  await log.append(batch('other', [created()]));
}

async function everything(log: Log) {
  const follower = log.follow({ session: 's', after: 0, ready: () => {} });
  const followed = [];
  for (let page = await follower.read(100); page.length > 0; page = await follower.read(100)) followed.push(...page);
  follower.close();
  return {
    followed,
    snapshot: await log.snapshot('s', 10),
    states: [...(await log.shape('s', ['m', 'old', 't', 'u']))!.nodes.values()].map(({ state }) => state),
    list: await log.summaries({ limit: 10 }),
    unfinished: await log.unfinished(),
    last: await log.read({ session: 's', limit: 7 }),
  };
}

test('a file that was left while turns ran shows them as they were', async () => {
  const log = folder.open();
  await streamed(log, 6000);
  const before = await everything(log);
  expect(before.states).toEqual([null, 'done', 'streaming', 'streaming']);
  expect(before.list.sessions.find(({ id }) => id === 's')!.last!.state).toBe('streaming');
  expect(before.unfinished.map(({ turn }) => turn)).toEqual(['t', 'u']);
  expect(before.followed.reduce(foldSession, emptySession('s'))).toEqual(before.snapshot!.view);
  expect(before.snapshot!.view.nodes.t).toMatchObject({ state: 'streaming', attempt: 1, text: 'x'.repeat(6000) });
  await folder.close(log);

  const again = folder.open();
  const [commit, after] = await Promise.all([again.append(batch('s', [part('t', 6000, 'z')])), everything(again)]);
  expect(commit).toHaveLength(1);
  expect({ ...after.snapshot!.view.nodes.t, text: '' }).toEqual({ ...before.snapshot!.view.nodes.t, text: '' });
  await again.append(batch('s', [finished('t', 'end', { state: 'interrupted' })]));
  await again.append(batch('s', [finished('u', 'end', { state: 'interrupted' })]));
  expect(await again.unfinished()).toEqual([]);
  expect((await everything(again)).followed.filter(({ type }) => type === 'turn.part')).toEqual([]);
});

test('whoever reads at once after the start gets the parts of what ran', async () => {
  const log = folder.open();
  await streamed(log, 50);
  const before = await everything(log);
  await folder.close(log);
  expect(await everything(folder.open())).toEqual(before);
});

test('a new attempt of a turn that has parts connects, and streams again with its next part', async () => {
  const log = folder.open();
  await streamed(log, 3);
  const state = async () => (await log.shape('s', ['t']))!.nodes.get('t')!.state;
  expect(await state()).toBe('streaming');
  await log.append(batch('s', [{ type: 'turn.connecting', data: { turn: 't', attempt: 2 } }]));
  expect([await state(), (await log.turn('s', 't'))!.state]).toEqual(['connecting', 'connecting']);
  await log.append(batch('s', [part('t', 3, 'x')]));
  expect([await state(), (await log.turn('s', 't'))!.state]).toEqual(['streaming', 'streaming']);
});

test('a part touches the end of the table and nothing else', async () => {
  const { migrations, db } = withConnection();
  const log = folder.open({ migrations });
  await streamed(log, 10);
  const journal = () => (db().pragma('wal_checkpoint(PASSIVE)') as { log: number }[])[0]!.log;
  journal();
  const pages: number[] = [];
  for (let index = 10; index < 60; index++) {
    await log.append(batch('s', [part('t', index, 'x')]));
    pages.push(journal());
  }
  // More only when the page is full.
  expect(pages.filter((count) => count === 1).length).toBeGreaterThan(45);
});
