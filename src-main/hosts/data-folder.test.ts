import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { defaultDataFolder, folderBytes, prepareDataFolder } from './data-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'choragus-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['linux', {}, '/home/ada/.local/share/choragus'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/choragus'],
  ['linux', { XDG_DATA_HOME: 'not/absolute' }, '/home/ada/.local/share/choragus'],
  ['darwin', {}, '/home/ada/Library/Application Support/Choragus'],
  ['win32', { APPDATA: '/home/ada/Roaming' }, '/home/ada/Roaming/Choragus'],
] as const)('on %s with %j the data lies in %s', (platform, env, path) => {
  expect(defaultDataFolder({ platform, env, home: '/home/ada' })).toBe(path);
});

it.skipIf(process.platform === 'win32')('is made for its owner alone', () => {
  const made = prepareDataFolder(join(folder, 'a', 'b'));
  expect(statSync(made).mode & 0o777).toBe(0o700);
  expect(prepareDataFolder(made)).toBe(made);
});

it('a file in its place is told', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => prepareDataFolder(file)).toThrow(
    `The data folder ${file} cannot be used: a part of its path is a file.`,
  );
  expect(() => prepareDataFolder(join(file, 'below'))).toThrow('cannot be used: a part of its path is a file.');
});

it.runIf(process.platform === 'linux')('a place where nothing can be made is told', () => {
  expect(() => prepareDataFolder('/proc/choragus')).toThrow(
    'The data folder /proc/choragus cannot be used: nothing can be made there.',
  );
});

it('its size is that of all files within, however deep, without what is only linked to', async () => {
  const counted = join(folder, 'counted');
  mkdirSync(join(counted, 'logs', 'old'), { recursive: true });
  writeFileSync(join(counted, 'a'), 'x'.repeat(1000));
  writeFileSync(join(counted, 'logs', 'old', 'b'), 'x'.repeat(30));
  symlinkSync(folder, join(counted, 'round'));
  expect(await folderBytes(counted)).toBe(1030);
  expect(await folderBytes(join(counted, 'none'))).toBe(0);
});
