import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import type { StartedServer } from '../../src-main/hosts/headless/testing/process.ts';
import { Window } from './window.ts';

export interface StartOptions {
  config?: object;
  env?: Record<string, string>;
}

/** A Choragus that runs, as the person before it has it: whatever its shell is. */
export interface Choragus {
  readonly dataDir: string;
  /** Everything that it has printed. */
  readonly printed: string;
  /** The window that opened last by itself, and its page. */
  readonly window: Window;
  readonly page: Page;
  /** Keys of providers lie in the data folder only under seal. */
  readonly sealsKeys: boolean;
  /** One more window on the same conversations. */
  another(): Promise<Window>;
  /** One more window of the same person at the same computer. */
  beside(): Promise<Window>;
  /** Kill -9. */
  crash(): Promise<void>;
  /** After `crash` or `stop`, on the same data folder. A page of a browser comes back by itself. */
  restart(): Promise<void>;
  /** In good order, without a question. */
  stop(): Promise<void>;
  /** Where programs reach it, also after a restart; on a desktop it is opened to them in the settings. */
  gateway(): Promise<string>;
  /** What the window has copied to the clipboard. */
  copied(): Promise<string>;
}

/** What a page of Chromium has copied. */
export async function clipboardOf(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read'], { origin: new URL(page.url()).origin });
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Waits until the page is a window that can be worked with: it is connected, and knows who there is to ask. */
export async function connected(page: Page): Promise<Window> {
  const window = new Window(page);
  await expect(window.status).toContainText('Connected', { timeout: 10_000 });
  await expect(window.status.getByRole('button', { name: /model|not reachable|refused/ })).toBeVisible();
  return window;
}

/** The headless shell, and one browser or more at it. */
export class InBrowser implements Choragus {
  readonly sealsKeys = false;
  readonly window: Window;
  readonly #server: StartedServer;
  readonly #open: (context?: BrowserContext) => Promise<Window>;

  private constructor(server: StartedServer, window: Window, open: (context?: BrowserContext) => Promise<Window>) {
    this.#server = server;
    this.window = window;
    this.#open = open;
  }

  static async start(server: StartedServer, browser: Browser, watch: (page: Page) => void): Promise<InBrowser> {
    const open = async (context?: BrowserContext) => {
      const page = await (context ?? (await browser.newContext())).newPage();
      watch(page);
      await page.goto(context === undefined ? await server.newLink() : server.url);
      return connected(page);
    };
    return new InBrowser(server, await open(), open);
  }

  get dataDir(): string {
    return this.#server.dataDir;
  }

  get page(): Page {
    return this.window.page;
  }

  get printed(): string {
    return this.#server.process.stdout + this.#server.process.stderr;
  }

  /** Of somebody else, so to speak: signed in by itself. */
  another(): Promise<Window> {
    return this.#open();
  }

  beside(): Promise<Window> {
    return this.#open(this.page.context());
  }

  async crash(): Promise<void> {
    await this.#server.kill('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.#server.restart();
    await connected(this.page);
  }

  async stop(): Promise<void> {
    await this.#server.kill('SIGINT');
  }

  async gateway(): Promise<string> {
    return this.#server.url;
  }

  copied(): Promise<string> {
    return clipboardOf(this.page);
  }

  async close(): Promise<void> {
    for (const context of this.page.context().browser()?.contexts() ?? []) await context.close();
  }
}
