import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Log } from './log.ts';
import { batch, created, Folder, message, part, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const MB = 1024 * 1024;
const sizes = () => ({ file: statSync(folder.file).size, journal: statSync(`${folder.file}-wal`).size });

async function begun(log: Log): Promise<void> {
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
}

test('the journal is copied into the file beside the commits, not by them', async () => {
  const log = folder.open();
  await begun(log);
  const few = sizes();
  for (let index = 0; index < 900; index++) await log.append(batch('s', [part('t', index, 'x')]));
  expect(sizes().file).toBe(few.file);
  for (let index = 0; index < 200; index++) await log.append(batch('s', [part('t', index, 'x')]));
  await vi.waitFor(() => expect(sizes().file).toBeGreaterThan(few.file + 100_000), { timeout: 10_000, interval: 5 });
});

test('the first checkpoint of a process cuts off what an earlier one may have left there of a deleted session', async () => {
  const log = folder.open();
  await begun(log);
  await log.search('Hello', { limit: 1 });
  const { journal } = sizes();
  expect(journal).toBeGreaterThan(0);
  for (let index = 0; index < 1000; index++) await log.append(batch('s', [part('t', index, 'x')]));
  await vi.waitFor(() => expect(sizes().journal).toBeLessThan(journal), { timeout: 10_000, interval: 5 });
});

test('under constant writing the journal stays below its bound', async () => {
  const log = folder.open();
  await begun(log);
  const text = 'x'.repeat(400_000);
  let [written, most] = [0, 0];
  for (; written < 320 * MB; written += text.length) {
    await log.append(batch('s', [part('t', written, text)]));
    most = Math.max(most, sizes().journal);
  }
  // 16,000 pages, and what is written while the worker's own checkpoint is still under way: on a busy machine that can be
  // several times as much, but it begins anew again and again.
  expect(most).toBeLessThan(0.95 * written);
  expect(sizes().file).toBeGreaterThan(160 * MB);
});

test('a worker that cannot start does not keep the log from writing and closing', async () => {
  const log = folder.open({ workerFile: new URL('./missing.ts', import.meta.url) });
  await begun(log);
  for (let index = 0; index < 1500; index++) await log.append(batch('s', [part('t', index, 'x')]));
  await folder.close(log);
  const again = folder.open();
  expect((await again.turn('s', 't'))!.text).toBe('x'.repeat(1500));
});
