import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { json } from '../../src-main/providers/testing/server.ts';
import { openaiWhole } from '../../src-main/providers/testing/streams.ts';
import { expect, oneProvider, test } from '../support/test.ts';

const schemes = ['light', 'dark'] as const;

/** Looks at the page in both themes with axe, and leaves a picture of each. */
async function look(page: Page, name: string, info: TestInfo) {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    // In the dark nothing but the colours is another one.
    if (colorScheme === 'light') axe.withTags(['wcag2a', 'wcag2aa', 'wcag22aa']);
    else axe.withRules(['color-contrast', 'link-in-text-block']);
    // There are no frames; otherwise it would open a page of its own, which takes the focus along.
    const { violations } = await axe.setLegacyMode().analyze();
    const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }));
    expect({ name, colorScheme, found }).toEqual({ name, colorScheme, found: [] });
    await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`) });
  }
}

test('an empty window, the picker and the dialog are without fault for axe, light and dark', async ({
  start,
}, info) => {
  const { page } = await start();
  await expect(page.getByRole('heading', { name: 'No language model yet' })).toBeVisible();
  await look(page, 'empty', info);
  await page.getByRole('button', { name: /^Specialist or model/ }).click();
  await expect(page.getByRole('combobox')).toBeFocused();
  await look(page, 'picker', info);
  await page.getByRole('combobox').press('Escape');
  await expect(page.getByRole('combobox')).toBeHidden();
  await page.getByRole('button', { name: 'Connect a model' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look(page, 'dialog', info);
});

test('a conversation in all its states is without fault for axe, light and dark', async ({ start, ai }, info) => {
  const { window, page } = await start({ config: oneProvider(ai.url, { models: ['test-model', 'whole-model'] }) });
  const done = ai.hold();
  await window.ask('Show `code`');
  await done.say(
    'Here:\n\n```ts\nconst one = 1; // the first\n```\n\n',
    '```diff\n-old\n+new\n```\n\n',
    '> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
  );
  await done.end();
  await expect(window.answer.locator('.tone-key').first()).toBeVisible();
  await expect(window.answer.locator('.line-add')).toHaveText('+new');

  const broken = ai.hold();
  await window.ask('Break off');
  await broken.say('The first half, ');
  await expect(window.text()).toContainText('first half');
  await broken.reset();
  const seam = ai.hold();
  await window.answer.getByRole('button', { name: 'Continue' }).click();
  await seam.say('and the second.');
  await seam.end();
  await expect(window.answer).toContainText('2 of 2');

  const stopped = ai.hold();
  await window.ask('Stop');
  await stopped.say('Not all of ');
  await window.stop.click();
  await expect(window.answer).toContainText('stopped');

  ai.next(json(openaiWhole('All at once.')));
  await window.choose('whole-model');
  await window.ask('Whole');
  await expect(window.answer).toContainText('buffered');

  await window.choose('Sophia');
  const failed = ai.hold();
  await window.ask('Fail');
  await failed.say('Not ');
  await expect(window.text()).toContainText('Not');
  await failed.reset();
  await expect(window.answer.getByRole('alert')).toBeVisible();

  const running = ai.hold();
  await window.ask('Run');
  await running.say('On the way ');
  await window.ask('And then this');
  await expect(window.queue.getByRole('listitem')).toHaveCount(1);
  await window.message.fill('Half a thought');
  await page.setViewportSize({ width: 1280, height: 1800 });
  await look(page, 'conversation', info);
});

test('the settings, the switcher and the shortcuts are without fault for axe, light and dark', async ({
  start,
  ai,
}, info) => {
  const offer = oneProvider(ai.url, { models: ['test-model', 'other-model'] });
  const broken = { id: 'broken', kind: 'openai-compatible', name: 'Broken', baseUrl: 'http://127.0.0.1:1/v1' };
  const { window, page } = await start({ config: { ...offer, providers: [...offer.providers, broken] } });
  await window.settings('Providers');
  await expect(window.detail('Broken').getByText('Nothing listens at')).toBeVisible();
  await look(page, 'settings-providers', info);
  await page.getByRole('link', { name: 'Add', exact: true }).click();
  const form = window.detail('Add a provider');
  await form.getByLabel('Name').fill('');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form.getByText('Give it a name.')).toBeVisible();
  await look(page, 'settings-add-provider', info);
  await window.settings('Specialists');
  await window.row('Specialists', 'Metis').click();
  await window.detail('Metis').getByLabel('Temperature').fill('warm');
  await window.detail('Metis').getByRole('button', { name: 'Save' }).click();
  await expect(window.detail('Metis').getByText('A number from 0 to 2')).toBeVisible();
  await look(page, 'settings-specialists', info);
  await window.settings('Gateway');
  await page.getByLabel('Name of the new access token').fill('A script');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('It will not be shown again.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Origin of the web page' }).fill('harbour');
  await page.getByRole('textbox', { name: 'Origin of the web page' }).press('Enter');
  await expect(page.getByText('An origin begins with')).toBeVisible();
  await look(page, 'settings-gateway', info);
  await window.settings('Connections');
  await expect(page.getByText('this window')).toBeVisible();
  await look(page, 'settings-connections', info);
  await window.settings('About');
  await expect(page.getByText('react-markdown').first()).toBeAttached();
  await look(page, 'settings-about', info);
  for (const section of ['Appearance', 'Data', 'Shortcuts']) {
    await window.settings(section);
    await expect(page.getByRole('status').filter({ hasText: 'Asking' })).toHaveCount(0);
    await look(page, `settings-${section.toLowerCase().replace(' ', '-')}`, info);
  }
  await page.keyboard.press('Control+p');
  await expect(page.getByRole('combobox')).toBeFocused();
  await look(page, 'switcher', info);
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible();
  await look(page, 'shortcuts', info);
});

