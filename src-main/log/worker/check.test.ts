import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupFolder } from '../backups.ts';
import type { Log } from '../log.ts';
import { batch, created, Folder, finished, message, requested } from '../testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const never = new AbortController().signal;
const check = (log: Log) => log.check({ progress() {}, signal: never });

async function filled(): Promise<void> {
  const log = folder.open();
  for (const session of ['a', 'b']) {
    await log.append(batch(session, [created(session), message(`m${session}`, 'Hello')]));
    await log.append(batch(session, [requested(`t${session}`, `m${session}`), finished(`t${session}`, 'Hi there')]));
    for (let index = 0; index < 40; index++)
      await log.append(batch(session, [message(`m${session}${index}`, `Text ${index} `.repeat(200), `m${session}`)]));
  }
  await log.append(batch('gone', [created(), message('mg', 'Gone')]));
  await log.indexed();
  await log.delete({ session: 'gone' });
  await folder.close(log);
}

test('a log in which all is as it should be has no findings, and tells how far the check is', async () => {
  await filled();
  const log = folder.open();
  const told: (number | null)[] = [];
  const found = await log.check({ progress: (_, of) => told.push(of), signal: never });
  expect(found).toEqual([]);
  expect(told).toContain(82);
  await log.append(batch('a', [message('more', 'More')]));
  expect(await check(log)).toEqual([]);
});

test('a damaged page is told with its table, and reading from it names the newest backup', async () => {
  await filled();
  const log = folder.open();
  await log.backup(`${folder.dir}/backups/choragus-2026-01-05T090000000Z-automatic.db`, {
    progress() {},
    signal: never,
  });
  await folder.close(log);
  folder.damage('events');
  const again = folder.open();
  expect(again.notices).toEqual([]);
  expect(await check(again)).toContainEqual(expect.stringMatching(/^The table events is damaged: /));
  const reads = await Promise.allSettled(['a', 'b'].map((session) => again.read({ session, limit: 1000 })));
  expect(reads.map((read) => read.status === 'rejected' && read.reason)).toContainEqual(
    expect.objectContaining({
      code: 'STORAGE',
      message: 'The log is damaged.',
      next: expect.stringContaining('Restore the newest backup, choragus-2026-01-05T090000000Z-automatic.db,'),
    }),
  );
  // What lies elsewhere can be read, and written.
  expect(reads.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await again.append(batch('c', [created(), message('mc', 'Goes on')]));
});

test('tables that do not say what the events say are told, one sentence each', async () => {
  await filled();
  folder.change((db) => {
    db.exec(`DELETE FROM nodes WHERE session = (SELECT key FROM sessions WHERE id = 'a')
      AND seq = (SELECT max(seq) FROM nodes WHERE session = (SELECT key FROM sessions WHERE id = 'a'))`);
  });
  const log = folder.open();
  expect(await check(log)).toEqual(['The session a has 42 messages and answers, and its table has 41.']);
});

test('one that is stopped ends', async () => {
  await filled();
  const log = folder.open();
  const control = new AbortController();
  const stopped = log.check({ progress() {}, signal: control.signal });
  control.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'STOPPED' });
});

test('what lies packed in blocks is checked as well, and a block that is spoilt is told', async () => {
  await filled();
  folder.clock.advance(400 * 24 * 3_600_000);
  const log = folder.open();
  await log.compact({ progress() {}, signal: never });
  expect(folder.look((db) => db.prepare('SELECT count(*) FROM blocks').pluck().get())).toBeGreaterThan(0);
  expect(await check(log)).toEqual([]);
  const file = `${folder.dir}/backups/choragus-2026-01-05T090000000Z-asked.db`;
  await log.backup(file, { progress() {}, signal: never });
  expect(new BackupFolder(folder.dir).about('choragus-2026-01-05T090000000Z-asked.db')).toEqual({
    epoch: log.epoch,
    position: log.position,
  });
  await folder.close(log);
  folder.change((db) => {
    db.exec('UPDATE block_pieces SET data = zeroblob(length(data)) WHERE id = (SELECT min(id) FROM block_pieces)');
  });
  const again = folder.open();
  expect(await check(again)).toEqual([
    expect.stringMatching(/^Block \d+ cannot be read, and with it \d+ events from \d+ to \d+\.$/),
  ]);
});
