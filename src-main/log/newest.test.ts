import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from './log.ts';
import { NewestNodes } from './newest.ts';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';

const known = (id: string, seq: number) => ({ id, seq, branch: 0, depth: seq, turn: false, units: 0, finished: false });

test('the newest node of a session is known, and its parent', () => {
  const newest = new NewestNodes();
  const [a, b, c] = [known('a', 1), known('b', 2), known('c', 3)];
  newest.added(1, a, undefined);
  newest.added(1, b, a);
  expect([newest.node(1, 'a'), newest.node(1, 'b'), newest.node(2, 'b')]).toEqual([a, b, undefined]);
  expect([newest.parentOf(1, b), newest.parentOf(1, a)]).toEqual([a, undefined]);
  newest.added(1, c, b);
  expect([newest.node(1, 'a'), newest.isNewest(1, c), newest.isNewest(1, b)]).toEqual([undefined, true, false]);
  newest.forgetSession(1);
  expect(newest.node(1, 'c')).toBeUndefined();
});

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

const table = () =>
  folder.look((db) =>
    db.prepare('SELECT seq, branch, depth, units, state, finished FROM nodes ORDER BY session, seq').raw().all(),
  );
const lines = () =>
  folder.look((db) => db.prepare('SELECT branch, depth, parent, head, "end" FROM branches').raw().all());

test('what a step that fell would have added is remembered by nobody', async () => {
  await log.append(batch('s', [created(), message('m', 'one')]));
  const fell = log.append(batch('s', [requested('t', 'm'), message('m', 'again', 't')]));
  await expect(fell).rejects.toMatchObject({ code: 'CONFLICT' });
  const [next] = await log.append(batch('s', [message('n', 'two', 't')]));
  // Its parent is not there, so it is a root of its own.
  expect(table()).toEqual([
    [2, 0, 0, 3, null, null],
    [next!.seq, 1, 0, 3, null, null],
  ]);
  expect(lines()).toEqual([
    [0, 0, null, 2, 0],
    [1, 0, null, next!.seq, 0],
  ]);
});

test('a turn that ends after its answer was followed counts for what comes later', async () => {
  await log.append(batch('s', [created(), message('m', 'one'), requested('t', 'm'), message('n', 'three', 't')]));
  await log.append(batch('s', [finished('t', 'answer')]));
  await log.append(batch('s', [finished('t', 'a longer answer')]));
  await log.append(batch('s', [requested('u', 'n')]));
  await log.append(
    batch('s', [message('o', 'x', 't'), requested('v', 'o'), finished('v', 'beside'), finished('u', '!')]),
  );
  const written = table();
  expect(written).toEqual([
    [2, 0, 0, 3, null, null],
    [3, 0, 1, 18, 3, 6],
    [4, 0, 2, 8, null, null],
    [7, 0, 3, 9, 3, 11],
    [8, 1, 2, 19, null, null],
    [9, 1, 3, 25, 3, 10],
  ]);
  expect(lines()).toEqual([
    [0, 0, null, 7, 3],
    [1, 2, 0, 9, 3],
  ]);
  expect((await log.shape('s'))!.version).toBe(11);
});

test('after a session was deleted nothing of it is known', async () => {
  await log.append(batch('s', [created(), message('m', 'one')]));
  await log.delete(batch('s', []));
  await log.append(batch('s', [message('n', 'two', 'm')]));
  expect(table()).toEqual([[4, 0, 0, 3, null, null]]);
});
