import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { connected } from '../support/choragus.ts';
import { away, expect, oneProvider, test } from '../support/test.ts';

test.use({ allowed: away });

test('what is done while Choragus is away outlives the page and the whole browser, and takes effect once', async ({
  serve,
  ai,
  playwright,
  launchOptions,
  watch,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'choragus-browser-'));
  const launch = () => playwright.chromium.launchPersistentContext(folder, launchOptions);
  const server = await serve({ config: oneProvider(ai.url) });
  let browser: BrowserContext = await launch();
  const open = async (address: string) => {
    const page = await browser.newPage();
    watch(page);
    await page.goto(address);
    return connected(page);
  };
  const window = await open(server.link);
  const answer = ai.hold();
  await window.ask('First');
  await answer.say('One. ');
  await window.ask('Second');
  const queued = window.queue.getByRole('listitem');
  await expect(queued.getByRole('button', { name: 'Edit' })).toBeVisible();
  await server.kill('SIGKILL');
  await expect(window.status).toContainText('Reconnecting');

  await window.session('First').press('F2');
  await window.page.getByRole('textbox', { name: 'Title' }).fill('Written in the dark');
  await window.page.getByRole('textbox', { name: 'Title' }).press('Enter');
  // It is seen at once, although nobody has heard of it.
  await expect(window.session('Written in the dark')).toBeVisible();
  await expect(window.page.getByRole('heading', { name: 'Written in the dark', level: 1 })).toBeVisible();
  await queued.getByRole('button', { name: 'Edit' }).click();
  await window.page.getByRole('textbox', { name: 'Edit message' }).fill('Second, in other words');
  await queued.getByRole('button', { name: 'Save' }).click();
  await expect(queued).toContainText(/Second, in other words.*kept here/);
  await window.begin();
  await window.ask('Elsewhere');
  await expect(window.own).toContainText('kept here');
  await browser.close();

  const elsewhere = ai.hold();
  await server.restart();
  browser = await launch();
  const back = await open(server.url);
  await elsewhere.say('Here.');
  await elsewhere.end();
  await back.session('Elsewhere').click();
  await expect(back.text()).toHaveText('Here.');
  await expect(back.own).toHaveCount(1);
  await back.session('Written in the dark').click();
  await expect(back.queue.getByRole('listitem')).toHaveText(/Second, in other words/);
  await expect(back.sessions.getByRole('link')).toHaveCount(2);
  // The one that was interrupted, and the one that was kept.
  expect(ai.requests).toHaveLength(2);
  // Nothing is left to be sent: another start changes nothing.
  await back.session('Written in the dark').press('F2');
  await back.page.getByRole('textbox', { name: 'Title' }).fill('Written in the light');
  await back.page.getByRole('textbox', { name: 'Title' }).press('Enter');
  await expect(back.session('Written in the light')).toBeVisible();
  await browser.close();
  browser = await launch();
  const again = await open(server.url);
  await expect(again.session('Written in the light')).toBeVisible();
  await expect(again.sessions.getByRole('link')).toHaveCount(2);
  expect(ai.requests).toHaveLength(2);
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});
