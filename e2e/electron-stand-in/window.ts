import { readFileSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Page, Route } from '@playwright/test';
import type { BrowserWindowConstructorOptions, Rectangle, WebContents } from 'electron';
import { app } from './app.ts';
import { type FromPage, type PageWindow, preloadSource, type ToPage } from './preload.ts';
import { answer, ipcMain } from './services.ts';
import { known, type Members, missing, StrictEmitter, strict } from './strict.ts';

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];
/** Chromium does not know our scheme: `app://choragus/x` is https://choragus.app.test/x there. No socket is opened. */
const toPage = (address: string) => address.replace(/^app:\/\/(\w+)/, 'https://$1.app.test');
const fromPage = (address: string) => address.replace(/^https:\/\/(\w+)\.app\.test/, 'app://$1');
const events =
  'close closed focus maximize move ready-to-show resize session-end unmaximize did-navigate-in-page did-start-navigation render-process-gone will-attach-webview will-frame-navigate will-redirect';
const looks = 'title show backgroundColor autoHideMenuBar titleBarStyle titleBarOverlay minWidth minHeight';
/** There is no window without these. */
const safe = 'sandbox:true contextIsolation:true nodeIntegration:false webSecurity:true webviewTag:false';

/** An end of a channel: Node's own, which clones, keeps order, and closes with its other end. */
class Port extends StrictEmitter implements Members<Electron.MessagePortMain> {
  readonly end: MessagePort;

  constructor(end: MessagePort) {
    super('message close');
    this.end = end.on('close', () => this.emit('close'));
  }
  postMessage = (message: unknown) => this.end.postMessage(message);
  start = () => void this.end.on('message', (data) => this.emit('message', { data, ports: [] }));
  close = () => this.end.close();
}

