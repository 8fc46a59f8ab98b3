import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Problem } from '#shared/domain/problem.ts';
import type { Log } from './log.ts';
import { type Migration, migrations } from './migrations.ts';
import { openLog } from './open.ts';
import { storageProblem } from './storage.ts';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const NAME = 'choragus.db.set-aside-2026-01-05T090000000Z';

async function fill(log: Log, count = 40): Promise<void> {
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  for (let index = 0; index < count; index++)
    await log.append(batch('s', [message(`m${index}`, `Text ${index} `.repeat(200))]));
  await log.append(batch('s', [finished('t', 'A long answer. '.repeat(500))]));
}

async function filled(): Promise<void> {
  const log = folder.open();
  await fill(log);
  await folder.close(log);
}

/** Opening works, begins anew, says so, and the old bytes lie beside it. */
async function expectSetAside(why: string, bytes: Buffer): Promise<void> {
  const log = folder.open();
  expect(log.notices).toEqual([
    {
      message: `The log file was ${why}. It was set aside as ${NAME}, and an empty one was begun.`,
      next: expect.stringContaining(join(folder.dir, NAME)),
    },
  ]);
  expect(readFileSync(join(folder.dir, NAME)).equals(bytes)).toBe(true);
  expect((await log.summaries({ limit: 10 })).sessions).toEqual([]);
  await fill(log, 2);
  await folder.close(log);
  const again = folder.open();
  expect(again.notices).toEqual([]);
  expect((await again.snapshot('s', 10))!.view.title).toBe('A session');
}

test('a folder that is not there yet is made, with an empty log in it', async () => {
  const dir = join(folder.dir, 'a', 'b');
  const log = openLog({ dir, clock: folder.clock, random: Math.random });
  expect([log.notices, log.position, await log.snapshot('s', 1)]).toEqual([[], 0, null]);
  await log.close();
  expect(readdirSync(dir)).toEqual(['choragus.db']);
});

test('what was written is there after closing and opening, in the same epoch', async () => {
  const log = folder.open();
  await fill(log);
  const [before, { epoch, position }] = [await log.snapshot('s', 100), log];
  await folder.close(log);
  const again = folder.open();
  expect([again.epoch, again.position, again.notices]).toEqual([epoch, position, []]);
  expect(await again.snapshot('s', 100)).toEqual(before);
  const [next] = await again.append(batch('s', [message('next', 'More')]));
  expect(next!.seq).toBe(position + 1);
});

test('a file that is no database is set aside', async () => {
  writeFileSync(folder.file, 'Dear diary, '.repeat(1000));
  await expectSetAside('damaged', readFileSync(folder.file));
});

test('an empty file is a new log', () => {
  writeFileSync(folder.file, '');
  expect(folder.open().notices).toEqual([]);
});

test('a database of another program is set aside untouched', async () => {
  for (const pragma of ['application_id = 0', 'application_id = 42']) {
    folder.change((db) => db.exec(`CREATE TABLE IF NOT EXISTS recipes (name TEXT); PRAGMA ${pragma}`));
    await expectSetAside('made by another program', readFileSync(folder.file));
    await folder.remove();
    folder = new Folder();
  }
});

test('a file that was cut off is set aside', async () => {
  await filled();
  truncateSync(folder.file, 3 * 4096);
  await expectSetAside('cut off', readFileSync(folder.file));
  await folder.remove();
  folder = new Folder();
  await filled();
  truncateSync(folder.file, 50);
  await expectSetAside('cut off', readFileSync(folder.file));
});

test('a damaged schema, a damaged first and a damaged last event are found when opening', async () => {
  const first = `SELECT min(pageno) FROM dbstat WHERE name = 'events' AND pagetype = 'leaf'`;
  const last = `SELECT max(pageno) FROM dbstat WHERE name = 'events' AND pagetype = 'leaf'`;
  for (const place of ['SELECT 1', first, last]) {
    await filled();
    const page = folder.look((db) => db.prepare<[], number>(place).pluck().get()!);
    const bytes = Buffer.from(readFileSync(folder.file));
    bytes.fill(0xff, (page - 1) * 4096 + (page === 1 ? 100 : 0), page * 4096);
    writeFileSync(folder.file, bytes);
    await expectSetAside('damaged', bytes);
    await folder.remove();
    folder = new Folder();
  }
});

test('the journal goes with the file that is set aside, and an older one set aside is never overwritten', async () => {
  const log = folder.open();
  await fill(log);
  const copy = join(folder.dir, 'copy');
  mkdirSync(copy);
  for (const part of ['', '-wal']) cpSync(folder.file + part, join(copy, `choragus.db${part}`));
  const bytes = Buffer.from(readFileSync(join(copy, 'choragus.db')));
  bytes.write('No SQLite here', 0);
  writeFileSync(join(copy, 'choragus.db'), bytes);
  writeFileSync(join(copy, NAME), 'older');

  const opened = openLog({ dir: copy, clock: folder.clock, random: Math.random });
  await opened.close();
  expect(readFileSync(join(copy, NAME), 'utf8')).toBe('older');
  expect(readFileSync(join(copy, `${NAME}-2`)).equals(bytes)).toBe(true);
  expect(readFileSync(join(copy, `${NAME}-2-wal`)).length).toBeGreaterThan(0);
});

