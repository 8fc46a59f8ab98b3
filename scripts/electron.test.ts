import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { couldNotStart, electronFile, findElectron, forDesktop, noWindow } from './electron.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'choragus-electron-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (file: string, text = '') => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const day = 24 * 3_600_000;

/** As its own script leaves it: the name comes last. */
const unpack = () => {
  put(join(root, 'node_modules/electron/dist/electron'));
  put(join(root, 'node_modules/electron/path.txt'), 'electron');
  return undefined;
};

/** Looks for Electron, at `now`; the download does what `fetch` says and is counted. */
function look(options: { fetch?: () => string | undefined; again?: boolean; env?: object; now?: number } = {}) {
  let downloads = 0;
  const { fetch = () => 'TypeError: fetch failed', again = false, env = {}, now = Date.now() } = options;
  const found = findElectron({
    root,
    env,
    platform: 'linux',
    stamp: join(root, 'out/.no-electron'),
    again,
    now,
    fetch: () => {
      downloads++;
      return fetch();
    },
  });
  return { ...found, downloads };
}

describe('a window needs', () => {
  it.each([
    ['a display on Linux', { env: {}, platform: 'linux', user: 1000 }, /^There is no display here/],
    ['somebody else than root on Linux', { env: { DISPLAY: ':0' }, platform: 'linux', user: 0 }, /root no sandbox/],
  ])('%s', (_, surroundings, said) => {
    expect(noWindow(surroundings)).toMatch(said);
  });

  it('nothing more', () => {
    expect(noWindow({ env: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux', user: 1000 })).toBeUndefined();
    expect(noWindow({ env: {}, platform: 'darwin', user: 501 })).toBeUndefined();
    expect(noWindow({ env: {}, platform: 'win32', user: undefined })).toBeUndefined();
  });
});

describe('Electron', () => {
  it('is taken from where its package says, without a download', () => {
    unpack();
    expect(look()).toEqual({ electron: join(root, 'node_modules/electron/dist/electron'), downloads: 0 });
  });

  it('lies elsewhere in the bundle of a Mac', () => {
    expect(electronFile({ root, env: {}, platform: 'darwin' })).toMatch(
      /dist\/Electron\.app\/Contents\/MacOS\/Electron$/,
    );
  });

  it('is taken from the folder that was named, and nothing is downloaded when it is not there', () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'own') };
    expect(look({ env })).toEqual({ missing: expect.stringContaining(join(root, 'own/electron')), downloads: 0 });
    put(join(root, 'own/electron'));
    expect(look({ env })).toEqual({ electron: join(root, 'own/electron'), downloads: 0 });
  });

  it.each([
    ['is missing', () => {}],
    ['was unpacked by half', () => put(join(root, 'node_modules/electron/dist/electron'))],
  ])('is downloaded when it %s', (_, before) => {
    before();
    expect(look()).toMatchObject({ missing: expect.stringContaining('could not be downloaded'), downloads: 1 });
    expect(look({ fetch: unpack, again: true })).toEqual({
      electron: join(root, 'node_modules/electron/dist/electron'),
      downloads: 1,
    });
  });

  it('is not downloaded again for a day after that failed, but when it is asked for', () => {
    expect(look()).toEqual({
      missing: 'Electron could not be downloaded (TypeError: fetch failed); npm start -- --fetch-electron tries again.',
      downloads: 1,
    });
    expect(look()).toEqual({
      missing: 'Electron could not be downloaded lately; npm start -- --fetch-electron tries again.',
      downloads: 0,
    });
    expect(look({ again: true }).downloads).toBe(1);
    const stamp = join(root, 'out/.no-electron');
    utimesSync(stamp, new Date(), new Date(Date.now() - 2 * day));
    expect(look().downloads).toBe(1);
  });

  it('that came after all is used, and the failure forgotten', () => {
    look();
    expect(look({ fetch: unpack, again: true }).electron).toBeDefined();
    expect(existsSync(join(root, 'out/.no-electron'))).toBe(false);
  });

  it.each([
    ['a library', 127, null],
    ['a display', 1, null],
    ['a display that can be used', null, 'SIGSEGV'],
    ['a display that answers', null, 'SIGABRT'],
    ['a sandbox', null, 'SIGTRAP'],
  ])('did not start when it ends at once for want of %s', (_, code, signal) => {
    expect(couldNotStart({ code, signal, ms: 900, told: false })).toBe(true);
    expect(couldNotStart({ code, signal, ms: 60_000, told: false })).toBe(false);
  });

  it.each([
    ['well', { code: 0, signal: null, told: false }],
    ['by an error of Choragus', { code: 70, signal: null, told: false }],
    ['as it was told to', { code: null, signal: 'SIGINT', told: true }],
    ['as it was told to before it listened', { code: 1, signal: null, told: true }],
  ])('did start when it ended %s', (_, end) => {
    expect(couldNotStart({ ...end, ms: 900 })).toBe(false);
  });
});

it.each([
  [[], true],
  [['--data-dir', './data', '--config=x.json'], true],
  [['--port', '0'], false],
  [['--help'], false],
  [['--data-dir', './data', 'nonsense'], false],
])('the arguments %j are for the desktop: %s', (args, expected) => {
  expect(forDesktop(args)).toBe(expected);
});
