import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { FORMAT, type SessionFile } from '../../src-main/engines/transfer/format.ts';
import { expect, oneProvider, test } from '../support/test.ts';

/** Lets files hang over the window, or drops them on it. */
async function drag(page: Page, type: 'dragenter' | 'drop', files: { name: string; text: string }[]): Promise<void> {
  const data = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, text } of given) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent('body', type, { dataTransfer: data });
}

async function downloaded(page: Page, by: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all<[Promise<Download>, Promise<void>]>([page.waitForEvent('download'), by()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test.describe('a conversation', () => {
  test('goes into a file from its menu, and comes back from one that is dropped on the window', async ({
    start,
    ai,
  }) => {
    const { window, page } = await start({ config: oneProvider(ai.url) });
    const answer = ai.hold();
    await window.ask('Who led the chorus?');
    await answer.say('The **choragus** did.');
    await answer.end();
    await expect(window.text()).toHaveText('The choragus did.');

    const file = await downloaded(page, async () => {
      await window.session('Who led the chorus?').focus();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menuitem', { name: 'Export as' }).click();
      await page.getByRole('menuitem', { name: 'JSON' }).click();
    });
    expect(file.name).toBe('Who led the chorus.json');
    const content = JSON.parse(file.text) as SessionFile;
    expect(content).toMatchObject({ format: FORMAT, version: 1, session: { title: 'Who led the chorus?' } });
    expect(content.nodes.map(({ text }) => text)).toEqual(['Who led the chorus?', 'The **choragus** did.']);

    content.session.title = 'Of another computer';
    const dropped = [
      { name: 'other.json', text: JSON.stringify(content) },
      { name: 'photo.png', text: 'no export' },
    ];
    await drag(page, 'dragenter', dropped);
    await expect(page.getByText('Drop to import sessions')).toBeVisible();
    await drag(page, 'drop', dropped);
    await expect(page.getByText('Drop to import sessions')).toBeHidden();
    await expect(window.session('Of another computer')).toBeVisible();

    await window.status.getByRole('button', { name: 'photo.png is no export of Choragus.' }).click();
    const jobs = page.getByRole('dialog', { name: 'Jobs' });
    await expect(jobs).toContainText('Choose a .json file, or a .zip of them, that Choragus exported.');
    await expect(jobs).toContainText('1 session imported');
    await jobs.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('heading', { name: 'Of another computer', level: 1 })).toBeVisible();
    await expect(window.text()).toHaveText('The choragus did.');
  });

  test('of a file that is broken is not there; the old ones are', async ({ start, ai }) => {
    const { window, page } = await start({ config: oneProvider(ai.url) });
    const answer = ai.hold();
    await window.ask('Stays');
    await answer.say('Yes.');
    await answer.end();
    await drag(page, 'drop', [
      { name: 'cut.json', text: `{"format": "${FORMAT}", "version": 1, "session": {"title": "Lo` },
    ]);
    const told = window.status.getByRole('button', {
      name: 'cut.json, session: the file ends here, in the midst of it.',
    });
    await expect(told).toBeVisible({ timeout: 15_000 });
    await told.click();
    await expect(page.getByRole('dialog', { name: 'Jobs' })).toContainText('Nothing was imported.');
    await page.keyboard.press('Escape');
    await expect(told).toBeHidden();
    await expect(window.sessions.getByRole('link')).toHaveText([/^Stays/]);
  });

  test('goes with all others into a zip, by keyboard alone', async ({ start, ai }) => {
    const { window, page } = await start({ config: oneProvider(ai.url) });
    for (const title of ['One', 'Two']) {
      const answer = ai.hold();
      await window.begin();
      await window.ask(title);
      await answer.say('Yes.');
      await answer.end();
      await expect(window.text()).toHaveText('Yes.');
    }
    const file = await downloaded(page, async () => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('export all');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog', { name: 'Export all sessions' })).toBeVisible();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    });
    expect(file.name).toMatch(/^choragus-\d{4}-\d\d-\d\d\.zip$/);
    expect(file.text.startsWith('PK')).toBe(true);
    expect(file.text).toContain('One.md');
    expect(file.text).toContain('Two.md');
  });
});