test('a journal without its file is set aside too', async () => {
  writeFileSync(`${folder.file}-wal`, 'pages');
  const log = folder.open();
  expect(log.notices[0]!.message).toMatch(/^The log file was missing or empty beside its journal\./);
  await folder.close(log);
  expect(readFileSync(join(folder.dir, `${NAME}-wal`), 'utf8')).toBe('pages');
});

test('a newer file is refused by number and left as it is', async () => {
  await filled();
  folder.change((db) => db.pragma('user_version = 99'));
  const bytes = readFileSync(folder.file);
  const known = migrations.at(-1)!.version;
  expect(() => folder.open()).toThrow(
    expect.objectContaining({
      code: 'STORAGE',
      message: `${folder.file} has version 99; this Choragus knows versions up to ${known}.`,
      next: expect.stringContaining('newer Choragus'),
    }),
  );
  expect(readFileSync(folder.file).equals(bytes)).toBe(true);
  expect(readdirSync(folder.dir)).toEqual(['choragus.db']);
});

test('a migration takes a copy first, and everything that was there is there after it', async () => {
  const log = folder.open();
  await fill(log);
  const before = await log.snapshot('s', 100);
  await folder.close(log);

  const version = migrations.at(-1)!.version + 1;
  const next: Migration = { version, up: (db) => db.exec('ALTER TABLE events ADD COLUMN colour TEXT') };
  const again = folder.open({ migrations: [...migrations, next] });
  expect(await again.snapshot('s', 100)).toEqual(before);
  const copy = join(folder.dir, 'backups', `choragus-v${version - 1}-2026-01-05T090000000Z.db`);
  expect(again.notices).toEqual([{ message: `The log was updated. A copy of it from before is ${copy}.` }]);
  await folder.close(again);

  const db = new SQLite(copy, { readonly: true });
  expect(db.pragma('user_version', { simple: true })).toBe(version - 1);
  expect(db.prepare('SELECT count(*) FROM events').pluck().get()).toBe(44);
  db.close();
  expect(folder.look((each) => each.pragma('user_version', { simple: true }))).toBe(version);
});

test('a migration that fails changes nothing', async () => {
  await filled();
  const version = migrations.at(-1)!.version;
  const broken: Migration = {
    version: version + 1,
    up: (db) => {
      db.exec('DELETE FROM events');
      throw new Error('broken');
    },
  };
  expect(() => folder.open({ migrations: [...migrations, broken] })).toThrow();
  expect(folder.look((db) => db.pragma('user_version', { simple: true }))).toBe(version);
  expect((await folder.open().snapshot('s', 100))!.view.seq).toBe(44);
});

test('a copied folder begins a new epoch', async () => {
  const log = folder.open();
  await fill(log, 1);
  const { epoch } = log;
  await folder.close(log);
  const copy = new Folder();
  cpSync(folder.dir, copy.dir, { recursive: true });
  const copied = copy.open();
  expect(copied.epoch).not.toBe(epoch);
  const { epoch: second } = copied;
  await copy.close(copied);
  expect(copy.open().epoch).toBe(second);
  expect(folder.open().epoch).toBe(epoch);
  await copy.remove();
});

test('a folder that cannot be made or written is told in one sentence', () => {
  const below = join(folder.dir, 'file');
  writeFileSync(below, '');
  const open = (dir: string) => () => openLog({ dir, clock: folder.clock, random: Math.random });
  expect(open(below)).toThrow(expect.objectContaining({ code: 'STORAGE', message: expect.stringContaining(below) }));
  expect(open(join(below, 'data'))).toThrow(
    expect.objectContaining({
      code: 'STORAGE',
      message: `${join(below, 'data')} cannot be a folder: a file stands in its way.`,
    }),
  );
  mkdirSync(folder.file);
  expect(open(folder.dir)).toThrow(
    expect.objectContaining({ code: 'STORAGE', message: `Choragus may not write to ${folder.dir}.` }),
  );
  expect(existsSync(join(folder.dir, NAME))).toBe(false);
});

test('whatever the disk says becomes a sentence and a next step', () => {
  const told = (code: string): Problem => storageProblem(Object.assign(new Error('?'), { code }), '/data');
  const sentences: [string, RegExp][] = [
    ['ENOSPC', /full/],
    ['SQLITE_FULL', /full/],
    ['EACCES', /may not write/],
    ['EPERM', /may not write/],
    ['EROFS', /may not write/],
    ['SQLITE_READONLY', /may not write/],
    ['SQLITE_READONLY_DBMOVED', /may not write/],
    ['SQLITE_CANTOPEN', /may not write/],
    ['ENOTDIR', /file stands in its way/],
    ['ENOENT', /cannot be made/],
    ['SQLITE_BUSY', /locked/],
    ['SQLITE_CORRUPT', /damaged/],
    ['SQLITE_IOERR_WRITE', /reports an error/],
  ];
  for (const [code, sentence] of sentences) {
    expect(told(code)).toMatchObject({ code: 'STORAGE', message: expect.stringMatching(sentence) });
    expect(told(code).message).toContain('/data');
    expect(told(code).next).toMatch(/\.$/);
  }
  expect(storageProblem(new Error('a bug'), '/data').code).toBe('INTERNAL');
});
