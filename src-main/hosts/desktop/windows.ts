import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Clock } from '#shared/kit/clock.ts';
import { PAGE } from './address.ts';
import { watchPage } from './page-life.ts';
import { Restarts } from './restarts.ts';
import type { WindowMemory } from './window-memory.ts';
import { type Bounds, beside, centred, fitted, smallest, type WindowState } from './window-state.ts';

export interface WindowsOptions {
  /** The built preload script. */
  preload: string;
  devTools: boolean;
  platform: NodeJS.Platform;
  clock: Clock;
  memory: WindowMemory;
  /** The page of a window goes, or its window does. */
  left(window: number, why: string): void;
  /** The page ended by itself; `again` false: too often. */
  ended(window: number, reason: string, again: boolean): void;
  /** What was begun with the window was not loaded; the page may be there all the same, or be loaded again. */
  unloaded(window: number, error: unknown): void;
  /** No page of ours can be loaded here. */
  failed(error: unknown): void;
  /** Windows logs off or shuts down. */
  sessionEnd(): void;
}

/** The title bar is the page's own; the system's buttons lie on it, in a grey that is seen on light and on dark. */
const titleBar = { color: '#00000000', symbolColor: '#7d776e', height: 40 };
/** As the tokens have it for the lowest surface. */
const background = () => (nativeTheme.shouldUseDarkColors ? '#121110' : '#f2f0ec');
/**
 * Chromium's codes for a load that something else came before: the window was closed or its process ended (FAILED), or it
 * was told to go elsewhere (ABORTED).
 */
const cutOff = new Set<unknown>([-2, -3]);
const areas = (): [Bounds, ...Bounds[]] => [
  screen.getPrimaryDisplay().workArea,
  ...screen.getAllDisplays().map(({ workArea }) => workArea),
];

/** The open windows, by number. All show the same state, each through a connection of its own. */
export class Windows {
  readonly #options: WindowsOptions;
  readonly #open = new Map<number, BrowserWindow>();
  #front: number | undefined;
  #next = 1;
  #loaded = false;

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** The window that was used last. */
  get front(): number | undefined {
    return this.#front;
  }

  get(window: number): BrowserWindow | undefined {
    return this.#open.get(window);
  }

  numberOf(contents: number): number | undefined {
    return [...this.#open].find(([, { webContents }]) => webContents.id === contents)?.[0];
  }

  /** Opens what was open at the last end. */
  restore(states: readonly WindowState[]): void {
    if (states.length === 0) this.open();
    for (const state of states) this.open(state);
  }

  /** Brings the window that was used last to the front. */
  show(): void {
    const window = this.#open.get(this.#front ?? 0);
    if (window === undefined) this.open();
    else {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    }
  }

  /** Returns its number. */
  open(wish: WindowState = this.#another()): number {
    const number = this.#next++;
    const window = this.#create(wish);
    const { memory, clock, left, ended, sessionEnd } = this.#options;
    this.#open.set(number, window);
    this.#front = number;

    let { hash } = wish;
    const remember = () =>
      memory.set(number, { bounds: window.getNormalBounds(), maximised: window.isMaximized(), hash });
    window.on('resize', remember).on('move', remember).on('maximize', remember).on('unmaximize', remember);
    window.on('focus', () => {
      this.#front = number;
    });
    window.on('session-end', sessionEnd);
    window.on('closed', () => {
      this.#open.delete(number);
      if (this.#front === number) this.#front = [...this.#open.keys()].at(-1);
      memory.close(number);
      left(number, 'The window was closed.');
    });
    watchPage(window.webContents, {
      restarts: new Restarts(clock),
      left: (why) => left(number, why),
      shows(shown) {
        hash = shown;
        remember();
      },
      reload(reason) {
        ended(number, reason, true);
        // Not from within the news that the process is gone.
        setImmediate(() => {
          if (!window.isDestroyed()) window.webContents.reload();
        });
      },
      broken: (reason) => ended(number, reason, false),
    });
    window.once('ready-to-show', () => {
      if (wish.maximised) window.maximize();
      window.show();
    });
    remember();
    void this.#load(number, window, `${PAGE}${hash}`);
    return number;
  }

  /** What ends a page is watched elsewhere; the app ends only when it never had one and this says why. */
  async #load(number: number, window: BrowserWindow, address: string): Promise<void> {
    const { unloaded, failed } = this.#options;
    try {
      await window.loadURL(address);
      this.#loaded = true;
    } catch (error) {
      unloaded(number, error);
      if (!this.#loaded && !cutOff.has((error as { errno?: unknown }).errno)) failed(error);
    }
  }

  #another(): WindowState {
    const front = this.#open.get(this.#front ?? 0);
    const bounds = front === undefined ? centred(areas()[0]) : beside(front.getNormalBounds());
    return { bounds, maximised: false, hash: '' };
  }

  #create({ bounds }: WindowState): BrowserWindow {
    const { preload, devTools, platform } = this.#options;
    const mac = platform === 'darwin';
    return new BrowserWindow({
      ...fitted(bounds, areas()),
      minWidth: smallest.width,
      minHeight: smallest.height,
      title: 'Choragus',
      show: false,
      backgroundColor: background(),
      autoHideMenuBar: true,
      ...(mac ? { titleBarStyle: 'hiddenInset' } : { titleBarStyle: 'hidden', titleBarOverlay: titleBar }),
      webPreferences: {
        preload,
        devTools,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        // Elsewhere than on a Mac it would fetch dictionaries from Google.
        spellcheck: mac,
      },
    });
  }
}
