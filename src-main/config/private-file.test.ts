import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePrivateFile } from './private-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-private-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is the new text once it is written, with nothing beside it', () => {
  writePrivateFile(file, 'old');
  writePrivateFile(file, 'new, und länger');
  expect(readFileSync(file, 'utf8')).toBe('new, und länger');
  expect(readdirSync(folder)).toEqual(['secrets.json']);
});

it.skipIf(process.platform === 'win32')('stays as it was when the disk takes only a part of the new text', () => {
  writePrivateFile(file, 'the good old one');
  // A process that may write 4 blocks to a file and no more, as to a disk that fills up.
  const script = `
    import { writePrivateFile } from ${JSON.stringify(join(import.meta.dirname, 'private-file.ts'))};
    try {
      writePrivateFile(${JSON.stringify(file)}, 'x'.repeat(100_000));
    } catch (error) {
      console.log(error.message);
    }`;
  const limited = spawnSync(
    'sh',
    ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script],
    { encoding: 'utf8' },
  );
  expect(limited.stdout.trim()).toBe(`${file} could not be written (EFBIG).`);
  expect(readFileSync(file, 'utf8')).toBe('the good old one');
  expect(readdirSync(folder)).toEqual(['secrets.json']);
});
