import { expect, oneProvider, test } from './support/test.ts';

test('two browsers see the same stream, the same end, and the same new title', async ({ serve, ai, open, browser }) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const one = await open(server);
  const context = await browser.newContext();
  const two = await open(server, await context.newPage());
  const answer = ai.hold();
  await one.ask('Who is here?');
  await answer.say('Both ');
  await two.session('Who is here?').click();
  for (const window of [one, two]) await expect(window.text()).toHaveText('Both');
  await answer.say('of ', 'you.');
  for (const window of [one, two]) await expect(window.text()).toHaveText('Both of you.');
  await two.stop.click();
  await answer.closed;
  for (const window of [one, two]) await expect(window.answer).toContainText('stopped after');

  await one.session('Who is here?').press('F2');
  await one.page.getByRole('textbox', { name: 'Title' }).fill('A roll call');
  await one.page.getByRole('textbox', { name: 'Title' }).press('Enter');
  for (const window of [one, two]) {
    await expect(window.session('A roll call')).toBeVisible();
    await expect(window.page.getByRole('heading', { name: 'A roll call' })).toBeVisible();
  }
  await context.close();
});
