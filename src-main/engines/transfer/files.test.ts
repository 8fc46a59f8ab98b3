import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { countedIds } from '#shared/kit/testing/ids.ts';
import { Files, KEPT_MS, most } from './files.ts';

let dir: string;
let folder: string;
const clock = fakeClock();
const newId = countedIds();
let files: Files;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-files-'));
  folder = join(dir, 'transfer');
  files = new Files({ folder, clock, newId });
});
afterEach(async () => {
  await files.close();
  rmSync(dir, { recursive: true, force: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const begun = async (text: string, name = 'notes.json') => (await files.begin(name, Buffer.byteLength(text))).file;
const whole = async (text: string) => {
  const file = await begun(text);
  await files.write(file, 0, base64(text));
  return file;
};
const read = async (file: string, bytes = 500_000) => {
  let text = '';
  for (let end = false; !end; ) {
    const part = await files.read(file, text.length, bytes);
    text += Buffer.from(part.piece, 'base64').toString();
    end = part.end;
  }
  return text;
};

describe('a file in pieces', () => {
  it('comes in order and is read back, in pieces of any size', async () => {
    const file = await begun('one two three');
    await files.write(file, 0, base64('one '));
    await files.write(file, 4, base64('two three'));
    expect(await read(file)).toBe('one two three');
    expect(await read(file, 5)).toBe('one two three');
  });

  it('takes a piece twice, and the new part of one that reaches further, without a change', async () => {
    const file = await begun('abcdef');
    await files.write(file, 0, base64('abc'));
    await files.write(file, 0, base64('xyz'));
    await files.write(file, 1, base64('YZdef'));
    expect(await read(file)).toBe('abcdef');
  });

  it('keeps the order of pieces that are sent without waiting', async () => {
    const file = await begun('0123456789');
    await Promise.all([...'0123456789'].map((digit, at) => files.write(file, at, base64(digit))));
    expect(await read(file)).toBe('0123456789');
  });

  it('refuses a piece before its time, and one beyond its end', async () => {
    const file = await begun('abcdef');
    await expect(files.write(file, 3, base64('def'))).rejects.toMatchObject({
      code: 'INVALID_PARAMS',
      next: 'Go on at 0.',
    });
    await expect(files.write(file, 0, base64('abcdefg'))).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
    expect(await read(file)).toBe('');
  });

  it('lies under a name of ours, for its owner alone; its own name is nowhere on the disk', async () => {
    const file = await begun('x', '..');
    expect(readdirSync(folder)).toEqual([file]);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is gone when it is forgotten, an hour after its last piece, and at a start', async () => {
    const [one, two] = [await whole('one'), await whole('two')];
    await files.forget(one);
    await files.forget(one);
    await expect(files.read(one, 0, 10)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    clock.advance(KEPT_MS - 1);
    expect(await read(two)).toBe('two');
    clock.advance(KEPT_MS - 1);
    expect(readdirSync(folder)).toEqual([two]);
    clock.advance(1);
    await expect(files.read(two, 0, 10)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await files.close();
    expect(readdirSync(folder)).toEqual([]);
    expect(clock.timers).toBe(0);

    writeFileSync(join(folder, 'left'), 'by a kill');
    files = new Files({ folder, clock, newId });
    await begun('x');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('stays as long as a job works with it', async () => {
    const file = await whole('words');
    const held = files.hold(file);
    await files.forget(file);
    clock.advance(3 * KEPT_MS);
    expect(readFileSync(held.path, 'utf8')).toBe('words');
    await expect(files.read(file, 0, 5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await held.release(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is no file for a job before all of it has come', async () => {
    const file = await begun('abc');
    await files.write(file, 0, base64('ab'));
    expect(() => files.hold(file)).toThrow('Of the file notes.json 2 of 3 bytes have come.');
    await files.write(file, 2, base64('c'));
    await files.hold(file).release(true);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('bounds', () => {
  it('hold the number of files, and the bytes of all of them', async () => {
    const large = await files.begin('large', most.bytes - 10);
    await expect(files.begin('more', 11)).rejects.toMatchObject({ code: 'LIMIT' });
    await files.forget(large.file);
    for (let nth = 0; nth < most.files; nth++) await begun('x');
    await expect(begun('x')).rejects.toMatchObject({ code: 'LIMIT' });
    expect(readdirSync(folder)).toHaveLength(most.files);
  });

  it('a folder that cannot be made is told, with what to do', async () => {
    writeFileSync(join(dir, 'file'), '');
    const broken = new Files({ folder: join(dir, 'file', 'transfer'), clock, newId });
    await expect(broken.begin('x', 1)).rejects.toMatchObject({
      code: 'STORAGE',
      next: expect.stringContaining('data folder'),
    });
  });
});
