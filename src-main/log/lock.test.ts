import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastOwner, takeOwnership } from './lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const me = { pid: process.pid, startedAt: 1 };

/** A second process that owns the folder until it is killed. */
async function anotherOwner() {
  const program = `
    import { takeOwnership } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    const ownership = takeOwnership(${JSON.stringify(dir)}, { pid: process.pid, startedAt: 7 });
    ownership.announce({ address: 'http://127.0.0.1:4567' });
    console.log('owner');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  expect(line).toBe('owner');
  return child;
}

test('a second process is refused, and told whom to turn to', async () => {
  const child = await anotherOwner();
  expect(() => takeOwnership(dir, me)).toThrow(
    expect.objectContaining({
      code: 'BUSY',
      message: `Process ${child.pid} (http://127.0.0.1:4567) is using the data folder ${dir}.`,
      next: expect.stringContaining('end it first'),
    }),
  );
  expect(lastOwner(dir)).toEqual({ pid: child.pid, startedAt: 7, address: 'http://127.0.0.1:4567' });
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('the folder of a killed process is free at once', async () => {
  const child = await anotherOwner();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(lastOwner(dir)?.pid).toBe(child.pid);
  const ownership = takeOwnership(dir, me);
  expect(lastOwner(dir)).toEqual(me);
  ownership.release();
});

test('within one process there is one owner too, until it releases', () => {
  const first = takeOwnership(dir, me);
  expect(() => takeOwnership(dir, me)).toThrow(expect.objectContaining({ code: 'BUSY' }));
  first.release();
  first.release();
  expect(existsSync(join(dir, 'owner.json'))).toBe(false);
  takeOwnership(dir, me).release();
});

test('an owner whose file cannot be read is still an owner', () => {
  const ownership = takeOwnership(dir, me);
  writeFileSync(join(dir, 'owner.json'), '{"pid":');
  expect(() => takeOwnership(dir, me)).toThrow(
    expect.objectContaining({ message: `Another process is using the data folder ${dir}.` }),
  );
  ownership.release();
});

test('the file never says more than who owns and where', () => {
  const ownership = takeOwnership(dir, me);
  ownership.announce({ address: 'ws://localhost:1' });
  expect(JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8'))).toEqual({ ...me, address: 'ws://localhost:1' });
  ownership.release();
});

test('a folder that cannot be made is told in one sentence', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => takeOwnership(join(dir, 'file', 'data'), me)).toThrow(expect.objectContaining({ code: 'STORAGE' }));
});
