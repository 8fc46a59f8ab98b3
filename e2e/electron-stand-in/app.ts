import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { type Members, StrictEmitter, strict } from './strict.ts';
import type { BrowserWindow } from './window.ts';

const events = 'activate before-quit quit second-instance web-contents-created will-quit window-all-closed';
const args = '--no-sandbox --disable-gpu --disable-dev-shm-usage --remote-debugging-port=0'.split(' ');
const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

class App extends StrictEmitter implements Members<Electron.App> {
  readonly isPackaged = false;
  /** The one in front stands last. */
  windows: InstanceType<typeof BrowserWindow>[] = [];
  readonly #browser = Promise.withResolvers<BrowserContext>();
  readonly browser = this.#browser.promise;
  #userData = '';
  #ready: Promise<void> | undefined;
  #quitting = false;
  #exiting = false;

  setPath(name: string, path: string): void {
    if (name !== 'userData' || this.#ready !== undefined) throw new Error(`${name} cannot be set now.`);
    this.#userData = path;
  }

  /** Chromium has it anyway, but for root. */
  enableSandbox(): void {}

  /** When there is a browser, and the test has connected to it: no page opens unseen. */
  whenReady(): Promise<void> {
    this.#ready ??= (async () => {
      const options = { executablePath: process.env.STAND_IN_BROWSER!, args, viewport: null, ...signals };
      this.#browser.resolve(await chromium.launchPersistentContext(this.#userData, options));
      const [port, path] = readFileSync(join(this.#userData, 'DevToolsActivePort'), 'utf8').split('\n');
      const connected = new Promise((resolve) => process.once('message', resolve));
      process.send?.({ address: `ws://127.0.0.1:${port}${path}` });
      await connected;
    })();
    return this.#ready;
  }

  requestSingleInstanceLock(): boolean {
    const file = join(this.#userData, 'stand-in.pid');
    try {
      // Throws when there is none, or it has ended.
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGUSR2');
      return false;
    } catch {
      writeFileSync(file, String(process.pid));
      process.on('SIGUSR2', () => this.emit('second-instance', {}));
      return true;
    }
  }

  /** before-quit, the windows, will-quit: each may object. */
  quit(): void {
    if (!this.allows('before-quit')) return;
    this.#quitting = true;
    this.#quitting = [...this.windows].every((window) => window.close()) && this.allows('will-quit');
    if (this.#quitting) this.exit();
  }

  /** The last window has closed. */
  alone(): void {
    if (!this.#quitting && !this.emit('window-all-closed')) this.quit();
  }

  /** Nobody is asked. What pages have stored is written first. */
  exit(code = 0): void {
    if (this.#exiting) return;
    this.#exiting = this.#quitting = true;
    this.emit('quit', {}, code);
    if (this.#ready === undefined) process.exit(code);
    void this.browser.then((browser) => browser.close()).finally(() => process.exit(code));
  }
}

export const app = strict('app', new App(events));
