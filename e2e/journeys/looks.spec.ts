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
    const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']);
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
  await page.keyboard.press('Escape');
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