export class MessageChannelMain {
  readonly #channel = new MessageChannel();
  readonly port1 = strict('MessagePortMain', new Port(this.#channel.port1));
  readonly port2 = strict('MessagePortMain', new Port(this.#channel.port2));
}

let made = 0;
/** How many pages are opened by windows just now. Any other one was opened by a page. */
let opening = 0;
const browser = app.browser.then(async (context) => {
  await context.route('**/*', (route) => route.abort());
  context.on('page', (page) => opening > 0 || void page.close());
  return context;
});

/** A window and its contents in one, so its `id` is theirs: a page, and a new page when it is loaded again after a crash. */
class Window extends StrictEmitter implements Members<Electron.BrowserWindow>, Members<WebContents> {
  static getAllWindows = () => app.windows.map(({ webContents }) => webContents as unknown as Electron.BrowserWindow);

  readonly id = ++made;
  readonly webContents = strict('BrowserWindow', this) as unknown as WebContents;
  readonly #preload: string;
  readonly #ports: MessagePort[] = [];
  #sent = Promise.resolve<void>(undefined);
  #page: Page | undefined;
  #url = '';
  #bounds: Rectangle;
  #state: 'normal' | 'maximized' | 'minimized' | 'destroyed' = 'normal';
  #onOpen: OpenHandler = () => ({ action: 'allow' });
  /** On the way to a new document: by the wish of this process, or of the page. */
  #leaving: 'here' | 'there' | undefined;

  constructor({ x, y, width, height, webPreferences = {}, ...given }: BrowserWindowConstructorOptions) {
    super(events);
    const { preload, devTools, spellcheck, ...web } = webPreferences;
    known('window option', given, looks);
    known('webPreference', Object.fromEntries(Object.entries(web).map((each) => [each.join(':'), true])), safe);
    this.#bounds = { x: x!, y: y!, width: width!, height: height! };
    this.#preload = preloadSource(readFileSync(preload!, 'utf8'));
    app.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
    // biome-ignore lint/correctness/noConstructorReturn: whoever makes a window sees only what is strict
    return this.webContents as never;
  }

  async loadURL(url: string): Promise<void> {
    this.#url = url;
    const [before, context] = [this.#page, await browser];
    opening++;
    const page = await context.newPage();
    opening--;
    this.#page = page;
    await before?.close();
    page.on('close', () => page === this.#page && this.#gone());
    page.on('crash', () => {
      this.#leave();
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 133 });
    });
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) return;
      this.#url = fromPage(frame.url());
      if (this.#leaving === undefined) this.emit('did-navigate-in-page', {}, this.#url, true);
      this.#leaving = undefined;
    });
    const devTools = await context.newCDPSession(page);
    await devTools.send('Page.enable');
    devTools.on('Page.windowOpen', ({ url: wanted }) => {
      if (this.#onOpen({ url: fromPage(wanted) } as never).action !== 'deny') throw missing('window that a page opens');
    });
    await page.setViewportSize(this.#bounds);
    await page.exposeFunction('toMain', (message: FromPage) => this.#hear(message));
    await page.addInitScript({ content: this.#preload });
    await page.route('**/*', (route) => this.#answer(route).catch((error) => page.isClosed() || Promise.reject(error)));
    this.#leaving = 'here';
    await page.goto(toPage(url));
    this.emit('ready-to-show');
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = fromPage(request.url());
    if (request.isNavigationRequest()) {
      const details = { url, isMainFrame: request.frame().parentFrame() === null, isSameDocument: false };
      this.emit('did-start-navigation', details);
      if (this.#leaving !== 'here' && !this.allows('will-frame-navigate', details)) return route.abort('aborted');
      if (details.isMainFrame) this.#leaving = 'there';
    }
    if (!url.startsWith('app:')) return route.continue();
    const response = await answer(new Request(url, { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  }

  #hear(message: FromPage): void {
    if ('begin' in message) this.#leave();
    else if ('channel' in message) {
      const senderFrame = strict('WebFrameMain', { url: this.#url, parent: null });
      ipcMain.emit(message.channel, strict('IpcMainEvent', { sender: this.webContents, senderFrame }), ...message.args);
    } else if ('data' in message) this.#ports[message.port]?.postMessage(message.data);
    else this.#ports[message.port]?.close();
  }

  /** The document is gone, and its ports with it. */
  #leave(): void {
    for (const port of this.#ports) port.close();
  }

  postMessage(channel: string, message: unknown, transfer: readonly object[] = []): void {
    const ends = transfer.map((port) => (port as Port).end);
    this.#send({ channel, args: [message], ports: ends.map((_, index) => this.#ports.length + index) });
    for (const end of ends) {
      const port = this.#ports.push(end) - 1;
      end.on('message', (data) => this.#send({ port, data })).on('close', () => this.#send({ port }));
    }
  }

  /** In order; a document that goes meanwhile takes along what it has not got. */
  #send(message: ToPage): void {
    const give = () => this.#page?.evaluate((given) => (window as unknown as PageWindow).fromMain(given), message);
    this.#sent = this.#sent.then(give).catch(() => {});
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#onOpen = handler;
  }
  reload = () => void this.loadURL(this.#url);
  getBounds = () => this.#bounds;
  getNormalBounds = () => this.#bounds;
  isMaximized = () => this.#state === 'maximized';
  isMinimized = () => this.#state === 'minimized';
  isDestroyed = () => this.#state === 'destroyed';
  maximize = () => this.#become('maximized') && this.emit('maximize');
  minimize = () => this.#become('minimized');
  restore = () => this.#become('normal');
  show = () => this.focus();
  #become(state: 'normal' | 'maximized' | 'minimized'): boolean {
    this.#state = state;
    return true;
  }
  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    void this.#page?.setViewportSize(this.#bounds);
    this.emit('resize');
  }
  focus(): void {
    app.windows = [...app.windows.filter((each) => each !== this), this];
    this.emit('focus');
  }
  close(): boolean {
    const allowed = this.allows('close');
    if (allowed) this.#gone();
    return allowed;
  }
  #gone(): void {
    if (this.#state === 'destroyed') return;
    this.#state = 'destroyed';
    this.#leave();
    void this.#page?.close();
    app.windows = app.windows.filter((each) => each !== this);
    this.emit('closed');
    if (app.windows.length === 0) app.alone();
  }
}

export const BrowserWindow = Window;
