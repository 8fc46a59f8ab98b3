import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { StartedServer } from '../../src-main/hosts/headless/testing/process.ts';
import { startTestServer, type TestServer } from '../../src-main/providers/testing/server.ts';
import { type Choragus, connected, InBrowser, type StartOptions } from './choragus.ts';
import { electron, OnDesktop, standIn } from './desktop.ts';
import { type Dialect, HeldAnswer } from './held-answer.ts';
import { Program } from './program.ts';
import type { Window } from './window.ts';

export { expect } from '@playwright/test';

/** The built command, as `npm start` runs it. */
const program = join(import.meta.dirname, '../../bin/choragus.mjs');

type ServeOptions = Partial<Parameters<typeof StartedServer.start>[0]>;

export interface Ai extends TestServer {
  /** The next request is answered by hand. */
  hold(dialect?: Dialect): HeldAnswer;
}

export interface Options {
  /** What the journeys go through. */
  shell: 'browser' | 'stand-in' | 'electron';
}

interface Shared extends Options {
  /** Launched when it is first wanted: a desktop needs none. */
  launched: () => Promise<Browser>;
}

interface Journey {
  /** Starts Choragus with a data folder of its own and opens its window; it ends after the test, and in good order. */
  start: (options?: StartOptions) => Promise<Choragus>;
  /** As `start`, for what there is on a desktop only. */
  startDesktop: (options?: StartOptions) => Promise<OnDesktop>;
  /** Starts the headless shell on a free port with a data folder of its own; it ends after the test, and in good order. */
  serve: (options?: ServeOptions) => Promise<StartedServer>;
  /** An AI service that does what the test tells it to. */
  ai: Ai;
  /** An AI service that somebody else wrote. */
  foreign: LLMock;
  /** A program with this name connects at a gateway with an access token; it ends after the test. */
  program: (url: string, token: string, name: string) => Program;
  /** Signs a page in (the test's own, or a new one of another browser) and shows the conversations. */
  open: (server: StartedServer, page?: Page) => Promise<Window>;
  /** What a page may complain about on its console in this test; anything else fails it. */
  allowed: RegExp;
  watch: (page: Page) => void;
}

export const test = base.extend<Journey, Shared>({
  allowed: [/(?!)/, { option: true }],
  shell: ['browser', { option: true, scope: 'worker' }],

  launched: [
    async ({ playwright }, use) => {
      let browser: Promise<Browser> | undefined;
      await use(() => {
        browser ??= playwright.chromium.launch();
        return browser;
      });
      await (await browser)?.close();
    },
    { scope: 'worker' },
  ],

  start: async ({ shell, launched, serve, startDesktop, watch }, use) => {
    const started: InBrowser[] = [];
    await use(async (options) => {
      if (shell !== 'browser') return startDesktop(options);
      const choragus = await InBrowser.start(await serve(options), await launched(), watch);
      started.push(choragus);
      return choragus;
    });
    for (const choragus of started) await choragus.close();
  },

  startDesktop: async ({ shell, watch }, use) => {
    const started: OnDesktop[] = [];
    await use(async (options = {}) => {
      const desktop = new OnDesktop(shell === 'electron' ? electron : standIn, configured(options), watch);
      started.push(desktop);
      await desktop.restart();
      return desktop;
    });
    for (const desktop of started) {
      await desktop.stop();
      expect([0, null]).toContain(await desktop.ended);
      desktop.remove();
    }
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what is needed
  serve: async ({}, use) => {
    const started: StartedServer[] = [];
    await use(async (options = {}) => {
      const server = await StartedServer.start({ program, ...configured(options) });
      started.push(server);
      return server;
    });
    for (const server of started) expect([0, null]).toContain((await server.stop()).code);
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  ai: async ({}, use) => {
    const server = await startTestServer();
    const hold = (dialect: Dialect = 'openai') => {
      const answer = new HeldAnswer(dialect);
      server.next(answer.act);
      return answer;
    };
    await use({ ...server, hold });
    await server.close();
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  foreign: async ({}, use) => {
    const server = new LLMock({ port: 0, logLevel: 'silent' });
    await server.start();
    await use(server);
    await server.stop();
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  program: async ({}, use) => {
    const started: Program[] = [];
    await use((url, token, name) => {
      const program = new Program({ url, token, name });
      started.push(program);
      return program;
    });
    for (const program of started) program.close();
  },

  watch: async ({ allowed }, use) => {
    const complaints: string[] = [];
    await use((page) => {
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          complaints.push(`${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
    });
    expect(complaints.filter((text) => !allowed.test(text))).toEqual([]);
  },

  page: async ({ page, watch }, use) => {
    watch(page);
    await use(page);
  },

  open: async ({ page: own, watch }, use) => {
    await use(async (server, page = own) => {
      if (page !== own) watch(page);
      await page.goto(page === own ? server.link : await server.newLink());
      return connected(page);
    });
  },
});

/** Nobody looks for what else runs on this computer, unless the test says so. */
const configured = <Options extends { config?: unknown }>(options: Options) => ({
  ...options,
  config: { localServices: false, ...(options.config as object | undefined) },
});

/** What a browser writes on the console while the server is away: failed sockets, and the question why they failed. */
export const away = /^WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|\/rpc\)$/;

export interface Setting {
  dialect?: Dialect;
  stallMs?: number;
  retries?: number;
  /** The provider is asked for its models when absent. */
  models?: string[] | undefined;
}

/** A configuration with one provider. */
export function oneProvider(url: string, setting: Setting = {}) {
  const { dialect = 'openai', stallMs = 60_000, retries = 3 } = setting;
  const models = 'models' in setting ? setting.models : ['test-model'];
  const kind = dialect === 'openai' ? 'openai-compatible' : 'anthropic';
  return {
    providers: [{ id: 'local', name: 'Local AI', kind, baseUrl: `${url}/v1`, ...(models && { models }) }],
    limits: { stallMs, retries },
  };
}
