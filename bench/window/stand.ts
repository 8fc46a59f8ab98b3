import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { Client } from '#shared/wire/client.ts';
import { findBrowser } from '../../e2e/support/browser.ts';
import { end, helper } from '../harness/child.ts';
import { configure, startServer } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import type { Behaviour } from '../streaming/behaviours.ts';
import { newId } from '../streaming/conversation.ts';

/** A window of the built server in a headless browser, an empty page beside it, and a client that sends. */
export interface Stand {
  browser: Browser;
  page: Page;
  empty: Page;
  client: Client;
  end(): Promise<void>;
}

export async function newStand(): Promise<Stand> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('This needs a browser: install Chromium or Chrome.');
  const provider = await helper<{ port: number }>(join(import.meta.dirname, '../streaming/provider.ts'));
  const dataDir = newFolder();
  configure(dataDir, provider.said.port);
  const server = await startServer(dataDir);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--enable-precise-memory-info'],
  });
  const viewport = { width: 1280, height: 800 };
  const page = await browser.newPage({ viewport });
  await page.goto(await server.link());
  await page.waitForURL(({ pathname }) => pathname === '/');
  return {
    browser,
    page,
    empty: await browser.newPage({ viewport }),
    client: server.client(),
    async end() {
      await browser.close();
      await server.end();
      await end(provider.process);
    },
  };
}

/** Shows this session in the window. */
export const show = (page: Page, session: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, `#/conversations/${session}`);

/** Lets new sessions stream, shows the first of them, and waits until all flow; then nobody follows but the window. */
export async function stream({ page, client }: Stand, sessions: number, model: Behaviour) {
  const all = await Promise.all(Array.from({ length: sessions }, () => begin(client)));
  await show(page, all[0]!.session);
  const stops = await Promise.all(all.map(({ send }) => send(model)));
  await Promise.all(all.map(({ flows }) => flows));
  return { stop: () => Promise.all(stops.map((stop) => stop())) };
}

/** A new session, followed until so many parts have come. */
async function begin(client: Client) {
  const session = newId();
  const { promise: flows, resolve, reject } = Promise.withResolvers<void>();
  let parts = 0;
  await client.call('sessions.create', { command: newId(), session });
  const follow = client.follow(
    'session.follow',
    () => ({ session }),
    (items) => {
      parts += items.filter((item) => item.kind === 'event' && item.event.type === 'turn.part').length;
      if (parts < 50) return;
      follow.close();
      resolve();
    },
    { onProblem: reject },
  );
  return {
    session,
    flows,
    /** Resolves with what stops the answer. */
    async send(model: Behaviour) {
      const to = { provider: 'bench', model };
      const sent = { command: newId(), session, message: newId(), text: model, to };
      const { turn } = await client.call('messages.send', sent);
      return () => client.call('turns.stop', { command: newId(), session, turn: turn! });
    },
  };
}
