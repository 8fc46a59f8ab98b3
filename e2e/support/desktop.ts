import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type BrowserContext, chromium, expect, type Page } from '@playwright/test';
import type * as Electron from 'electron';
import { findBrowser, findElectron } from './browser.ts';
import { type Choragus, clipboardOf, connected, type StartOptions } from './choragus.ts';
import type { Window } from './window.ts';

const root = join(import.meta.dirname, '../..');
/** The built main process. */
const main = join(root, 'out/main/desktop.js');
const register = join(root, 'e2e/electron-stand-in/register.ts');

/** What runs in the main process gets Electron, or what stands in for it, and one argument. */
type Run = <R, A>(run: (electron: typeof Electron, argument: A) => R | Promise<R>, argument: A) => Promise<R>;

interface Started {
  process: ChildProcess;
  /** All windows are pages of it. */
  context: BrowserContext;
  run: Run;
  /** From now on windows open. */
  begin(): void;
  /** After the process has ended: nobody uses the data folder any longer. */
  left: Promise<unknown>;
}

export interface Launcher {
  program: string;
  /** Those before Choragus' own. */
  args: string[];
  launch(args: string[], env: Record<string, string>): Promise<Started>;
}

export const standIn: Launcher = {
  program: process.execPath,
  args: ['--import', register, main],
  async launch(args, env) {
    const child = spawn(this.program, [...this.args, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const answers = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
    let asked = 0;
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr!.on('data', (data) => (said += data));
      child.once('close', (code) => {
        const error = `The stand-in ended with ${code}.\n${said}`;
        reject(new Error(error));
        for (const answer of answers.values()) answer({ error });
      });
      child.on('message', (message: { address: string } | { id: number; value?: unknown; error?: string }) => {
        if ('address' in message) resolve(message.address);
        else answers.get(message.id)?.(message);
      });
    });
    const browser = await chromium.connectOverCDP(address);
    const run: Run = async (source, argument) => {
      const id = ++asked;
      const answered = new Promise<{ value?: unknown; error?: string }>((resolve) => answers.set(id, resolve));
      child.send({ id, source: String(source), argument });
      const { value, error } = await answered;
      if (error !== undefined) throw new Error(error);
      return value as never;
    };
    const left = new Promise((resolve) => browser.on('disconnected', resolve));
    return { process: child, context: browser.contexts()[0]!, run, begin: () => child.send({}), left };
  },
};

export const electron: Launcher = {
  program: findElectron() ?? '',
  // The sandbox of Chromium does not start for root.
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), main],
  async launch(args, env) {
    const app = await _electron.launch({ executablePath: this.program, args: [...this.args, ...args], env });
    const run = app.evaluate.bind(app) as unknown as Run;
    const left = new Promise<void>((resolve) => app.once('close', () => resolve()));
    return { process: app.process(), context: app.context(), run, begin: () => {}, left };
  },
};

/** The desktop shell, at a real Electron or at what stands in for it. */
export class OnDesktop implements Choragus {
  readonly sealsKeys = true;
  readonly dataDir: string;
  printed = '';
  /** Resolves with the code when the process has ended. */
  ended!: Promise<number | null>;
  window!: Window;
  readonly #launcher: Launcher;
  readonly #watch: (page: Page) => void;
  readonly #folder = mkdtempSync(join(tmpdir(), 'choragus-desktop-'));
  readonly #args: string[];
  readonly #env: Record<string, string>;
  #started: Started | undefined;

  constructor(launcher: Launcher, { config, env }: StartOptions, watch: (page: Page) => void) {
    this.#launcher = launcher;
    this.#watch = watch;
    this.dataDir = join(this.#folder, 'data');
    this.#args = ['--data-dir', this.dataDir];
    const { NODE_OPTIONS: _, CHORAGUS_TOKEN: __, ...inherited } = process.env as Record<string, string>;
    const own = { STAND_IN_BROWSER: findBrowser() ?? '', STAND_IN_KEYRING: join(this.#folder, 'keyring') };
    this.#env = { ...inherited, ...own, ...env };
    if (config === undefined) return;
    const file = join(this.#folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    this.#args.push('--config', file);
  }

  get page(): Page {
    return this.window.page;
  }

  get #live(): Started {
    if (this.#started === undefined) throw new Error('It has not started.');
    return this.#started;
  }

  /** The pages of all windows, the oldest first. */
  get pages(): Page[] {
    return this.#live.context.pages().filter((page) => page.url() !== 'about:blank');
  }

  readonly run: Run = (source, argument) => this.#live.run(source, argument);

  async restart(): Promise<void> {
    const started = await this.#launcher.launch(this.#args, this.#env);
    this.#started = started;
    const { process: child, context, left } = started;
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    this.ended = Promise.all([ended, left]).then(([code]) => code);
    child.stdout?.on('data', (data) => (this.printed += data));
    child.stderr?.on('data', (data) => (this.printed += data));
    for (const page of this.pages) this.#watch(page);
    context.on('page', this.#watch);
    this.window = await this.opened(() => started.begin());
  }

  /** The window that opens by what is done. */
  async opened(act: () => unknown): Promise<Window> {
    const before = this.pages;
    const other = () => this.pages.find((page) => !before.includes(page));
    await act();
    await expect.poll(other, { timeout: 10_000 }).toBeDefined();
    return connected(other()!);
  }

  /** Clicks what the menus of the app have under this name. */
  async menu(label: string): Promise<void> {
    await this.run(({ Menu }, wanted) => {
      const inside = (items: Electron.MenuItem[]): Electron.MenuItem[] =>
        items.flatMap((item) => [item, ...inside(item.submenu?.items ?? [])]);
      inside(Menu.getApplicationMenu()!.items)
        .find((item) => item.label === wanted)!
        .click();
    }, label);
  }

  another(): Promise<Window> {
    return this.opened(() => this.menu('New window'));
  }

  beside(): Promise<Window> {
    return this.another();
  }

  /** The same command once more while this one runs; resolves with its code when it has ended. */
  async startAgain(): Promise<number | null> {
    const { program, args } = this.#launcher;
    const child = spawn(program, [...args, ...this.#args], { env: this.#env, stdio: 'ignore' });
    return new Promise((resolve) => child.once('close', resolve));
  }

  async crash(): Promise<void> {
    this.#live.process.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<void> {
    this.#started?.process.kill('SIGINT');
    await this.ended;
  }

  async gateway(): Promise<string> {
    const { page, window } = this;
    await window.settings('Gateway');
    const save = async (port: string) => {
      await page.getByRole('spinbutton', { name: 'Port' }).fill(port);
      await window.button('Save').click();
      await expect(window.button('Save')).toBeHidden();
    };
    await save('0');
    await page.getByRole('switch', { name: 'Use the gateway' }).click();
    const url = await page.getByText(/^http:\/\/127\.0\.0\.1:\d+$/).innerText();
    // The one that was free stays the same through a restart.
    await save(new URL(url).port);
    return url;
  }

  copied(): Promise<string> {
    // The app itself lets nobody read the clipboard.
    return this.#launcher === electron
      ? this.run(({ clipboard }) => clipboard.readText(), null)
      : clipboardOf(this.page);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
