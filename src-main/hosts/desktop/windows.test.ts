import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions } from 'electron';
import { beforeEach, expect, it, vi } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { WindowMemory } from './window-memory.ts';
import type { WindowState } from './window-state.ts';
import { Windows } from './windows.ts';

const area = { x: 0, y: 0, width: 1920, height: 1080 };

/** As much of a window as these tests need; the whole shell runs in the end-to-end tests. */
class FakeWindow extends EventEmitter {
  readonly did: string[] = [];
  readonly webContents = Object.assign(new EventEmitter(), {
    id: 100 + made.length,
    reload: () => this.did.push('reload'),
  });
  readonly options: BrowserWindowConstructorOptions;
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    made.push(this);
  }
  getNormalBounds = () => {
    const { x, y, width, height } = this.options;
    return { x, y, width, height };
  };
  isMaximized = () => false;
  isMinimized = () => false;
  isDestroyed = () => false;
  show = () => this.did.push('show');
  focus = () => this.did.push('focus');
  maximize = () => this.did.push('maximise');
  loadURL = async (url: string) => {
    this.did.push(url);
    if (unloadable !== undefined) throw unloadable;
  };
}

const made: FakeWindow[] = [];
/** Why no page is loaded just now. */
let unloadable: Error | undefined;
vi.mock('electron', () => ({
  BrowserWindow: class {
    constructor(options: BrowserWindowConstructorOptions) {
      // biome-ignore lint/correctness/noConstructorReturn: the class above is not there yet when this one is made
      return new FakeWindow(options);
    }
  },
  nativeTheme: { shouldUseDarkColors: true },
  screen: { getPrimaryDisplay: () => ({ workArea: area }), getAllDisplays: () => [{ workArea: area }] },
}));

let told: string[];
let memory: WindowMemory;
beforeEach(() => {
  made.length = 0;
  told = [];
  unloadable = undefined;
  memory = new WindowMemory({ clock: fakeClock(), write() {}, failed() {} });
});

const windowsOn = (platform: NodeJS.Platform) =>
  new Windows({
    preload: '/out/preload/preload.cjs',
    devTools: false,
    platform,
    clock: fakeClock(),
    memory,
    left: (window, why) => told.push(`${window} left: ${why}`),
    ended: (window, reason, again) => told.push(`${window} ended: ${reason}, ${again ? 'again' : 'no more'}`),
    unloaded: (window, error) => told.push(`${window} not loaded: ${error}`),
    failed: (error) => told.push(`failed: ${error}`),
    sessionEnd: () => told.push('session end'),
  });

it.each(['linux', 'win32', 'darwin'] as const)('on %s a page is sandboxed and alone in its world', (platform) => {
  windowsOn(platform).open();
  expect(made[0]!.options.webPreferences).toEqual({
    preload: '/out/preload/preload.cjs',
    devTools: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: platform === 'darwin',
  });
});

it('is shown when there is something to see, on a background of the right theme, with a title bar of its own', () => {
  windowsOn('linux').open();
  expect(made[0]!.options).toMatchObject({
    show: false,
    backgroundColor: '#121110',
    titleBarStyle: 'hidden',
    titleBarOverlay: { height: 40 },
  });
  expect(made[0]!.did).toEqual(['app://choragus/']);
  made[0]!.emit('ready-to-show');
  expect(made[0]!.did).toEqual(['app://choragus/', 'show']);
});

it('opens what was open, where it was, and one window when nothing was', () => {
  const state = (hash: string, maximised: boolean): WindowState => ({
    bounds: { x: 10, y: 20, width: 900, height: 700 },
    maximised,
    hash,
  });
  windowsOn('linux').restore([state('#/conversations/a', true), state('', false)]);
  expect(made.map(({ options: { x, y, width, height } }) => [x, y, width, height])).toEqual([
    [10, 20, 900, 700],
    [10, 20, 900, 700],
  ]);
  for (const window of made) window.emit('ready-to-show');
  expect(made.map(({ did }) => did)).toEqual([
    ['app://choragus/#/conversations/a', 'maximise', 'show'],
    ['app://choragus/', 'show'],
  ]);
  made.length = 0;
  windowsOn('linux').restore([]);
  expect(made).toHaveLength(1);
});

it('knows the window in front: the one that was used last, of those that are open', () => {
  const windows = windowsOn('linux');
  for (let count = 0; count < 3; count++) windows.open();
  expect(windows.front).toBe(3);
  made[0]!.emit('focus');
  expect(windows.front).toBe(1);
  made[0]!.emit('closed');
  expect([windows.front, windows.count]).toEqual([3, 2]);
  expect(told).toEqual(['1 left: The window was closed.']);
  expect([windows.numberOf(102), windows.numberOf(100)]).toEqual([3, undefined]);
});

it('comes to the front when it is asked for, and is opened when there is none', () => {
  const windows = windowsOn('linux');
  windows.show();
  expect(made).toHaveLength(1);
  windows.show();
  expect(made).toHaveLength(1);
  expect(made[0]!.did.slice(1)).toEqual(['show', 'focus']);
});

it('remembers what it shows, for the next start', () => {
  windowsOn('linux').open();
  made[0]!.webContents.emit('did-navigate-in-page', {}, 'app://choragus/#/settings', true);
  expect(memory.states).toMatchObject([{ hash: '#/settings', maximised: false }]);
});

/** As Electron words it. */
const loadError = (errno: number, code: string) =>
  Object.assign(new Error(`${code} (${errno}) loading 'app://choragus/'`), { errno, code });
const settle = () => new Promise((resolve) => setImmediate(resolve));

it.each([
  ['the page crashes or its window is closed', loadError(-2, 'ERR_FAILED')],
  ['a link is followed', loadError(-3, 'ERR_ABORTED')],
])('the app goes on when %s before it is loaded', async (_, error) => {
  unloadable = error;
  windowsOn('linux').open();
  await settle();
  expect(told).toEqual([`1 not loaded: ${error}`]);
});

it('the app ends when no page can be loaded, and goes on when one was', async () => {
  const refused = loadError(-20, 'ERR_BLOCKED_BY_CLIENT');
  const windows = windowsOn('linux');
  windows.open();
  await settle();
  unloadable = refused;
  windows.open();
  await settle();
  expect(told).toEqual([`2 not loaded: ${refused}`]);
  windowsOn('linux').open();
  await settle();
  expect(told.slice(1)).toEqual([`1 not loaded: ${refused}`, `failed: ${refused}`]);
});

it('loads a page that crashed again, until that is not worth trying', async () => {
  windowsOn('linux').open();
  const crash = () => made[0]!.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  for (let count = 0; count < 4; count++) crash();
  await settle();
  expect(made[0]!.did.filter((each) => each === 'reload')).toHaveLength(3);
  expect(told.filter((each) => each.includes('ended:'))).toEqual([
    '1 ended: crashed, again',
    '1 ended: crashed, again',
    '1 ended: crashed, again',
    '1 ended: crashed, no more',
  ]);
});
