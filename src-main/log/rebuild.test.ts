import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SYSTEM } from '#shared/domain/events.ts';
import { choices, history } from '#shared/domain/testing/history.ts';
import type { Log } from './log.ts';
import { searchProjection } from './search-tables.ts';
import { batch, created, Folder, message, observed, withConnection } from './testing/folder.ts';
import { treeProjection } from './tree-tables.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const dropProjections = () =>
  folder.change((db) => {
    for (const table of [...treeProjection.tables, ...searchProjection.tables]) db.exec(`DROP TABLE ${table}`);
    db.exec('DELETE FROM projections; VACUUM');
  });

/** Everything that anybody can see. */
async function everything(log: Log, sessions: string[]) {
  await log.indexed();
  return {
    list: await log.summaries({ limit: 100 }),
    groups: await log.groups(),
    totals: await log.totals(),
    filling: await log.filling(),
    unfinished: (await log.unfinished()).map(({ session, turn }) => `${session}/${turn}`).sort(),
    sessions: await Promise.all(
      sessions.map(async (session) => ({
        snapshot: await log.snapshot(session, 1000),
        shape: await log.shape(session, ['n1', 'n2', 'n3']),
        branches: await log.branches(session, 100),
        path: await log.path(session, { limit: 20 }),
        pinned: await log.pinned(session, 'n3'),
        summary: await log.summaryOn(session, 'n3'),
        told: await log.systemText(session, 'h1'),
        sent: await log.sent(session, 'n2'),
        heads: await Promise.all([5, 10, 50].map((seq) => log.headAt(session, seq))),
        older: await log.older(session, 1_000_000, 5),
      })),
    ),
    found: await log.search('piece', { limit: 1000 }),
  };
}

/** The tables as they are, but for the order of rows. */
const tables = () =>
  folder.look((db) => treeProjection.tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()));

test('with every projection dropped, the next start shows the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(choices, { maxLength: 4 }), async (all) => {
      const log = folder.open();
      const sessions = all.map((_, index) => `s${index}`);
      const written = all.flatMap((steps, index) =>
        history(steps).map((event) => log.append(batch(sessions[index]!, [event]))),
      );
      const filled = ['a', 'a', 'b'].map((job, index) =>
        log.append(batch(`f${index}`, [{ type: 'session.created', data: { title: 'A copy', job } }])),
      );
      await Promise.all([...written, ...filled, log.append(observed('m'))]);
      await log.append(batch(SYSTEM, [{ type: 'job.finished', data: { job: 'a' } }]));
      const before = await everything(log, sessions);
      await folder.close(log);
      const rows = tables();
      dropProjections();

      const again = folder.open();
      expect(await everything(again, sessions)).toEqual(before);
      expect(tables()).toEqual(rows);
      await folder.remove();
      folder = new Folder();
    }),
    { numRuns: 6 },
  );
});

test('tables of an older version are filled anew, and a start in the middle of it goes on', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  for (let index = 0; index < 1000; index++) void log.append(batch('s', [message(`m${index}`, `Text ${index}`)]));
  const before = await everything(log, ['s']);
  await folder.close(log);
  folder.change((db) => db.exec('UPDATE projections SET version = 0'));

  const interrupted = folder.open();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  await folder.close(interrupted);
  const reached = folder.look((db) => db.prepare(`SELECT seq FROM projections WHERE name = 'tree'`).pluck().get());
  expect(reached).toBeGreaterThan(0);
  expect(reached).toBeLessThan(1001);

  const again = folder.open();
  expect(await everything(again, ['s'])).toEqual(before);
});

test('what is appended while the tables are filled waits for them', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  for (let index = 0; index < 1000; index++) void log.append(batch('s', [message(`m${index}`, 'Text')]));
  await folder.close(log);
  dropProjections();

  const again = folder.open();
  const events = again.append(batch('s', [message('last', 'Text', 'm999')], { expected: 1001 }));
  const shape = again.shape('s', ['m500']);
  expect((await events).map(({ seq }) => seq)).toEqual([1002]);
  expect((await shape)!.nodes.size).toBe(1);
  expect((await again.shape('s'))!.head).toBe('last');
});

test('what is pending when the log closes while the tables are filled is committed', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  for (let index = 0; index < 1000; index++) void log.append(batch('s', [message(`m${index}`, 'Text')]));
  await folder.close(log);
  dropProjections();
  const again = folder.open();
  const events = again.append(batch('s', [message('last', 'Text')]));
  await folder.close(again);
  expect(await events).toHaveLength(1);
});

test('when there is no room for the tables, whoever waits is told, and asking later works', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  for (let index = 0; index < 1000; index++) void log.append(batch('s', [message(`m${index}`, 'Text')]));
  await folder.close(log);
  dropProjections();

  const { migrations, db } = withConnection();
  const again = folder.open({ migrations });
  db().pragma(`max_page_count = ${db().pragma('page_count', { simple: true })}`);
  const results = await Promise.allSettled([again.shape('s'), again.append(batch('s', [message('last', 'Text')]))]);
  for (const result of results)
    expect((result as PromiseRejectedResult).reason).toMatchObject({
      code: 'STORAGE',
      next: expect.stringContaining('Free'),
    });
  db().pragma('max_page_count = 1000000');
  expect((await again.branches('s', 1)).total).toBe(1000);
  expect(await again.append(batch('s', [message('last', 'Text')]))).toHaveLength(1);
});
