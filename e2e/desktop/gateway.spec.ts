import { join } from 'node:path';
import { CommandProcess } from '../../src-main/hosts/headless/testing/process.ts';
import { connected } from '../support/choragus.ts';
import { away, expect, oneProvider, test } from '../support/test.ts';

// What a browser writes while it is not signed in, and when the gateway is switched off below it.
test.use({ allowed: new RegExp(`status of 401|${away.source}`) });

const program = join(import.meta.dirname, '../../bin/choragus.mjs');

test('with the gateway on a browser signs in by a link and sees the same live session; switched off, the window goes on', async ({
  startDesktop,
  launched,
  watch,
  ai,
}) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  const { window, page, dataDir } = desktop;
  await window.settings('Gateway');
  await expect(page.getByText('It is off.')).toBeVisible();
  await page.getByRole('spinbutton', { name: 'Port' }).fill('0');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('switch', { name: 'Use the gateway' }).click();
  const shown = page.getByText(/^http:\/\/127\.0\.0\.1:\d+$/);
  await expect(shown).toBeVisible();
  const url = await shown.innerText();

  const context = await (await launched()).newContext();
  const there = await context.newPage();
  watch(there);
  await there.goto(url);
  await expect(there.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(there.getByText(`npm start link -- --data-dir ${dataDir}`)).toBeVisible();
  const [link] = await new CommandProcess([program, 'link', '--data-dir', dataDir]).lines(1);
  await there.goto(link!);
  const browser = await connected(there);

  await page.getByRole('link', { name: 'Conversations' }).click();
  const answer = ai.hold();
  await window.ask('Who is here?');
  await answer.say('Both ');
  await browser.session('Who is here?').click();
  await expect(browser.text()).toHaveText('Both');
  await answer.say('of ');
  for (const each of [window, browser]) await expect(each.text()).toHaveText('Both of');

  await window.settings('Gateway');
  await page.getByRole('switch', { name: 'Use the gateway' }).click();
  await expect(browser.status).toContainText('Reconnecting');
  await expect(page.getByText('It is off.')).toBeVisible();
  await page.getByRole('link', { name: 'Conversations' }).click();
  await answer.say('you.');
  await answer.end();
  await expect(window.text()).toHaveText('Both of you.');
  await expect(browser.text()).toHaveText('Both of');
  await context.close();
});
