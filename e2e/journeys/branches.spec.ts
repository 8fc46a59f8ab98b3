import { expect, oneProvider, test } from '../support/test.ts';

test('another try begins a branch, which is named, compared, gone on with and forked', async ({ start, ai }) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  const answered = async (text: string, ask: () => Promise<void>) => {
    const answer = ai.hold();
    await ask();
    await answer.say(text);
    await answer.end();
    await expect(window.text()).toHaveText(text);
  };
  await answered('A loop.', () => window.ask('How do I wait?'));
  const branch = page.getByRole('button', { name: /^Branch: / });
  await expect(branch).toBeHidden();
  await window.answer.hover();
  await answered('A queue.', () => window.answer.getByRole('button', { name: 'Retry', exact: true }).click());

  await branch.click();
  const list = page.getByRole('dialog', { name: 'Branches' });
  await list.getByRole('button', { name: 'Name branch 2' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('with a queue');
  await page.keyboard.press('Enter');
  await expect(branch).toHaveText('with a queue');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Side by side', exact: true }).click();
  const beside = page.getByRole('region', { name: 'Two branches side by side' });
  await expect(beside).toContainText('How do I wait?');
  const [left, right] = [beside.getByRole('region', { name: 'Left' }), beside.getByRole('region', { name: 'Right' })];
  await expect(left.getByRole('article')).toContainText(['A queue.']);
  await expect(right.getByRole('article')).toContainText(['A loop.']);
  await page.keyboard.press('Escape');
  await expect(window.text()).toHaveText('A queue.');
  await page.getByRole('button', { name: 'Side by side with the try before' }).click();
  await left.getByRole('button', { name: 'Go on with this' }).click();
  await expect(window.text()).toHaveText('A loop.');
  await expect(branch).toHaveText('main');

  await window.answer.hover();
  await window.answer.getByRole('button', { name: 'More for this answer' }).click();
  await page.getByRole('menuitem', { name: 'Fork from here' }).click();
  await expect(page.getByRole('link', { name: 'forked from How do I wait?' })).toBeVisible();
  await expect(window.text()).toHaveText('A loop.');
  await expect(window.sessions.getByRole('link', { name: 'How do I wait?' })).toHaveCount(2);
  await answered('Then sleep.', () => window.ask('And then?'));
  await page.getByRole('link', { name: 'forked from How do I wait?' }).click();
  await expect(window.answers).toHaveCount(1);
});
