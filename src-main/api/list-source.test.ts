import { afterEach, beforeEach, expect, test } from 'vitest';
import { abandon, fill, finish } from '../engines/session/filling.ts';
import type { Log } from '../log/log.ts';
import { batch, created, Folder } from '../log/testing/folder.ts';
import { ListSource } from './list-source.ts';

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

const never = new AbortController().signal;
const filled = (job: string, session: string) =>
  fill(log, session, [[{ type: 'session.created', data: { title: session, job } }]], never);

/** Everything that there is now. */
async function drained(source: ListSource) {
  const items = [];
  for (let more = await source.pull(100); more.length > 0; more = await source.pull(100)) items.push(...more);
  return items;
}

test('what is being filled is told once it is whole, each session by itself', async () => {
  const source = new ListSource(log);
  await drained(source);
  for (const session of ['a', 'b']) await filled('j', session);
  expect(await drained(source)).toEqual([]);
  await finish(log, 'j');
  const items = await drained(source);
  expect(items.map((item) => item.kind === 'changed' && item.session.id).sort()).toEqual(['a', 'b']);
  source.close();
});

test('after a job that filled many, or began before one came, the list begins anew', async () => {
  await log.append(batch('old', [created('Old')]));
  await filled('before', 'x');
  const source = new ListSource(log);
  await drained(source);
  await filled('before', 'y');
  await finish(log, 'before');
  expect(await drained(source)).toMatchObject([{ kind: 'list', sessions: [{}, {}, {}], more: false }]);
  for (let n = 0; n < 60; n++) await filled('many', `s${n}`);
  await finish(log, 'many');
  const items = await drained(source);
  expect(items).toMatchObject([{ kind: 'list', more: false }]);
  expect(items[0]?.kind === 'list' && items[0].sessions.length).toBe(63);
  source.close();
});

test('a job that is broken off brings nothing into the list', async () => {
  const source = new ListSource(log);
  await drained(source);
  await filled('j', 'a');
  await abandon(log, 'j');
  expect((await drained(source)).filter(({ kind }) => kind !== 'gone')).toEqual([]);
  source.close();
});

test('where a session is kept is told with it', async () => {
  const source = new ListSource(log);
  await log.append(batch('a', [created('A')]));
  await drained(source);
  await log.append(batch('a', [{ type: 'session.arranged', data: { archived: true } }]));
  expect(await drained(source)).toMatchObject([
    { kind: 'changed', session: { id: 'a', arrangement: { archived: true } } },
  ]);
  source.close();
});
