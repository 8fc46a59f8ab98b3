import { expect, oneProvider, test } from '../support/test.ts';

test('what was said anywhere is found as one types, and opened where it was said, on another branch too', async ({
  start,
  ai,
}) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  const { keyboard } = page;
  const answered = async (text: string, ask: () => Promise<void>) => {
    const answer = ai.hold();
    await ask();
    await answer.say(text);
    await answer.end();
    await expect(window.text()).toHaveText(text);
  };
  await answered('A loop with a Pause.', () => window.ask('How do I wait?'));
  await window.answer.hover();
  await answered('A queue.', () => window.answer.getByRole('button', { name: 'Retry', exact: true }).click());
  await window.begin();
  await answered('In spring, after a short pause.', () => window.ask('When do I prune roses?'));

  const field = page.getByRole('combobox', { name: 'Search everything' });
  const hits = page.getByRole('listbox', { name: 'What was found' }).getByRole('option');
  await page.getByRole('button', { name: 'Search everything' }).click();
  await expect(field).toBeFocused();
  await expect(page.getByRole('dialog', { name: 'Search everything' })).toContainText(
    'Case and accents do not matter.',
  );
  await keyboard.type('paus');
  // The index may be a moment behind what was said.
  await expect(async () => {
    await field.fill('pau');
    await field.fill('paus');
    await expect(hits).toHaveCount(2, { timeout: 500 });
  }).toPass();
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true');
  await expect(hits.filter({ hasText: 'How do I wait?' })).toContainText('another branch');
  await expect(hits.locator('mark')).toHaveText(['Pause', 'pause']);

  await field.fill('"short pause"');
  await expect(hits).toHaveCount(1);
  await field.fill('pause loop');
  await expect(hits).toHaveCount(1);
  await expect(hits.first()).toContainText('A loop with a Pause.');
  await keyboard.press('Enter');
  await expect(field).toBeHidden();
  await expect(page.getByRole('heading', { name: 'How do I wait?', level: 1 })).toBeVisible();
  await expect(window.text()).toHaveText('A loop with a Pause.');

  await keyboard.press('Control+f');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('pause loop');
  await keyboard.type('pause');
  await expect(hits).toHaveCount(2);
  await page.getByLabel('Who').selectOption('You');
  await expect(page.getByRole('dialog')).toContainText('Nothing found for pause with these filters.');
  await page.getByRole('dialog').getByRole('button', { name: 'Search everything' }).click();
  await expect(hits).toHaveCount(2);
  await page.getByRole('button', { name: 'This session' }).click();
  await expect(hits).toHaveCount(1);
  await keyboard.press('Escape');
  await expect(field).toBeHidden();
});
