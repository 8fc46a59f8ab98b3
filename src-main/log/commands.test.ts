import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countedIds } from '#shared/kit/testing/ids.ts';
import { batch, created, Folder, message, withConnection } from './testing/folder.ts';

let folder: Folder;
let newId: () => string;
beforeEach(() => {
  folder = new Folder();
  newId = countedIds(() => folder.clock.now());
});
afterEach(() => folder.remove());

const DAY = 24 * 3600_000;
const rows = () => folder.look((db) => db.prepare<[], number>('SELECT count(*) FROM commands').pluck().get()!);

test('a command is remembered with its events, its hash and what was answered', async () => {
  const log = folder.open();
  const [one, two, three] = [newId(), newId(), newId()];
  await log.append(batch('s', [created()], { command: { id: one, hash: 'h1', result: { turn: 't' } } }));
  await log.append(batch('s', [], { command: { id: two, hash: 'h2', result: undefined } }));
  await folder.close(log);
  const again = folder.open();
  expect(await again.command(one)).toEqual({ hash: 'h1', result: { turn: 't' } });
  expect(await again.command(two)).toEqual({ hash: 'h2', result: null });
  expect(await again.command(three)).toBeNull();
});

test('a command that comes twice takes effect once, even within one group', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  const command = { id: newId(), hash: 'h', result: {} };
  const results = await Promise.allSettled([
    log.append(batch('s', [message('m', 'Hello')], { command })),
    log.append(batch('s', [message('n', 'Hello')], { command })),
    log.append(batch('s', [message('o', 'Other')])),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'CONFLICT' });
  expect([...(await log.shape('s', ['m', 'n', 'o']))!.nodes.keys()]).toEqual(['m', 'o']);
});

test('a refused batch leaves no command behind', async () => {
  const log = folder.open();
  const id = newId();
  const wrong = batch('s', [created()], { expected: 7, command: { id, hash: 'h', result: {} } });
  await expect(log.append(wrong)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await log.command(id)).toBeNull();
});

test('commands are forgotten after seven days, and then told as expired', async () => {
  const log = folder.open();
  const old = newId();
  await log.append(batch('s', [created()], { command: { id: old, hash: 'h', result: {} } }));
  folder.clock.advance(4 * DAY);
  const newer = newId();
  const never = newId();
  await log.append(batch('s', [], { command: { id: newer, hash: 'h', result: {} } }));
  folder.clock.advance(3 * DAY + 1);
  await folder.close(log);

  const again = folder.open();
  await vi.waitFor(() => expect(rows()).toBe(1), { interval: 5 });
  await expect(again.command(old)).rejects.toMatchObject({ code: 'EXPIRED' });
  expect(await again.command(newer)).not.toBeNull();
  expect(await again.command(never)).toBeNull();
  await folder.close(again);
  await expect(folder.open().command(old)).rejects.toMatchObject({ code: 'EXPIRED' });
});

test('of very many commands the newest hundred thousand are kept', async () => {
  const { migrations, db } = withConnection();
  const log = folder.open({ migrations });
  const first = newId();
  await log.append(batch('s', [created()], { command: { id: first, hash: 'h', result: {} } }));
  const insert = db().prepare(`INSERT INTO commands (id, hash, result, at) VALUES (?, 'h', '{}', ?)`);
  db().transaction(() => {
    for (let count = 0; count < 100_000; count++) insert.run(`made up ${count}`, folder.clock.now());
  })();
  folder.clock.advance(1);
  const written = Array.from({ length: 1000 }, () =>
    log.append(batch('s', [], { command: { id: newId(), hash: 'h', result: {} } })),
  );
  await Promise.all(written);
  await vi.waitFor(() => expect(rows()).toBe(100_000), { interval: 5 });
  await expect(log.command(first)).rejects.toMatchObject({ code: 'EXPIRED' });
  expect(await log.command('made up 99999')).not.toBeNull();
});