test('who else is in a conversation, and the API page, are without fault for axe, light and dark', async ({
  serve,
  ai,
  open,
  page,
  program,
}, info) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  const answer = ai.hold();
  await window.ask('Who is here?');
  await answer.say('We.');
  await program(server.url, server.token, 'nightly-report').open('Who is here?');
  await window.others.focus();
  await expect(page.getByText('Also have this conversation open').first()).toBeVisible();
  await look(page, 'presence', info);

  await page.goto(`${server.url}/api/docs`);
  await expect(page.getByRole('heading', { name: 'Ask a specialist' })).toBeVisible();
  await look(page, 'api', info);
  const send = page.getByRole('button', { name: 'Send' });
  await send.click();
  await expect(page.getByText('This is needed.')).toBeVisible();
  const held = ai.hold();
  await page.getByRole('textbox', { name: /^content/ }).fill('What is a harbour?');
  await send.click();
  await held.say('A port.');
  const events = page.getByRole('region', { name: 'Answer' }).getByRole('listitem');
  await expect(events.last()).toContainText('A port.');
  await events.last().locator('summary').click();
  await look(page, 'api-streaming', info);
  await held.reset();
  await expect(events.last()).toContainText('error');
  await page.setViewportSize({ width: 420, height: 800 });
  await look(page, 'api-narrow', info);
});

test('the history window, its figures and what was sent are without fault for axe, light and dark', async ({
  start,
  ai,
}, info) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  for (const words of ['One.', 'Two.', 'Three.']) {
    const answer = ai.hold();
    await window.ask(`Say ${words}`);
    await answer.say(words);
    await answer.end();
    await expect(window.text()).toHaveText(words);
  }
  await expect(page.getByText('History, 3 exchanges')).toBeVisible();
  await page.getByRole('button', { name: /^History window/ }).click();
  await page.getByRole('radio', { name: 'Last exchanges' }).check();
  const amount = page.getByRole('textbox', { name: 'Exchanges' });
  await amount.fill('2');
  await amount.press('Enter');
  await expect(page.getByRole('button', { name: '4 messages', exact: true })).toBeVisible();
  await look(page, 'history-window', info);
  await page.getByRole('button', { name: 'Forget what came before' }).click();
  await expect(page.getByText('Not sent along before this')).toBeVisible();
  await page.keyboard.press('Escape');
  await window.answer.hover();
  await window.answer.getByRole('button', { name: 'More for this answer' }).click();
  await page.getByRole('menuitem', { name: /^Pin/ }).click();
  await expect(window.answer.getByText('pinned')).toBeVisible();
  await window.answer.hover();
  await window.answer.getByRole('button', { name: 'More for this answer' }).click();
  await page.getByRole('menuitem', { name: 'What was sent…' }).click();
  await expect(page.getByText('Exactly what was sent')).toBeVisible();
  await page.locator('.sent-part summary').first().click();
  await look(page, 'sent', info);
  await page.keyboard.press('Escape');
  await look(page, 'pinned', info);
});

test('the list with its menus, branches and two of them side by side are without fault for axe, light and dark', async ({
  start,
  ai,
}, info) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  for (const text of ['A loop.', 'A queue.']) {
    const answer = ai.hold();
    if (text === 'A loop.') await window.ask('How do I wait?');
    else await window.answer.getByRole('button', { name: 'Retry', exact: true }).click();
    await answer.say(text);
    await answer.end();
    await expect(window.text()).toHaveText(text);
    await window.answer.hover();
  }
  await window.session('How do I wait?').press('Shift+F10');
  await look(page, 'session-menu', info);
  await page.getByRole('menuitem', { name: 'Tags…' }).click();
  await look(page, 'tags', info);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Branch: / }).click();
  await look(page, 'branches', info);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Side by side', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Right' })).toContainText('A loop.');
  await look(page, 'side-by-side', info);
  await page.keyboard.press('Escape');
  await window.session('How do I wait?').press('Delete');
  await expect(window.button('Undo')).toBeVisible();
  await page.getByRole('button', { name: 'What the list shows' }).click();
  await page.getByRole('menuitemradio', { name: /^Trash/ }).click();
  await expect(window.button('Restore')).toBeVisible();
  await look(page, 'trash', info);
  await window.button('Delete for good…').click();
  await expect(page.getByRole('dialog')).toContainText('Backups keep the text');
  await look(page, 'delete', info);
});
