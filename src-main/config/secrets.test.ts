import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FileSecretOptions, fileSecrets } from './secrets.ts';

let folder: string;
let file: string;
let hidden: string[];
let tightened: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-secrets-'));
  file = join(folder, 'secrets.json');
  hidden = [];
  tightened = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (fixed: FileSecretOptions['fixed'] = new Map()) =>
  fileSecrets({ file, fixed, hide: (value) => hidden.push(value), tightened: (path) => tightened.push(path) });

it('keeps what was set, over a restart, in a file for its owner alone', async () => {
  await open().set('openai', 'sesame');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await open().get('openai')).toBe('sesame');
  expect(await open().get('anthropic')).toBeNull();
  expect(readdirSync(folder)).toEqual(['secrets.json']);
});

it('forgets what was deleted', async () => {
  const secrets = open();
  await secrets.set('openai', 'sesame');
  await secrets.set('other', 'open');
  await secrets.delete('openai');
  expect(await secrets.get('openai')).toBeNull();
  expect(readFileSync(file, 'utf8')).not.toContain('sesame');
  expect(await open().get('other')).toBe('open');
});

it('prefers the environment and never writes it down', async () => {
  const secrets = open(new Map([['openai', 'from the environment']]));
  await secrets.set('openai', 'typed');
  expect(await secrets.get('openai')).toBe('from the environment');
  expect(readFileSync(file, 'utf8')).not.toContain('environment');
});

it('has every value hidden from the log before it can be used', async () => {
  await open().set('a', 'typed');
  open(new Map([['b', 'from the environment']]));
  expect(hidden).toEqual(['typed', 'typed', 'from the environment']);
});

it.skipIf(process.platform === 'win32')('tightens a file that others may read, and says so', async () => {
  await open().set('openai', 'sesame');
  expect(tightened).toEqual([]);
  chmodSync(file, 0o644);
  expect(await open().get('openai')).toBe('sesame');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(tightened).toEqual([file]);
});

it.each(['{', '[]', 'null', '{"openai":{"key":"sesame"}}'])(
  'refuses a damaged file and keeps it as it is: %s',
  (text) => {
    writeFileSync(file, text);
    expect(() => open()).toThrow(`The file with your providers' keys, ${file}, is damaged.`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

it('says so when the file cannot be written, without the value, and forgets the value', async () => {
  const secrets = open();
  mkdirSync(file);
  const failure = await secrets.set('openai', 'sesame').then(
    () => null,
    (error: Error) => error,
  );
  expect(failure?.message).toBe(`${file} could not be written (EISDIR).`);
  expect(await secrets.get('openai')).toBeNull();
});
