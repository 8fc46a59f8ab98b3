import { expect, test } from '../support/test.ts';

const minutes = `The release is called Bluebird. Bluebird ships on Thursday at noon, when the harbour office is open.
Nobody has tested the printer of Bluebird yet. The printer stands in the cellar. Anna looks after it on Wednesday. The
team meets again on Friday.`;

test('without any model some specialists answer at once and say that no language model is at work', async ({
  start,
}) => {
  const { window, page } = await start();
  await expect(page.getByRole('heading', { name: 'No language model yet' })).toBeVisible();
  const examples = page.getByRole('list', { name: 'Examples' });

  await examples.getByRole('button', { name: /^Sophia/ }).click();
  await expect(window.message).toBeFocused();
  await window.message.press('Enter');
  await expect(window.answer).toContainText('No language model is at work');
  await expect(window.answer).toContainText('offline model');
  await expect(window.answer).toContainText(/done in \d/);

  await window.begin();
  await window.choose('Sophia');
  await window.ask(`Summarise in two sentences: ${minutes}`);
  await expect(window.answer).toContainText('Bluebird');
  const source = page.url();

  await window.begin();
  await window.choose('Engram');
  await window.ask('What did we say about Bluebird?');
  await expect(window.answer).toContainText('No language model is at work');
  await expect(window.answer.getByRole('blockquote').first()).toContainText('Bluebird');
  await window.answer
    .getByRole('link', { name: /Bluebird/ })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`^${source}/.+`));
  const quoted = window.own.filter({ hasText: 'Bluebird' });
  await expect(quoted).toBeInViewport();
  await expect(quoted).toBeFocused();
});

test('an address of no conversation leads to a new one', async ({ start }) => {
  const { window, page } = await start();
  await page.goto(`${page.url()}#/conversations/0190aaaa-0000-7000-8000-000000000000`);
  await expect(page.getByRole('alert')).toContainText('There is no conversation at this address.');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(window.message).toBeFocused();
});
