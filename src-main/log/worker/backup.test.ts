import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../log.ts';
import { batch, created, Folder, message } from '../testing/folder.ts';

let folder: Folder;
let backups: string;
beforeEach(() => {
  folder = new Folder();
  backups = join(folder.dir, 'backups');
  mkdirSync(backups);
});
afterEach(() => folder.remove());

const never = new AbortController().signal;
const text = (index: number) => `Text ${index} `.repeat(100);

async function fill(log: Log, from: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return message(`m${number}`, text(number), number === 0 ? null : `m${number - 1}`);
  });
  for (let at = 0; at < count; at += 500) await log.append(batch('s', events.slice(at, at + 500)));
}

test('a backup is a whole log of one moment while commits go on, and none of them waits for it', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  await fill(log, 0, 6000);
  const before = log.position;
  const file = join(backups, 'copy.db');
  const told: [number, number | null][] = [];
  let made = false;
  const done = log.backup(file, { progress: (...now) => told.push(now), signal: never }).finally(() => (made = true));
  const took: number[] = [];
  while (!made) {
    const started = performance.now();
    await log.append(batch('s', [message(`during${took.length}`, 'More', 'm0')], { durable: took.length % 5 === 0 }));
    took.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await done;
  const after = log.position;
  expect(took.length).toBeGreaterThan(2);
  // Of a busy machine; where it is quiet none takes 10 ms.
  expect(took.sort((a, b) => a - b)[Math.floor(took.length * 0.9)]).toBeLessThan(20);
  const [first] = told;
  expect(first![1]).toBeGreaterThan(first![0]);
  expect(readdirSync(backups)).toEqual(['copy.db']);

  const source = new SQLite(file, { readonly: true });
  expect(source.pragma('integrity_check', { simple: true })).toBe('ok');
  const newest = source.prepare<[], number>('SELECT max(seq) FROM events').pluck().get()!;
  expect(source.prepare('SELECT count(*) FROM events').pluck().get()).toBe(newest);
  expect(source.pragma('journal_mode', { simple: true })).toBe('delete');
  source.close();
  expect(newest).toBeGreaterThanOrEqual(before);
  expect(newest).toBeLessThanOrEqual(after);
});

test('one that is stopped, or fails, leaves no file', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  await fill(log, 0, 5000);
  const control = new AbortController();
  const file = join(backups, 'copy.db');
  const stopped = log.backup(file, { progress: () => control.abort(), signal: control.signal });
  await expect(stopped).rejects.toMatchObject({ code: 'STOPPED' });
  expect(readdirSync(backups)).toEqual([]);
  const nowhere = log.backup(join(folder.file, 'copy.db'), { progress() {}, signal: never });
  await expect(nowhere).rejects.toMatchObject({
    code: 'STORAGE',
    message: `${folder.file} cannot be a folder: a file stands in its way.`,
  });
  const there = log.backup(folder.file, { progress() {}, signal: never });
  await expect(there).rejects.toMatchObject({ code: 'CONFLICT' });
  // It is still a log, and the next one is made.
  await log.backup(file, { progress() {}, signal: never });
  expect(readdirSync(backups)).toEqual(['copy.db']);
});

test('a log that is damaged is not copied: what is there stays the newest backup', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  await fill(log, 0, 2000);
  await log.backup(join(backups, 'choragus-2026-01-05T090000000Z-asked.db'), { progress() {}, signal: never });
  await folder.close(log);
  folder.damage('events');
  const again = folder.open();
  const file = join(backups, 'choragus-2026-01-05T100000000Z-asked.db');
  const copy = again.backup(file, { progress() {}, signal: never });
  await expect(copy).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('damaged') });
  expect(readdirSync(backups)).toEqual(['choragus-2026-01-05T090000000Z-asked.db']);
});

test('while somebody reads for long, no commit waits until the journal is cut off; it is cut off after a backup', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  await log.append(batch('gone', [created(), message('mg', 'To be gone')]));
  const reader = new SQLite(folder.file, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM meta').get();
  await log.delete({ session: 'gone' });
  await log.indexed();
  let longest = 0;
  const end = performance.now() + 1200;
  for (let index = 0; performance.now() < end; index++) {
    const started = performance.now();
    await log.append(batch('s', [message(`m${index}`, 'More')], { durable: true }));
    longest = Math.max(longest, performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // A lock that is waited for is waited for 5 s.
  expect(longest).toBeLessThan(2500);
  const journal = () => statSync(`${folder.file}-wal`).size;
  expect(journal()).toBeGreaterThan(0);
  reader.exec('COMMIT');
  reader.close();
  await log.backup(join(backups, 'copy.db'), { progress() {}, signal: never });
  await expect.poll(journal, { timeout: 10_000 }).toBe(0);
});
